"""Writing notices, changing and ending them; dismissing one. Logged without their words."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from rostra.forum.access.viewer import Viewer
from rostra.forum.boards.queries import VERSION, whole_tree
from rostra.forum.members.actions import keep_dismissed
from rostra.forum.modlog import actions as modlog
from rostra.forum.notices import rules
from rostra.forum.notices.events import NoticeChanged
from rostra.forum.notices.models import Notice
from rostra.forum.notices.queries import not_over
from rostra.forum.notices.rules import Plan
from rostra.kernel import clock, versions
from rostra.kernel.errors import Gathered, Invalid, NotFound
from rostra.kernel.events import emit


@transaction.atomic
def write_notice(viewer: Viewer, plan: Plan, *, reason: str) -> int:
    """Put up a notice; return its id. Raises Refused, Invalid; emits NoticeChanged."""
    _begin(viewer)
    plan, reason = _checked(plan, reason)
    if Notice.objects.filter(not_over(clock.now())).count() >= rules.MOST:
        raise Invalid({"texts": "too_many_notices"})
    notice = Notice(written_by_id=viewer.require_member(), written_at=clock.now())
    _fill(notice, plan)
    notice.save()
    _log("notice.write", viewer, notice, reason)
    return notice.pk


@transaction.atomic
def change_notice(viewer: Viewer, notice_id: int, plan: Plan, *, seen: int, reason: str) -> None:
    """Change a notice that is not over. seen: its edits when whoever changes it saw it.

    Who dismissed it is not shown it again. Raises Refused, NotFound, Invalid; emits NoticeChanged.
    """
    _begin(viewer)
    notice = _notice_that_stands(notice_id)
    if notice.edits != seen:
        raise Invalid({"texts": "setting_changed_meanwhile"})
    if plan.starts_at is None:
        plan = plan._replace(starts_at=notice.starts_at)
    plan, reason = _checked(plan, reason)
    _fill(notice, plan)
    notice.edits += 1
    notice.save()
    _log("notice.change", viewer, notice, reason)


@transaction.atomic
def end_notice(viewer: Viewer, notice_id: int, *, reason: str) -> None:
    """Take a notice down, or one off the plan; raises Refused, NotFound, Invalid.

    Emits NoticeChanged.
    """
    _begin(viewer)
    notice = _notice_that_stands(notice_id)
    reason = modlog.check_reason(reason)
    notice.ends_at = clock.now()
    notice.edits += 1
    notice.save()
    _log("notice.end", viewer, notice, reason)


@transaction.atomic
def dismiss_notice(viewer: Viewer, notice_id: int) -> None:
    """Show a notice to this member no more; raises Refused, and NotFound where it may not be.

    What they dismissed of old is forgotten with it, once it is over.
    """
    member_id = viewer.require_member()
    standing = Notice.objects.filter(not_over(clock.now()))
    found = dict(standing.values_list("id", "is_dismissible"))
    if not found.get(notice_id):
        raise NotFound
    keep_dismissed(member_id, notice_id, found.keys())


def _begin(viewer: Viewer) -> None:
    rules.may_write_notices(viewer).enforce()
    # First, for it locks a row: one change after another. Every request reads this version, and
    # guests' pages rest on it: no page goes on with what was before.
    versions.raise_version(VERSION)


def _checked(plan: Plan, reason: str) -> tuple[Plan, str]:
    gathered = Gathered()
    with gathered:
        plan = rules.checked(
            plan,
            now=clock.now(),
            languages=[code for code, _ in settings.LANGUAGES],
            boards=whole_tree().rows.keys(),
        )
    with gathered:
        reason = modlog.check_reason(reason)
    gathered.enforce()
    return plan, reason


def _notice_that_stands(notice_id: int) -> Notice:
    notice = Notice.objects.filter(id=notice_id).first()
    if notice is None:
        raise NotFound
    if notice.ends_at is not None and notice.ends_at <= clock.now():
        raise Invalid({"texts": "notice_is_over"})
    return notice


def _fill(notice: Notice, plan: Plan) -> None:
    notice.texts, notice.audience = dict(plan.texts), plan.audience
    notice.board_ids, notice.is_dismissible = list(plan.boards), plan.is_dismissible
    notice.starts_at, notice.ends_at = plan.starts_at or clock.now(), plan.ends_at


def _log(kind: str, viewer: Viewer, notice: Notice, reason: str) -> None:
    """Enter what was done: in the place of a board where it is for one, by number and to whom."""
    log_n = modlog.append(
        kind,
        role="administrator",
        reason=reason,
        actor_id=viewer.require_member(),
        board_id=notice.board_ids[0] if notice.board_ids else None,
        facts={"notice": notice.pk, "audience": notice.audience},
    )
    emit(NoticeChanged(notice_id=notice.pk, log_n=log_n))
