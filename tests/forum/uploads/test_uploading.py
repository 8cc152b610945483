"""Bringing pictures and files: who may, how much, who sees them, what becomes of them."""

from __future__ import annotations

import errno
import os
import time
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from rostra.content.media import folder, storage
from rostra.content.media.models import Upload, Usage
from rostra.forum.access.actions import set_access
from rostra.forum.access.presets import table
from rostra.forum.members.models import Member
from rostra.forum.threads.actions.drafts import save_draft
from rostra.forum.threads.actions.posts import (
    bring_back_post,
    edit_post,
    post_reply,
    remove_post,
    withdraw_post,
)
from rostra.forum.threads.actions.profiles import write_profile
from rostra.forum.threads.actions.threads import move_thread, start_thread
from rostra.forum.threads.models import Attachment, Post
from rostra.forum.threads.readable import shown
from rostra.forum.threads.rules import may_read, may_read_post
from rostra.forum.uploads import actions
from rostra.forum.uploads.actions import (
    choose_avatar,
    clear_unused,
    drop_avatar,
    sweep,
    upload_file,
)
from rostra.forum.uploads.queries import avatar_of, file_for
from rostra.forum.uploads.rules import quotas_in
from rostra.kernel.errors import Invalid, NotFound, Refused, TooMany
from rostra.kernel.models import Job
from tests.cast import WHY
from tests.pictures import jpeg, png

pytestmark = pytest.mark.django_db
TEXT = b"Eleven columns of the barrier's log."


@pytest.fixture(autouse=True)
def _of_its_own(tmp_path, settings):
    """A storage that is empty when the test begins."""
    import dataclasses

    settings.ROSTRA = dataclasses.replace(settings.ROSTRA, data=tmp_path)


def configured(settings, **values):
    import dataclasses

    settings.ROSTRA = dataclasses.replace(settings.ROSTRA, **values)


def stored() -> list[str]:
    folder = settings.ROSTRA.data / "uploads"
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def sees(viewer, key) -> bool:
    try:
        return file_for(viewer, key).key == key
    except NotFound:
        return False


def shown_in(cast, key, thread=None, member=None):
    """A post of Hill's that shows a picture."""
    viewer = cast.view(member or cast.hill)
    return post_reply(viewer, (thread or cast.barrier).pk, f"Look: ![The mole](upload:{key})")


def test_what_is_brought_is_seen_by_its_owner_until_a_post_shows_it(cast):
    row = upload_file(cast.view(cast.hill), "mole.png", png(1500, 900))
    assert stored() == [f"{row.key[:2]}/{row.key}{step}" for step in ("", "-1", "-2")]
    assert [sees(cast.view(m), row.key) for m in (cast.hill, cast.quay, cast.mod, None)] == [
        True, False, False, False,
    ]  # fmt: skip
    post = shown_in(cast, row.key)
    assert f'src="/files/{row.key}-1"' in post.html
    assert 'alt="The mole" width="700" height="420" loading="lazy"' in post.html
    assert all(sees(cast.view(m), row.key) for m in (cast.hill, cast.quay, cast.mod, None))
    assert Job.objects.filter(name="uploads.file_uploaded").count() == 1


def test_a_removed_posts_pictures_go_with_it_and_come_back(cast):
    row = upload_file(cast.view(cast.hill), "a.jpg", jpeg(90, 60))
    post = shown_in(cast, row.key)
    remove_post(cast.view(cast.mod), post.pk, WHY)
    assert [sees(cast.view(m), row.key) for m in (None, cast.quay, cast.hill, cast.mod)] == [
        False, False, True, True,
    ]  # fmt: skip
    other = upload_file(cast.view(cast.hill), "a.jpg", jpeg(90, 60))
    post = shown_in(cast, other.key)
    withdraw_post(cast.view(cast.hill), post.pk)
    assert not sees(cast.view(None), other.key)
    bring_back_post(cast.view(cast.hill), post.pk)
    assert sees(cast.view(None), other.key)


def test_a_picture_goes_where_its_thread_goes(cast):
    thread = start_thread(cast.view(cast.hill), cast.harbour.pk, "A plan", "Words.")
    row = upload_file(cast.view(cast.hill), "a.jpg", jpeg(90, 60))
    shown_in(cast, row.key, thread)
    move_thread(cast.view(cast.mod), thread.pk, cast.staff_room.pk, reason=WHY)
    assert [sees(cast.view(m), row.key) for m in (None, cast.hill, cast.mod)] == [
        False, False, True,
    ]  # fmt: skip


@pytest.mark.parametrize("who", ["guest", "quay", "hill", "mod"])
def test_the_condition_and_the_rules_say_the_same(cast, who):
    """One predicate decides: what `rules` say of a post, `shown` says of all posts at once."""
    viewer = cast.view(None if who == "guest" else getattr(cast, who))
    kept = post_reply(cast.view(cast.hill), cast.barrier.pk, "Of many states.")
    for thread_state in ("visible", "pending", "hidden", "removed", "withdrawn"):
        for post_state in ("visible", "pending", "hidden", "removed", "withdrawn"):
            for board in (cast.harbour, cast.staff_room):
                thread = kept.thread
                type(thread).objects.filter(pk=thread.pk).update(
                    state=thread_state, board=board, starter=cast.hill
                )
                Post.objects.filter(pk=kept.pk).update(state=post_state)
                post = Post.objects.select_related("thread").get(pk=kept.pk)
                says = bool(may_read(viewer, post.thread)) and bool(
                    may_read_post(viewer, post.thread, post)
                )
                found = Post.objects.filter(shown(viewer), pk=post.pk).exists()
                assert found == says, (who, thread_state, post_state, board.title)


def test_anothers_picture_is_not_for_showing(cast):
    """A quote would keep a picture when the post that it is from is gone."""
    row = upload_file(cast.view(cast.hill), "a.jpg", jpeg(90, 60))
    first = shown_in(cast, row.key)
    quote = f'[quote="Hill, post: {first.pk}"]\n{first.source}\n[/quote]\n\nIndeed.'
    second = post_reply(cast.view(cast.quay), cast.barrier.pk, quote)
    assert "<img" not in second.html
    assert "The mole" in second.html
    assert 'class="mark"' not in second.html  # the words are those of the post
    assert Attachment.objects.count() == 1
    fresh = upload_file(cast.view(cast.hill), "a.jpg", jpeg(90, 60))
    stolen = post_reply(cast.view(cast.quay), cast.barrier.pk, f"![x](upload:{fresh.key})")
    assert "/files/" not in stolen.html
    assert not sees(cast.view(cast.quay), fresh.key)


def test_who_edits_a_post_leaves_its_pictures_in_it(cast):
    row = upload_file(cast.view(cast.hill), "a.jpg", jpeg(90, 60))
    post = shown_in(cast, row.key)
    post = edit_post(cast.view(cast.mod), post.pk, f"{post.source}\n\nAnd more.", reason=WHY)
    assert f"/files/{row.key}" in post.html
    assert Attachment.objects.count() == 1
    post = edit_post(cast.view(cast.mod), post.pk, "Words alone.", reason=WHY)
    assert not sees(cast.view(None), row.key)
    assert not sees(cast.view(cast.mod), row.key)
    assert sees(cast.view(cast.hill), row.key)  # whose it is: it can be put back
    assert Upload.objects.get().unused_since is not None


def test_a_file_is_shown_with_what_it_is(cast):
    row = upload_file(cast.view(cast.hill), "Barrier log.txt", TEXT)
    post = post_reply(cast.view(cast.hill), cast.barrier.pk, f"[The log](upload:{row.key})")
    assert f'<a class="file" href="/files/{row.key}"' in post.html
    assert '<span class="file">TXT, 36 B</span>' in post.html


def test_a_board_may_take_no_pictures(cast):
    rows = dict(
        table("public", everyone=cast.groups.everyone, members=cast.groups.members,
              staff=cast.groups.staff)
    )  # fmt: skip
    rows[cast.groups.members] = tuple(v for v in rows[cast.groups.members] if v != "attach")
    set_access(None, cast.harbour.pk, rows, reason=WHY)
    row = upload_file(cast.view(cast.hill), "a.jpg", jpeg(90, 60))  # there are other boards
    with pytest.raises(Invalid) as refused:
        shown_in(cast, row.key)
    assert refused.value.fields == {"source": "no_attachments_in_board"}
    assert Post.objects.filter(source__contains=row.key).count() == 0
    set_access(None, cast.city.pk, rows, reason=WHY)
    with pytest.raises(Refused):
        upload_file(cast.view(cast.hill), "a.jpg", jpeg(90, 60))
    with pytest.raises(Refused):
        upload_file(cast.view(None), "a.jpg", jpeg(90, 60))


def test_a_newcomer_shows_one_picture_and_no_file(cast, settings):
    """ABU-003: on the first day, with the first posts."""
    configured(settings, posting_limits="on")
    keys = [upload_file(cast.view(cast.newcomer), "a.jpg", jpeg(30, 20)).key for _ in range(2)]
    words = " ".join(f"![x](upload:{key})" for key in keys)
    with pytest.raises(Invalid) as refused:
        post_reply(cast.view(cast.newcomer), cast.barrier.pk, words)
    assert refused.value.fields == {"source": "too_many_pictures"}
    file = upload_file(cast.view(cast.newcomer), "a.txt", TEXT)
    with pytest.raises(Invalid) as refused:
        post_reply(cast.view(cast.newcomer), cast.barrier.pk, f"[x](upload:{file.key})")
    assert refused.value.fields == {"source": "too_many_files"}


def test_quotas_hold_for_a_day_and_in_all(cast, settings):
    configured(settings, upload_quotas="1/2; Moderators=100/100", upload_megabytes=2)
    data = os.urandom(600_000).hex()[:600_000].encode()
    with time_machine.travel(timezone.now().replace(hour=9), tick=False) as clock:
        upload_file(cast.view(cast.hill), "a.txt", data)
        with pytest.raises(Refused) as refused:
            upload_file(cast.view(cast.hill), "a.txt", data)
        assert refused.value.reason == "quota_of_day_full"
        upload_file(cast.view(cast.mod), "a.txt", data)
        upload_file(cast.view(cast.mod), "a.txt", data)
        for _ in range(2):
            clock.shift(timedelta(days=1))
            upload_file(cast.view(cast.hill), "a.txt", data)
        clock.shift(timedelta(days=1))
        with pytest.raises(Refused) as refused:
            upload_file(cast.view(cast.hill), "a.txt", data)
        assert refused.value.reason == "quota_full"
        assert len(stored()) == 5
        assert Usage.objects.get(owner=cast.hill).size == 1_800_000
        clear_unused()
        assert Usage.objects.get(owner=cast.hill).size == 600_000  # what is a day old is gone
        upload_file(cast.view(cast.hill), "a.txt", data)
    with pytest.raises(Invalid) as large:
        upload_file(cast.view(cast.mod), "a.txt", b"x" * 2_000_001)
    assert large.value.fields == {"file": "file_too_large"}


def test_a_setting_of_quotas_is_read_or_refused():
    assert quotas_in("5/10; Press room=7/70")["Press room"] == (7_000_000, 70_000_000)
    for wrong in ("", "5", "Moderators=5/10", "5/x", "-1/5", "5/10;x", "٥/10"):
        with pytest.raises(ValueError, match="must"):
            quotas_in(wrong)


def test_tries_are_limited_the_failed_ones_too(cast):
    for _ in range(30):
        with pytest.raises(Invalid):
            upload_file(cast.view(cast.hill), "a.svg", b"<svg/>")
    with pytest.raises(TooMany) as waits:
        upload_file(cast.view(cast.hill), "a.jpg", jpeg(30, 20))
    assert waits.value.reason == "uploads_too_many"


def test_what_nothing_shows_is_cleared_after_a_day(cast):
    """REL-054: orphans; what is shown, or stands in a draft, stays."""
    hill = cast.view(cast.hill)
    keys = [upload_file(hill, "a.jpg", jpeg(30, 20)).key for _ in range(3)]
    shown_in(cast, keys[0])
    save_draft(hill, f"t{cast.barrier.pk}", title="", source=f"Half: ![](upload:{keys[1]})")
    assert clear_unused() == 0
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        with transaction.atomic():
            assert clear_unused() == 1
        assert set(Upload.objects.values_list("key", flat=True)) == set(keys[:2])
        assert clear_unused() == 0


@pytest.mark.django_db(transaction=True)
def test_files_go_after_their_rows(cast):
    row = upload_file(cast.view(cast.hill), "a.jpg", jpeg(30, 20))
    assert stored() == [f"{row.key[:2]}/{row.key}"]
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert clear_unused() == 1
    assert stored() == []


def test_a_file_without_a_row_is_swept_up_after_a_day(cast, monkeypatch):
    """REL-054: killed between file and commit; there is never a row without a file."""

    def killed(*args, **kwargs):
        raise SystemExit

    monkeypatch.setattr(actions.media, "withdraw", lambda *args: None)  # nobody clears up
    monkeypatch.setattr(actions.media, "enter", killed)
    with pytest.raises(SystemExit):
        upload_file(cast.view(cast.hill), "a.jpg", jpeg(30, 20))
    assert len(stored()) == 1
    assert Upload.objects.count() == 0
    monkeypatch.undo()
    kept = upload_file(cast.view(cast.hill), "a.jpg", jpeg(30, 20))
    assert sum(map(sweep, range(24))) == 0  # it may be one whose row is just being written
    for name in stored():
        long_ago = time.time() - 25 * 3600
        os.utime(settings.ROSTRA.data / "uploads" / name, (long_ago, long_ago))
    assert sum(map(sweep, range(24))) == 1
    assert stored() == [storage.name_of(kept.key)]


def test_a_full_disk_leaves_nothing_behind(cast, monkeypatch):
    """REL-023: partial files are removed, no row is written, the error is the system's own."""
    real = os.fsync
    calls = []

    def full(handle):
        calls.append(handle)
        if len(calls) == 4:  # within the second of three sizes
            raise OSError(errno.ENOSPC, "No space left on device")
        real(handle)

    monkeypatch.setattr(folder.os, "fsync", full)
    with pytest.raises(OSError, match="No space") as error:
        upload_file(cast.view(cast.hill), "a.png", png(1500, 90))
    assert error.value.errno == errno.ENOSPC
    assert stored() == []
    assert Upload.objects.count() == 0
    assert not Usage.objects.exists()


def test_it_is_on_the_disk_before_it_has_a_row(cast, monkeypatch):
    """REL-054: each file and its folder are flushed before the row is entered."""
    said = []
    real_sync, real_enter = os.fsync, actions.media.enter

    def sync(handle):
        said.append(os.path.basename(os.readlink(f"/proc/self/fd/{handle}")))
        real_sync(handle)

    def enter(*args):
        said.append("row")
        return real_enter(*args)

    monkeypatch.setattr(folder.os, "fsync", sync)
    monkeypatch.setattr(actions.media, "enter", enter)
    row = upload_file(cast.view(cast.hill), "a.jpg", jpeg(30, 20))
    part = row.key[:2]
    assert [name for name in said if not name.startswith(".")] == ["uploads", part, "row"]
    assert len(said) == 4


def test_a_lost_file_is_not_found_and_said(cast, caplog):
    row = upload_file(cast.view(cast.hill), "a.jpg", jpeg(30, 20))
    storage.drop(storage.name_of(row.key))
    with pytest.raises(NotFound):
        storage.get(storage.name_of(row.key))
    assert "cannot be read" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_an_avatar_takes_the_place_of_the_one_before(cast):
    hill = cast.view(cast.hill)
    choose_avatar(hill, jpeg(300, 200))
    first = Member.objects.get(pk=cast.hill.pk).avatar
    assert avatar_of(first).width == 128
    choose_avatar(hill, png(200, 200))
    second = Member.objects.get(pk=cast.hill.pk).avatar
    with pytest.raises(NotFound):
        avatar_of(first)
    with pytest.raises(NotFound):
        file_for(hill, second)  # it is no picture of a post
    assert stored() == [f"{second[:2]}/{second}", f"{second[:2]}/{second}-1"]
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert clear_unused() == 0
    drop_avatar(hill)
    drop_avatar(hill)
    assert Member.objects.get(pk=cast.hill.pk).avatar == ""
    assert stored() == []
    assert Usage.objects.get(owner=cast.hill).size == 0


def test_an_avatar_is_no_picture_for_posts(cast):
    choose_avatar(cast.view(cast.hill), jpeg(300, 200))
    key = Member.objects.get(pk=cast.hill.pk).avatar
    assert "<img" not in shown_in(cast, key).html


def test_words_about_oneself_show_no_pictures(cast, settings):
    Member.objects.filter(pk=cast.hill.pk).update(joined_at=None)
    row = upload_file(cast.view(cast.hill), "a.jpg", jpeg(30, 20))
    for number in range(3):
        post_reply(cast.view(cast.hill), cast.barrier.pk, f"Post {number}.")
    write_profile(cast.view(cast.hill), about=f"![me](upload:{row.key})", signature="")
    assert "<img" not in Member.objects.get(pk=cast.hill.pk).about_html
