"""What is unread, where one goes on reading, and what the feeds hold."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from rostra.forum.members.actions import call_all_read
from rostra.forum.members.ties import set_tie
from rostra.forum.threads.actions import marks
from rostra.forum.threads.actions.marks import (
    mark_read,
    mute_tag,
    note_read,
    watch_board,
    watch_if_new,
    watch_thread,
)
from rostra.forum.threads.actions.posts import post_reply
from rostra.forum.threads.actions.threads import move_thread, start_thread
from rostra.forum.threads.heads import Head
from rostra.forum.threads.listing import Wish, threads_in
from rostra.forum.threads.marks import (
    BoardOwn,
    first_unread,
    muted_tags,
    own_board,
    own_boards,
    unread_to,
)
from rostra.forum.threads.models import Post, Thread, ThreadMark
from rostra.forum.threads.queries import own_thread_for
from rostra.kernel.errors import Invalid, NotFound, Refused
from rostra.reading.whats_new import whats_new

REASON = "It belongs into another board."


def titles(viewer, feed):
    return [thread.title for thread, _ in whats_new(viewer, feed, Wish()).threads]


def unread(cast, member, thread=None):
    viewer = cast.view(member)
    thread_id = (thread or cast.barrier).pk
    (row,) = (
        row
        for row in threads_in(viewer, viewer.readable, Wish(), own_boards(viewer)).threads
        if row.id == thread_id
    )
    return row.is_unread


def test_a_thread_is_unread_until_its_last_post_was_shown(cast):
    viewer = cast.view(cast.hill)
    assert unread(cast, cast.hill)
    note_read(viewer, cast.barrier.pk, 2)
    assert unread(cast, cast.hill)
    note_read(viewer, cast.barrier.pk, 3)
    assert not unread(cast, cast.hill)
    post_reply(cast.view(cast.quay), cast.barrier.pk, "One more.")
    assert unread(cast, cast.hill)
    assert unread(cast, cast.newcomer)


def test_a_mark_never_goes_back(cast):
    viewer = cast.view(cast.hill)
    note_read(viewer, cast.barrier.pk, 3)
    note_read(viewer, cast.barrier.pk, 1)
    assert own_thread_for(viewer, cast.barrier.pk)[1].number == 3


def test_nothing_is_unread_to_a_guest(cast):
    assert not unread(cast, None)


def test_what_is_older_than_thirty_days_counts_as_read_unless_there_is_a_mark(cast):
    Thread.objects.filter(pk=cast.barrier.pk).update(bumped_at=timezone.now() - timedelta(days=31))
    assert not unread(cast, cast.hill)
    note_read(cast.view(cast.hill), cast.barrier.pk, 1)
    assert unread(cast, cast.hill)


def test_all_read_until_a_time_leaves_what_came_after(cast):
    mark_read(cast.view(cast.hill), None, timezone.now())
    assert not unread(cast, cast.hill)
    assert titles(cast.view(cast.hill), "unread") == []
    post_reply(cast.view(cast.quay), cast.barrier.pk, "One more.")
    assert unread(cast, cast.hill)
    assert titles(cast.view(cast.hill), "unread") == ["Flood barrier"]
    viewer = cast.view(cast.hill)
    thread, own = own_thread_for(viewer, cast.barrier.pk)
    assert first_unread(viewer, own_board(viewer, thread.board_id), own, thread.id, 4) == 4


def test_one_board_is_called_read_and_no_other(cast):
    other = start_thread(cast.view(cast.quay), cast.region.pk, "Elsewhere", "Words.")
    mark_read(cast.view(cast.hill), cast.harbour.pk, timezone.now())
    assert not unread(cast, cast.hill)
    assert unread(cast, cast.hill, other)
    assert titles(cast.view(cast.hill), "unread") == ["Elsewhere"]


def test_all_read_in_a_time_to_come_is_all_read_by_now(cast):
    mark_read(cast.view(cast.hill), None, timezone.now() + timedelta(days=400))
    post_reply(cast.view(cast.quay), cast.barrier.pk, "One more.")
    assert unread(cast, cast.hill)


def test_a_board_that_is_not_open_cannot_be_read_watched_or_asked_about(cast):
    viewer = cast.view(cast.hill)
    with pytest.raises(NotFound):
        mark_read(viewer, cast.staff_room.pk, timezone.now())
    with pytest.raises(NotFound):
        watch_board(viewer, cast.staff_room.pk, "posts")
    with pytest.raises(NotFound):
        watch_thread(viewer, cast.secret.pk, "watch")


def test_going_on_reading(cast):
    viewer = cast.view(cast.hill)
    board = BoardOwn()

    def at():
        thread, own = own_thread_for(viewer, cast.barrier.pk)
        return first_unread(viewer, board, own, thread.id, thread.last_number)

    assert at() == 1
    note_read(viewer, cast.barrier.pk, 2)
    assert at() == 3
    note_read(viewer, cast.barrier.pk, 3)
    assert at() == 3  # the last, where all is read


def test_who_never_came_begins_where_the_thread_woke_up(cast):
    """A thread of years, quiet for long: what is older than 30 days counts as read."""
    for number in range(4, 41):
        post_reply(cast.view(cast.quay), cast.barrier.pk, f"Post {number}.")
    old = timezone.now() - timedelta(days=400)
    Post.objects.filter(thread=cast.barrier, number__lt=30).update(created_at=old)
    viewer = cast.view(cast.newcomer)
    thread, own = own_thread_for(viewer, cast.barrier.pk)
    assert first_unread(viewer, BoardOwn(), own, thread.id, thread.last_number) == 30


@pytest.mark.parametrize(
    ("number", "age", "called", "board_called", "expected"),
    [
        (0, 1, None, None, True),
        (0, 31, None, None, False),
        (2, 31, None, None, True),
        (3, 1, None, None, False),
        (2, 5, 4, None, False),
        (2, 5, 6, None, True),
        (2, 5, None, 4, False),
        (2, 5, 6, 4, False),
        (2, 5, 6, 6, True),
    ],
)
def test_unread_by_table(cast, number, age, called, board_called, expected):
    now = timezone.now()
    note_read(cast.view(cast.hill), cast.barrier.pk, number)
    if called is not None:
        call_all_read(cast.hill.pk, now - timedelta(days=called))
    viewer = cast.view(cast.hill)
    board = BoardOwn("", now - timedelta(days=board_called) if board_called is not None else None)
    own = own_thread_for(viewer, cast.barrier.pk)[1]
    is_unread = unread_to(viewer, {cast.harbour.pk: board})
    assert is_unread(cast.harbour.pk, own.number, 3, now - timedelta(days=age)) == expected


def test_watched_threads_and_boards_are_one_feed(cast):
    viewer = cast.view(cast.hill)
    assert titles(viewer, "watched") == []
    watch_thread(viewer, cast.barrier.pk, "watch")
    start_thread(cast.view(cast.quay), cast.region.pk, "Elsewhere", "Words.")
    assert titles(viewer, "watched") == ["Flood barrier"]
    watch_board(viewer, cast.region.pk, "threads")
    watch_board(viewer, cast.harbour.pk, "posts")
    assert titles(viewer, "watched") == ["Elsewhere", "Flood barrier"]
    watch_board(viewer, cast.harbour.pk, "")
    watch_thread(viewer, cast.barrier.pk, "")
    assert titles(viewer, "watched") == ["Elsewhere"]


def test_what_is_watched_and_moved_out_of_sight_is_in_no_feed(cast):
    viewer = cast.view(cast.hill)
    watch_thread(viewer, cast.barrier.pk, "watch")
    move_thread(cast.view(cast.mod), cast.barrier.pk, cast.staff_room.pk, reason=REASON)
    for feed in ("latest", "unread", "watched", "unanswered"):
        assert titles(viewer, feed) == []


@pytest.mark.parametrize("feed", ["latest", "unread"])
def test_what_is_muted_is_in_no_feed(cast, feed):
    viewer = cast.view(cast.newcomer)
    start_thread(cast.view(cast.quay), cast.region.pk, "Elsewhere", "Words.")
    assert titles(viewer, feed) == ["Elsewhere", "Flood barrier"]
    watch_thread(viewer, cast.barrier.pk, "mute")
    assert titles(viewer, feed) == ["Elsewhere"]
    watch_board(viewer, cast.region.pk, "mute")
    assert titles(viewer, feed) == []


@pytest.mark.parametrize("feed", ["latest", "unread", "unanswered"])
def test_what_is_under_a_muted_tag_is_in_no_feed(cast, feed):
    viewer = cast.view(cast.newcomer)
    head = Head(tags="ferry, tide")
    start_thread(cast.view(cast.quay), cast.region.pk, "Elsewhere", "Words.", head=head)
    start_thread(cast.view(cast.quay), cast.region.pk, "Untagged", "Words.")
    before = titles(viewer, feed)
    assert "Elsewhere" in before
    mute_tag(viewer, "tide", "mute")
    mute_tag(viewer, "tide", "mute")
    assert titles(viewer, feed) == [title for title in before if title != "Elsewhere"]
    assert titles(cast.view(cast.hill), feed) != []
    assert "Elsewhere" in titles(cast.view(cast.mod), feed)
    mute_tag(viewer, "tide", "")
    assert titles(viewer, feed) == before


def test_what_is_watched_stays_there_under_a_muted_tag(cast):
    viewer = cast.view(cast.newcomer)
    watch_thread(viewer, cast.barrier.pk, "watch")
    mute_tag(viewer, "harbour", "mute")
    assert titles(viewer, "watched") == ["Flood barrier"]


def test_there_is_an_end_to_muting(cast, monkeypatch):
    monkeypatch.setattr(marks, "MOST_TAGS", 2)
    viewer = cast.view(cast.hill)
    for tag in ("a1", "b2"):
        mute_tag(viewer, tag, "mute")
    for tag, level, why in (("c3", "mute", "too_many_muted"), ("a1", "watch", "not_a_choice")):
        with pytest.raises(Invalid) as refused:
            mute_tag(viewer, tag, level)
        assert refused.value.fields == {"level": why}
    assert muted_tags(cast.hill.pk) == ["a1", "b2"]


def test_what_an_ignored_member_started_is_in_no_feed(cast):
    set_tie(cast.hill.pk, cast.quay.pk, "ignore")
    assert titles(cast.view(cast.hill), "latest") == []
    assert titles(cast.view(cast.newcomer), "latest") == ["Flood barrier"]


def test_a_guest_has_no_feed_of_their_own(cast):
    for feed in ("unread", "watched"):
        with pytest.raises(Refused):
            whats_new(cast.view(None), feed, Wish())


def test_who_chose_is_not_made_to_watch_by_writing(cast):
    watch_if_new([(cast.hill.pk, cast.barrier.pk)])
    level = ThreadMark.objects.filter(member=cast.hill).values_list("level", flat=True)
    assert list(level) == ["watch"]
    watch_thread(cast.view(cast.hill), cast.barrier.pk, "")
    watch_if_new([(cast.hill.pk, cast.barrier.pk)])
    assert list(level.all()) == [""]
    with pytest.raises(Invalid):
        watch_thread(cast.view(cast.hill), cast.barrier.pk, "loudly")


def test_pages_of_a_feed_hold_each_thread_once(cast):
    viewer = cast.view(cast.hill)
    watch_board(viewer, cast.region.pk, "threads")
    for number in range(7):
        thread = start_thread(cast.view(cast.mod), cast.region.pk, f"Thread {number}", "Words.")
        watch_thread(viewer, thread.pk, "watch")
    for feed in ("watched", "unread"):
        seen, older = [], None
        while True:
            page = whats_new(viewer, feed, Wish(per_page=3, older_than=older))
            seen += [thread.title for thread, _ in page.threads]
            if page.older is None:
                break
            older = page.older
        wanted = [f"Thread {number}" for number in reversed(range(7))]
        assert seen == wanted + (["Flood barrier"] if feed == "unread" else [])
