"""Splitting a thread in two, making one thread of two, and undoing either.

A post keeps its id, so that every link to it holds. A split leaves a tombstone at each place that
a post had; a merge appends below a line, never in between. Cost grows with the posts that go.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from django.db import transaction

from rostra.forum.access.viewer import Viewer
from rostra.forum.holds.actions import follow_posts
from rostra.forum.threads import counting, rules
from rostra.forum.threads.actions.logging import OF_OWN_ACCORD, Why, log_act
from rostra.forum.threads.actions.posts import check_title
from rostra.forum.threads.actions.rows import locked_thread, save_changed
from rostra.forum.threads.events import PostsMoved
from rostra.forum.threads.models import Draft, Merge, Move, Post, State, Thread, ThreadMark
from rostra.kernel import clock, dialect, rows
from rostra.kernel.errors import Invalid, NotFound, Refused
from rostra.kernel.events import emit

MOST = 2000  # posts at once
WITHOUT_WORDS = (State.MOVED, State.MERGED)


class Going(NamedTuple):
    """A post on its way from a number in one thread to a number in another."""

    post_id: int
    is_visible: bool
    old: int
    new: int


@transaction.atomic
def split_thread(
    viewer: Viewer,
    thread_id: int,
    post_ids: Collection[int],
    title: str,
    *,
    reason: str,
    why: Why = OF_OWN_ACCORD,
) -> Thread:
    """Make a new thread, in the same board, of some posts of another; emits PostsMoved.

    The opening post stays. Raises Invalid for a choice of which nothing stands.
    """
    title = check_title(title)
    thread = locked_thread(viewer, thread_id)
    rules.may_moderate(viewer, thread.board_id).enforce()
    posts = _chosen(thread, post_ids)
    if all(post.state != State.VISIBLE for post in posts):
        raise Invalid({"posts": "none_standing"})
    new = Thread.objects.create(
        board_id=thread.board_id,
        title=title,
        starter_id=posts[0].author_id,
        starter_name=posts[0].author_name,
        created_at=posts[0].created_at,
        bumped_at=thread.bumped_at,
    )
    _hand_over(viewer, thread, new, posts, reason, why)
    return new


@transaction.atomic
def move_posts(
    viewer: Viewer,
    thread_id: int,
    post_ids: Collection[int],
    into_id: int,
    *,
    reason: str,
    why: Why = OF_OWN_ACCORD,
) -> Thread:
    """Append some posts of a thread to another one, in their order; emits PostsMoved."""
    thread, into = _both(viewer, thread_id, into_id)
    _hand_over(viewer, thread, into, _chosen(thread, post_ids), reason, why)
    return into


@transaction.atomic
def merge_threads(
    viewer: Viewer, thread_id: int, into_id: int, *, reason: str, why: Why = OF_OWN_ACCORD
) -> Thread:
    """Append all of a thread's posts to another, below a line; its address leads there from now on.

    Emits PostsMoved. Raises Invalid, Refused: a poll has no place but above its own thread.
    """
    thread, into = _both(viewer, thread_id, into_id)
    if thread.has_poll:
        raise Refused("poll_in_the_way")
    if thread.last_number > MOST:
        raise Invalid({"into": "too_many_at_once"})
    line = into.last_number + 1
    divider = Post(
        thread=into, number=line, state=State.MERGED, source="", html="", created_at=clock.now()
    )
    rows.insert(divider)
    into.last_number = line
    facts = {"into": into.pk, "count": thread.last_number, "after": line}
    log_n = log_act(viewer, "thread.merge", thread, reason, facts=facts, why=why)
    Merge.objects.create(
        thread=thread, into=into, divider=divider, count=thread.last_number, answer=thread.answer
    )
    posts = Post.objects.filter(thread=thread, number__isnull=False).order_by("number")
    going = [
        Going(post_id, state == State.VISIBLE, number or 0, line + (number or 0))
        for post_id, state, number in posts.values_list("id", "state", "number")
    ]
    _place(into, going)
    waiting = list(Post.objects.filter(thread=thread).values_list("id", flat=True))
    Post.objects.filter(id__in=waiting).update(thread=into)
    follow_posts(waiting, into.pk, into.board_id)
    into.last_number += len(going)
    thread.last_number = 0
    thread.state, thread.is_pinned, thread.answer_id = State.MERGED, False, None
    thread.last_post_at, thread.last_poster_id, thread.last_poster_name = None, None, ""
    thread.bumped_at = thread.created_at or thread.bumped_at
    _take_along(thread, into)
    there = Draft.objects.filter(place=f"t{into.pk}").values("member_id")
    Draft.objects.filter(place=f"t{thread.pk}").exclude(member_id__in=there).update(
        place=f"t{into.pk}"
    )
    _settle(thread, into, going, log_n, {thread.board_id: -1})
    return into


@transaction.atomic
def rejoin(viewer: Viewer, thread_id: int, other_id: int, *, reason: str, why: Why) -> None:
    """Undo a split: every post that left a tombstone in the thread for the other goes back there.

    Emits PostsMoved. Raises Refused where nothing is left to bring back.
    """
    thread, other = _both(viewer, thread_id, other_id)
    moves = Move.objects.filter(tombstone__thread=thread, post__thread=other)
    found = list(moves.order_by("tombstone__number").values_list(
        "post_id", "post__state", "post__number", "tombstone__number", "tombstone_id"
    ))  # fmt: skip
    if not found:
        raise Refused("nothing_to_bring_back")
    log_n = log_act(viewer, "thread.rejoin", thread, reason, facts={"from": other.pk}, why=why)
    Post.objects.filter(id__in=[tombstone for *_, tombstone in found]).delete()
    going = [
        Going(post_id, state == State.VISIBLE, old or 0, new or 0)
        for post_id, state, old, new, _ in found
    ]
    _place(thread, going)
    _leave_tombstones(other, going)
    is_over = not Post.objects.filter(thread=other, state=State.VISIBLE).exists()
    if is_over:  # nothing was said there since
        other.state = State.REMOVED
    _settle(other, thread, going, log_n, {other.board_id: -int(is_over)})


@transaction.atomic
def unmerge(viewer: Viewer, thread_id: int, *, reason: str, why: Why) -> None:
    """Undo a merge: the thread's posts go back into it, and leave tombstones.

    Emits PostsMoved. Raises Refused for a thread that was not merged.
    """
    merge = Merge.objects.filter(thread_id=thread_id).select_related("divider").first()
    if merge is None or merge.divider.number is None:
        raise Refused("not_merged")
    into = locked_thread(viewer, merge.into_id)
    rules.may_moderate(viewer, into.board_id).enforce()
    thread = rows.lock(Thread, thread_id)
    if thread is None:
        raise NotFound
    rules.may_moderate(viewer, thread.board_id).enforce()
    line = merge.divider.number
    posts = Post.objects.filter(thread=into, number__gt=line, number__lte=line + merge.count)
    found = posts.exclude(state__in=WITHOUT_WORDS).order_by("number")
    going = [
        Going(post_id, state == State.VISIBLE, number or 0, new)
        for new, (post_id, state, number) in enumerate(
            found.values_list("id", "state", "number"), start=1
        )
    ]
    log_n = log_act(viewer, "thread.unmerge", thread, reason, facts={"from": into.pk}, why=why)
    _place(thread, going)
    _leave_tombstones(into, going)
    thread.state, thread.last_number = State.VISIBLE, len(going)
    if merge.answer_id in {one.post_id for one in going}:
        thread.answer_id = merge.answer_id
    merge.delete()
    _settle(into, thread, going, log_n, {thread.board_id: 1})


def _both(viewer: Viewer, thread_id: int, other_id: int) -> tuple[Thread, Thread]:
    """Return two threads that the viewer moderates, locked in the order of their ids."""
    if thread_id == other_id:
        raise Invalid({"into": "same_thread"})
    found = {id_: locked_thread(viewer, id_) for id_ in sorted((thread_id, other_id))}
    for thread in found.values():
        rules.may_moderate(viewer, thread.board_id).enforce()
        if thread.state != State.VISIBLE:
            raise Refused("thread_not_open")
    return found[thread_id], found[other_id]


def _chosen(thread: Thread, post_ids: Collection[int]) -> list[Post]:
    """Return the chosen posts of a locked thread, in their order; raises Invalid."""
    if not post_ids:
        raise Invalid({"posts": "choose_some"})
    if len(post_ids) > MOST:
        raise Invalid({"posts": "too_many_at_once"})
    found = Post.objects.filter(thread=thread, id__in=list(post_ids), number__isnull=False)
    posts = list(found.exclude(state__in=WITHOUT_WORDS).order_by("number").defer("source", "html"))
    if len(posts) != len(set(post_ids)):
        raise Invalid({"posts": "not_all_in_thread"})
    if posts[0].number == 1:
        raise Invalid({"posts": "opening_stays"})
    return posts


def _hand_over(
    viewer: Viewer, thread: Thread, into: Thread, posts: Sequence[Post], reason: str, why: Why
) -> None:
    """Append posts of a thread to another, which may be new, and leave tombstones."""
    is_new = into.last_number == 0
    facts = {"into": into.pk, "count": len(posts)}
    log_n = log_act(viewer, "thread.split", thread, reason, post=posts[0], facts=facts, why=why)
    going = [
        Going(post.pk, post.state == State.VISIBLE, post.number or 0, number)
        for number, post in enumerate(posts, start=into.last_number + 1)
    ]
    _place(into, going)
    _leave_tombstones(thread, going)
    into.last_number += len(going)
    _take_along(thread, into, {post.author_id for post in posts if post.author_id is not None})
    _settle(thread, into, going, log_n, {into.board_id: int(is_new)})


def _place(thread: Thread, going: Sequence[Going]) -> None:
    """Put posts under their numbers of a thread; what they reply to stays in one thread."""
    ids = [one.post_id for one in going]
    dialect.write_many(
        "UPDATE threads_post SET thread_id = %s, number = %s WHERE id = %s",
        [(thread.pk, one.new, one.post_id) for one in going],
    )
    for start in range(0, len(ids), 500):
        some = Post.objects.filter(id__in=ids[start : start + 500], reply_to__isnull=False)
        some.exclude(reply_to__thread=thread).update(reply_to=None)
        replies = Post.objects.filter(reply_to__in=ids[start : start + 500])
        replies.exclude(thread=thread).update(reply_to=None)
        follow_posts(ids[start : start + 500], thread.pk, thread.board_id)


def _leave_tombstones(thread: Thread, going: Sequence[Going]) -> None:
    """Keep the places, by their old numbers, that posts had in a thread."""
    now = clock.now()
    stones = [
        Post(
            thread=thread, number=one.old, state=State.MOVED, source="", html="", created_at=now,
            state_at=now,
        )
        for one in going
    ]  # fmt: skip
    rows.insert_new(stones)
    lowest, highest = min(one.old for one in going), max(one.old for one in going)
    made = Post.objects.filter(
        thread=thread, state=State.MOVED, number__gte=lowest, number__lte=highest
    )
    by_number = dict(made.values_list("number", "id"))
    rows.insert_new([Move(tombstone_id=by_number[one.old], post_id=one.post_id) for one in going])


def _settle(
    thread: Thread, into: Thread, going: Sequence[Going], log_n: int, threads: dict[int, int]
) -> None:
    """Put down what both threads and their boards hold now; emits PostsMoved.

    threads: how many more, or fewer, a board has.
    """
    thread.reply_count -= sum(one.is_visible and one.old > 1 for one in going)
    into.reply_count += sum(one.is_visible and one.new > 1 for one in going)
    into.has_cards = into.has_cards or thread.has_cards
    if thread.answer_id in {one.post_id for one in going}:
        thread.answer_id = None
    for one in (thread, into):
        counting.find_last_post(one)
        save_changed(one)
    posts = sum(one.is_visible for one in going)
    boards = sorted({thread.board_id, into.board_id})  # their counters are locked in this order
    for board_id in boards:
        came = posts * (int(board_id == into.board_id) - int(board_id == thread.board_id))
        counting.count_in_board(board_id, threads=threads.get(board_id, 0), posts=came)
    for board_id in boards:
        counting.find_last_thread(board_id)
    emit(PostsMoved(from_thread_id=thread.pk, to_thread_id=into.pk, log_n=log_n))


def _take_along(thread: Thread, into: Thread, author_ids: Collection[int] | None = None) -> None:
    """Have who watches a thread watch the other as well: all, or those authors of what went."""
    marks = ThreadMark.objects.filter(thread=thread, level=ThreadMark.Level.WATCH)
    if author_ids is not None:
        marks = marks.filter(member_id__in=author_ids)
    rows.insert_new(
        [
            ThreadMark(member_id=member_id, thread=into, level=ThreadMark.Level.WATCH)
            for member_id in marks.order_by("member_id").values_list("member_id", flat=True)
        ]
    )
