"""The ways to change threads: one transaction, one event, exact counters, one log row."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from rostra.forum.modlog.models import LogEntry
from rostra.forum.modlog.queries import Filter, entries, first_fault
from rostra.forum.threads.actions import posts, threads
from rostra.forum.threads.models import BoardStats, MemberStats, Post, Revision, State, Thread
from rostra.kernel.errors import Invalid, NotFound, Refused
from rostra.kernel.models import Job
from rostra.transfer.integrity import examine

REASON = "Insults a group of people."


def last(cast) -> Post:
    return Post.objects.filter(thread=cast.barrier).order_by("-number").first()


def stats(board) -> tuple[int, int, int | None]:
    return BoardStats.objects.values_list("thread_count", "post_count", "last_thread_id").get(
        board=board
    )


def test_a_reply_comes_last_and_is_counted(cast):
    before = Job.objects.count()
    post = posts.post_reply(cast.view(cast.hill), cast.barrier.pk, "One more.")
    cast.barrier.refresh_from_db()
    assert (post.number, cast.barrier.last_number, cast.barrier.reply_count) == (4, 4, 3)
    assert cast.barrier.last_poster_id == cast.hill.pk
    assert stats(cast.harbour) == (1, 4, cast.barrier.pk)
    assert MemberStats.objects.get(member=cast.hill).post_count == 2
    assert Job.objects.count() == before + 1
    assert examine() == []


def test_numbers_are_dense_and_never_given_twice(cast):
    for n in range(5):
        posts.post_reply(cast.view(cast.hill), cast.barrier.pk, f"More {n}")
    posts.remove_post(cast.view(cast.mod), last(cast).pk, REASON)
    posts.post_reply(cast.view(cast.quay), cast.barrier.pk, "After the removed one")
    numbers = list(
        Post.objects.filter(thread=cast.barrier).order_by("number").values_list("number", flat=True)
    )
    assert numbers == list(range(1, 10))


@pytest.mark.parametrize(
    ("source", "code"),
    [("", "empty"), ("  \n\u200b", "empty"), ("x" * 32_001, "too_long")],
)
def test_bad_words_change_nothing(cast, source, code):
    version = cast.barrier.version
    with pytest.raises(Invalid) as caught:
        posts.post_reply(cast.view(cast.hill), cast.barrier.pk, source)
    assert caught.value.fields == {"source": code}
    cast.barrier.refresh_from_db()
    assert cast.barrier.version == version


def test_what_is_not_seen_is_not_there(cast):
    """SEC-049: a secret thread answers like no thread."""
    viewer = cast.view(cast.quay)
    for thread_id in (cast.secret.pk, 10**9):
        with pytest.raises(NotFound):
            posts.post_reply(viewer, thread_id, "Hello?")
    secret_post = Post.objects.get(thread=cast.secret)
    for act in (
        lambda: posts.edit_post(viewer, secret_post.pk, "x"),
        lambda: posts.remove_post(viewer, secret_post.pk, REASON),
        lambda: posts.withdraw_post(viewer, secret_post.pk),
        lambda: threads.lock_thread(viewer, cast.secret.pk, locked=True, reason=REASON),
        lambda: threads.start_thread(viewer, cast.staff_room.pk, "Hi", "there"),
    ):
        with pytest.raises(NotFound):
            act()


def test_a_removal_leaves_a_tombstone_and_one_log_row(cast):
    """SEC-120: exactly one row, with reason, role and place."""
    post = last(cast)
    posts.remove_post(cast.view(cast.mod), post.pk, REASON)
    post.refresh_from_db()
    cast.barrier.refresh_from_db()
    assert (post.state, post.number) == (State.REMOVED, 3)
    assert (cast.barrier.last_number, cast.barrier.reply_count) == (3, 1)
    row = entries(Filter(kind="post.remove"))
    assert [(r.reason, r.role, r.by, r.post_id) for r in row] == [(REASON, "moderator", 1, post.pk)]
    with pytest.raises(Refused):
        posts.remove_post(cast.view(cast.mod), post.pk, REASON)
    posts.restore_post(cast.view(cast.mod), post.pk, "It was only a quotation.")
    post.refresh_from_db()
    assert post.state == State.VISIBLE
    assert LogEntry.objects.filter(post_id=post.pk).count() == 2
    assert first_fault() is None
    assert examine() == []


def test_a_withdrawal_is_no_removal_and_no_log_row(cast):
    post = last(cast)
    before = LogEntry.objects.count()
    posts.withdraw_post(cast.view(cast.quay), post.pk)
    post.refresh_from_db()
    assert post.state == State.WITHDRAWN
    assert LogEntry.objects.count() == before
    with pytest.raises(Refused):
        posts.restore_post(cast.view(cast.mod), post.pk, "Moderators cannot do this.")
    with pytest.raises(Refused):
        posts.remove_post(cast.view(cast.mod), post.pk, "Nor by a way around.")
    assert examine() == []


def test_the_last_post_of_thread_and_board_follows_a_removal(cast):
    posts.remove_post(cast.view(cast.mod), last(cast).pk, REASON)
    cast.barrier.refresh_from_db()
    assert cast.barrier.last_poster_id == cast.hill.pk
    assert cast.barrier.bumped_at == Post.objects.get(thread=cast.barrier, number=2).created_at


def test_an_author_edits_silently_for_five_minutes_then_with_a_mark(cast):
    start = datetime(2026, 5, 1, tzinfo=UTC)
    with time_machine.travel(start, tick=False) as clock:
        post = posts.post_reply(cast.view(cast.hill), cast.barrier.pk, "Frist")
        clock.shift(timedelta(minutes=4))
        posts.edit_post(cast.view(cast.hill), post.pk, "First")
        post.refresh_from_db()
        assert (post.edited_at, post.edit_count) == (None, 0)
        clock.shift(timedelta(minutes=4))
        posts.edit_post(cast.view(cast.hill), post.pk, "First, and longer")
    post.refresh_from_db()
    assert (post.edited_at, post.edit_count) == (start + timedelta(minutes=8), 1)
    assert not post.is_edited_by_moderator
    assert Revision.objects.get(post=post).source == "First"


def test_a_moderators_edit_is_marked_kept_and_logged(cast):
    """SEC-120: no silent change of another's words, however soon."""
    post = last(cast)
    with pytest.raises(Invalid):
        posts.edit_post(cast.view(cast.mod), post.pk, "Nicer words")
    posts.edit_post(cast.view(cast.mod), post.pk, "Nicer words", reason="Personal data of a third.")
    post.refresh_from_db()
    assert post.is_edited_by_moderator
    assert Revision.objects.get(post=post).source == "Post 3."
    assert LogEntry.objects.filter(kind="post.edit", post_id=post.pk).count() == 1
    posts.edit_post(cast.view(cast.quay), post.pk, "My own words again")
    post.refresh_from_db()
    assert not post.is_edited_by_moderator


def test_locking_and_pinning_set_a_state(cast):
    viewer = cast.view(cast.mod)
    threads.lock_thread(viewer, cast.barrier.pk, locked=True, reason=REASON)
    with pytest.raises(Refused, match="already_locked"):
        threads.lock_thread(viewer, cast.barrier.pk, locked=True, reason=REASON)
    with pytest.raises(Refused, match="thread_locked"):
        posts.post_reply(cast.view(cast.quay), cast.barrier.pk, "Too late")
    threads.lock_thread(viewer, cast.barrier.pk, locked=False, reason=REASON)
    threads.pin_thread(viewer, cast.barrier.pk, pinned=True, reason=REASON)
    cast.barrier.refresh_from_db()
    assert (cast.barrier.is_locked, cast.barrier.is_pinned) == (False, True)
    kinds = [row.kind for row in entries(limit=3)]
    assert kinds == ["thread.pin", "thread.unlock", "thread.lock"]


@pytest.mark.parametrize("who", ["quay", "admin"])
def test_who_is_no_moderator_there_is_refused(cast, who):
    """SEC-062, and nobody may do everything."""
    from rostra.forum.access.actions import set_access
    from rostra.forum.access.presets import table

    rows = table("public", everyone=1, members=2, staff=())
    groups = cast.groups
    set_access(
        None,
        cast.harbour.pk,
        {groups.everyone: rows[1], groups.members: rows[2], groups.moderators: ["see", "read"]},
        reason=REASON,
    )
    viewer = cast.view(getattr(cast, who))
    with pytest.raises(Refused, match="not_a_moderator_here"):
        threads.lock_thread(viewer, cast.barrier.pk, locked=True, reason=REASON)
    assert not Thread.objects.get(pk=cast.barrier.pk).is_locked


def test_moving_keeps_posts_and_counts(cast):
    threads.move_thread(cast.view(cast.mod), cast.barrier.pk, cast.region.pk, reason=REASON)
    assert stats(cast.harbour) == (0, 0, None)
    assert stats(cast.region) == (1, 3, cast.barrier.pk)
    assert examine() == []
    with pytest.raises(Refused, match="category_holds_no_threads"):
        threads.move_thread(cast.view(cast.mod), cast.barrier.pk, cast.city.pk, reason=REASON)


@pytest.mark.parametrize(
    ("title", "code"), [("", "empty"), ("\u2800", "empty"), ("x" * 201, "too_long")]
)
def test_a_thread_needs_a_title(cast, title, code):
    with pytest.raises(Invalid) as caught:
        threads.start_thread(cast.view(cast.quay), cast.harbour.pk, title, "Words")
    assert caught.value.fields == {"title": code}


def test_a_quote_of_what_the_author_may_not_read_is_unknown(cast):
    """SEC-047: quoting a secret post by its number tells nothing of it."""
    secret = Post.objects.get(thread=cast.secret)
    post = posts.post_reply(
        cast.view(cast.quay),
        cast.barrier.pk,
        f'[quote="Mod Ferris, post: {secret.pk}"]canary-words of staff[/quote]',
    )
    assert "data-quote" not in post.html
    assert 'data-word="unverified"' in post.html


def test_mentions_and_quotes_reach_the_event(cast):
    quoted = last(cast)
    posts.post_reply(
        cast.view(cast.hill),
        cast.barrier.pk,
        f'[quote="Quay, post: {quoted.pk}"]Post 3.[/quote] @Mod Ferris @Nobody Here look',
    )
    payload = Job.objects.filter(name="threads.post_published").latest("id").payload
    assert payload["mentioned_ids"] == [cast.mod.pk]
    assert payload["quoted_post_ids"] == [quoted.pk]


def test_a_failure_in_the_middle_leaves_nothing_half_done(cast, monkeypatch):
    """REL-024 in small: the event cannot be written, so there is no post."""
    from rostra.forum.threads.actions import posts as module

    def fail(event: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(module, "emit", fail)
    count = Post.objects.count()
    with pytest.raises(OSError, match="disk full"):
        posts.post_reply(cast.view(cast.hill), cast.barrier.pk, "Lost")
    assert Post.objects.count() == count
    assert examine() == []
