"""Starting, locking, pinning and moving threads."""

from __future__ import annotations

from django.db import transaction

from rostra.forum.access.viewer import Viewer
from rostra.forum.boards.queries import whole_tree
from rostra.forum.members.turns import take_turn
from rostra.forum.threads import counting, heads, rules, submissions
from rostra.forum.threads.actions import pace
from rostra.forum.threads.actions.describing import described, file_under_tags
from rostra.forum.threads.actions.drafts import drop_draft
from rostra.forum.threads.actions.logging import OF_OWN_ACCORD, Why, log_act
from rostra.forum.threads.actions.posts import NOT_BY_FORM, check_source, check_title, publish
from rostra.forum.threads.actions.rows import locked_thread, save_changed
from rostra.forum.threads.events import ThreadLocked, ThreadMoved, ThreadPinned
from rostra.forum.threads.heads import PLAIN, Head
from rostra.forum.threads.models import Post, State, Thread
from rostra.forum.threads.rendering import render_for
from rostra.forum.threads.submissions import Sent
from rostra.kernel import clock
from rostra.kernel.errors import Gathered, Invalid, NotFound, Refused
from rostra.kernel.events import emit


@transaction.atomic
def start_thread(
    viewer: Viewer,
    board_id: int,
    title: str,
    source: str,
    *,
    head: Head = PLAIN,
    sent: Sent = NOT_BY_FORM,
    beside: str = "",
) -> Thread:
    """Start a thread with its opening post; emits PostPublished.

    The same form again returns the same thread. Raises TooMany.
    beside: what else the form held; with something else in it, it is another form.
    """
    title, source, head = check_opening(title, source, head)
    member_id = viewer.require_member()
    take_turn(member_id, viewer.limits_kept)
    board = whole_tree().rows.get(board_id)
    if board is None or not viewer.can("read", board_id):
        raise NotFound
    digest = submissions.digest_of("thread", board_id, title, source, *head, beside)
    if (posted := submissions.earlier(member_id, sent, digest)) is not None:
        return posted.thread
    rules.may_start(viewer, board_id, is_category=board.is_category).enforce()
    pace.may_go_on(viewer, board_id)
    limits = pace.limits_for(viewer, board_id)
    pace.may_start_now(viewer, limits)
    now = clock.now()
    thread = Thread.objects.create(
        board_id=board_id,
        title=title,
        starter_id=viewer.require_member(),
        created_at=now,
        bumped_at=now,
        **described(head),
    )
    if thread.tags:
        file_under_tags(thread)
    post = publish(viewer, thread, source, render_for(viewer, source), limits)
    submissions.keep(member_id, sent, digest, post)
    drop_draft(member_id, f"b{board_id}")
    return thread


@transaction.atomic
def lock_thread(
    viewer: Viewer, thread_id: int, *, locked: bool, reason: str, why: Why = OF_OWN_ACCORD
) -> Thread:
    """Close a thread to replies or open it again; emits ThreadLocked. Already so: refused."""
    thread = locked_thread(viewer, thread_id)
    rules.may_moderate(viewer, thread.board_id).enforce()
    if thread.is_locked == locked:
        raise Refused("already_locked" if locked else "not_locked")
    kind = "thread.lock" if locked else "thread.unlock"
    log_n = log_act(viewer, kind, thread, reason, why=why)
    thread.is_locked = locked
    save_changed(thread)
    emit(ThreadLocked(thread_id=thread.pk, locked=locked, log_n=log_n))
    return thread


@transaction.atomic
def pin_thread(viewer: Viewer, thread_id: int, *, pinned: bool, reason: str) -> Thread:
    """Keep a thread on top of its board, or no longer; emits ThreadPinned."""
    thread = locked_thread(viewer, thread_id)
    rules.may_moderate(viewer, thread.board_id).enforce()
    if thread.is_pinned == pinned:
        raise Refused("already_pinned" if pinned else "not_pinned")
    log_n = log_act(viewer, "thread.pin" if pinned else "thread.unpin", thread, reason)
    thread.is_pinned = pinned
    save_changed(thread)
    emit(ThreadPinned(thread_id=thread.pk, pinned=pinned, log_n=log_n))
    return thread


@transaction.atomic
def move_thread(
    viewer: Viewer, thread_id: int, board_id: int, *, reason: str, why: Why = OF_OWN_ACCORD
) -> Thread:
    """File a thread in another board; its address and its posts' stay. Emits ThreadMoved."""
    thread = locked_thread(viewer, thread_id)
    board = whole_tree().rows.get(board_id)
    if board is None or not viewer.can("see", board_id):
        raise Invalid({"board": "no_such_board"})
    rules.may_move(viewer, thread.board_id, board_id, is_category=board.is_category).enforce()
    was = thread.board_id
    if was == board_id:
        raise Refused("already_there")
    facts = {"from": was, "to": board_id}
    log_n = log_act(viewer, "thread.move", thread, reason, facts=facts, why=why)
    thread.board_id = board_id
    save_changed(thread)
    opening = Post.objects.filter(thread=thread, number=1, state=State.VISIBLE).count()
    posts = thread.reply_count + opening
    is_counted = int(thread.state == State.VISIBLE)
    # Rows of counters are always locked in the order of their ids.
    for one, sign in sorted(((was, -1), (board_id, 1))):
        counting.count_in_board(one, threads=sign * is_counted, posts=sign * posts)
    counting.find_last_thread(was)
    counting.find_last_thread(board_id)
    emit(ThreadMoved(thread_id=thread.pk, from_board_id=was, to_board_id=board_id, log_n=log_n))
    return thread


def check_opening(title: str, source: str, head: Head) -> tuple[str, str, Head]:
    """Return title, source and head as they are kept; raises Invalid with all that is wrong."""
    gathered = Gathered()
    with gathered:
        title = check_title(title)
    with gathered:
        source = check_source(source)
    with gathered:
        head = heads.checked(head)
    gathered.enforce()
    return title, source, head
