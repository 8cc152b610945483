"""Bringing something, choosing a picture beside one's name, and clearing up."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from rostra.content.media import actions as media
from rostra.content.media.actions import Brought
from rostra.content.media.queries import UploadRow, avatar_by, unused_before, upload_of
from rostra.content.media.storage import PARTS
from rostra.forum.access.viewer import Viewer
from rostra.forum.members.actions import keep_avatar
from rostra.forum.members.queries import card_of
from rostra.forum.members.turns import take_turn, wait_for_turn
from rostra.forum.modlog import actions as modlog
from rostra.forum.modlog.queries import kept_before
from rostra.forum.threads.attachments import is_attached
from rostra.forum.threads.composing import drafts_of
from rostra.forum.uploads import queries, rules
from rostra.forum.uploads.events import AvatarChanged, AvatarRemoved, FileUploaded
from rostra.kernel import clock, tries
from rostra.kernel.errors import Invalid, NotFound, Refused, TooMany
from rostra.kernel.events import emit
from rostra.kernel.tries import Rule

UNUSED_FOR = timedelta(hours=24)
CLEARED_AT_ONCE = 500
PACE = (Rule(30, 60), Rule(200, 24 * 60 * 60))  # tries of a member, the failed ones as well


def upload_file(viewer: Viewer, name: str, data: bytes) -> UploadRow:
    """Take a picture or a file in; emits FileUploaded. Nothing shows it yet.

    Raises Refused, TooMany, and Invalid for what cannot be here; then nothing has changed. The
    picture is drawn anew, and all is on the disk, before anybody has to wait for the database.
    """
    rules.may_upload(viewer).enforce()
    member_id = viewer.require_member()
    _check_size(data)
    _take_try(member_id)
    _check_quota(member_id, 0)  # before work is spent on it; once more when it is entered
    brought = media.accept(data, name)
    return _stored(member_id, brought)


def choose_avatar(viewer: Viewer, data: bytes) -> None:
    """Show a square of this picture beside the viewer's name; emits AvatarChanged.

    Raises Refused, TooMany, Invalid; then nothing has changed.
    """
    rules.may_choose_avatar(viewer).enforce()
    member_id = viewer.require_member()
    _check_size(data)
    _take_try(member_id)
    brought = media.accept_avatar(data)
    key = media.store(brought)
    try:
        with transaction.atomic():
            take_turn(member_id)
            _drop_avatar(member_id)
            if (taken := avatar_by(member_id)) is not None:
                media.let_go(taken)  # one that a moderator took away: this takes its place
            row = media.enter(member_id, key, brought)
            media.note_used([row.key])
            keep_avatar(member_id, row.key)
            emit(AvatarChanged(member_id=member_id))
    except BaseException:
        media.withdraw(key, brought)
        raise


@transaction.atomic
def drop_avatar(viewer: Viewer) -> None:
    """Show the letter again; emits AvatarChanged. Without a picture nothing changes."""
    member_id = viewer.require_member()
    take_turn(member_id)
    if _drop_avatar(member_id):
        emit(AvatarChanged(member_id=member_id))


@transaction.atomic
def remove_avatar(viewer: Viewer, member_id: int, reason: str, *, for_good: bool = False) -> None:
    """Take the picture beside another's name away, as a moderator; emits AvatarRemoved.

    It is given to nobody any more, and kept while an appeal could bring it back; for_good: its
    files go at once. The member may choose another. Raises Refused, Invalid, NotFound.
    """
    rules.may_remove_avatar(viewer, member_id, card_of(member_id).avatar).enforce()
    reason = modlog.check_reason(reason)
    wait_for_turn(member_id)
    if not (key := keep_avatar(member_id, "")):
        raise Refused("no_avatar")  # somebody was faster
    if for_good:
        forget_avatar(key)
    log_n = modlog.append(
        "member.avatar_remove",
        role="moderator",
        reason=reason,
        actor_id=viewer.require_member(),
        subject_id=member_id,
        before=None if for_good else key,
        facts={"for_good": True} if for_good else None,
    )
    emit(AvatarRemoved(member_id=member_id, log_n=log_n))


def clear_unused() -> int:
    """Delete what nothing has shown for a day, up to so many; return how many went.

    What somebody's draft holds waits another day. Shown after all means that it stays.
    """
    cleared = 0
    for row in unused_before(clock.now() - UNUSED_FOR, CLEARED_AT_ONCE):
        with transaction.atomic():
            wait_for_turn(row.owner_id)
            if is_attached(row.id):
                media.note_used([row.key])
            elif any(row.key in draft.source for draft in drafts_of(row.owner_id)):
                media.note_unused([row.id])
            else:
                media.let_go(row)
                cleared += 1
    return cleared


def drop_taken() -> int:
    """Delete pictures that moderators took away, once no appeal can bring them back; return how
    many entries of the log keep none any more.
    """
    over = clock.now() - rules.TAKEN_KEPT_FOR
    keys = kept_before("member.avatar_remove", over, CLEARED_AT_ONCE)
    for key in keys:
        with transaction.atomic():
            if not queries.is_avatar(key):
                forget_avatar(key)
            modlog.erase_values([key])
    return len(keys)


def sweep(hour: int) -> int:
    """Delete files without a row in the parts of the storage that are due in an hour of the day."""
    return sum(media.sweep(part) for part in range(PARTS) if part % 24 == hour)


def _stored(member_id: int, brought: Brought) -> UploadRow:
    key = media.store(brought)
    try:
        with transaction.atomic():
            take_turn(member_id)
            _check_quota(member_id, brought.size)
            row = media.enter(member_id, key, brought)
            emit(FileUploaded(upload_id=row.id, owner_id=member_id))
    except BaseException:
        media.withdraw(key, brought)
        raise
    return row


def _check_size(data: bytes) -> None:
    if len(data) > settings.ROSTRA.upload_megabytes * rules.MEGABYTE:
        raise Invalid({"file": "file_too_large"})


def _check_quota(member_id: int, size: int) -> None:
    had, had_today = queries.used_by(member_id)
    quota = queries.quota_of(member_id)
    verdict = rules.fits(quota, max(size, 1), had=had, had_today=had_today)
    if not verdict:
        raise Refused(verdict.reason)


def _take_try(member_id: int) -> None:
    try:
        tries.take({f"upload {member_id}": PACE})
    except TooMany as many:
        raise TooMany(many.seconds, "uploads_too_many") from None


def forget_avatar(key: str) -> None:
    """Delete a picture that stands beside no name any more; "" is none."""
    if key:
        with suppress(NotFound):  # what doctor mends; nobody is to be stuck with it
            media.let_go(upload_of(key))


def _drop_avatar(member_id: int) -> bool:
    key = keep_avatar(member_id, "")
    forget_avatar(key)
    return bool(key)
