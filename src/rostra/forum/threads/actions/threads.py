"""Starting, locking, pinning and moving threads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from rostra.forum.access.viewer import Viewer
from rostra.forum.boards.queries import whole_tree
from rostra.forum.holds.actions import follow_thread
from rostra.forum.members.turns import take_turn
from rostra.forum.modlog import actions as modlog
from rostra.forum.modlog import queries as log
from rostra.forum.threads import counting, heads, heat, rules, submissions
from rostra.forum.threads.actions import pace
from rostra.forum.threads.actions.describing import described, file_under_tags
from rostra.forum.threads.actions.drafts import drop_draft
from rostra.forum.threads.actions.holding import NOTHING
from rostra.forum.threads.actions.logging import OF_OWN_ACCORD, Why, log_act
from rostra.forum.threads.actions.posts import NOT_BY_FORM, check_source, check_title, publish
from rostra.forum.threads.actions.rows import locked_thread, save_changed
from rostra.forum.threads.events import ThreadLocked, ThreadMoved, ThreadPinned, ThreadSlowed
from rostra.forum.threads.heads import PLAIN, Head
from rostra.forum.threads.models import Post, State, Thread
from rostra.forum.threads.rendering import render_for
from rostra.forum.threads.submissions import Sent
from rostra.kernel import clock, rows
from rostra.kernel.errors import Gathered, Invalid, NotFound, Refused
from rostra.kernel.events import emit

LOCKED_LONG_ENOUGH = "The time it was locked for is over."
PAUSED_BY_REPORTS = (
    "Many members reported posts of several authors here within half an hour. "
    "The thread opens again by itself after ten minutes."
)


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
    read_beside: Mapping[str, str] = NOTHING,
) -> Thread:
    """Start a thread with its opening post; emits PostPublished, or PostHeld where it waits.

    The same form again returns the same thread. Raises TooMany.
    beside: what else the form held; with something else in it, it is another form.
    read_beside: what of that everybody reads, by the names of its fields.
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
    pace.hold_to_limits(viewer, board_id)
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
    rendered = render_for(viewer, source)
    post = publish(viewer, thread, source, rendered, limits, beside=read_beside)
    submissions.keep(member_id, sent, digest, post)
    drop_draft(member_id, f"b{board_id}")
    return thread


@transaction.atomic
def lock_thread(
    viewer: Viewer,
    thread_id: int,
    *,
    locked: bool,
    reason: str,
    until: datetime | None = None,
    why: Why = OF_OWN_ACCORD,
) -> Thread:
    """Close a thread to replies or open it again; emits ThreadLocked. Already so: refused.

    until: when a thread that is locked opens by itself (`open_again`).
    """
    thread = locked_thread(viewer, thread_id)
    rules.may_moderate(viewer, thread.board_id).enforce()
    if until is not None:
        rules.check_until(until, clock.now())
    if thread.is_locked == locked:
        raise Refused("already_locked" if locked else "not_locked")
    kind = "thread.lock" if locked else "thread.unlock"
    facts = {"until": until.isoformat()} if until is not None else None
    log_n = log_act(viewer, kind, thread, reason, facts=facts, why=why)
    thread.is_locked, thread.opens_at = locked, until if locked else None
    save_changed(thread)
    emit(ThreadLocked(thread_id=thread.pk, locked=locked, log_n=log_n))
    return thread


@transaction.atomic
def pause_thread(thread_id: int, *, rule: str) -> int | None:
    """Close a thread for ten minutes by itself, that tempers cool (ABU-011); emits ThreadLocked.

    Return the entry of the log, None for a thread that is locked already or was paused within
    six hours: nobody can keep one closed by reports. The rule: which most of them name.
    """
    thread, now = rows.lock(Thread, thread_id), clock.now()
    if thread is None or thread.is_locked or thread.state != State.VISIBLE:
        return None
    last = log.latest_in_thread(thread_id, ("thread.pause",))
    if last is not None and now - last.at < heat.NOT_AGAIN_FOR:
        return None
    until = now + heat.PAUSE
    log_n = modlog.append(
        "thread.pause",
        role="automatic",
        origin="automatic",
        reason=PAUSED_BY_REPORTS,
        rule=rule,
        board_id=thread.board_id,
        thread_id=thread_id,
        facts={"until": until.isoformat()},
    )
    thread.is_locked, thread.opens_at = True, until
    save_changed(thread)
    emit(ThreadLocked(thread_id=thread_id, locked=True, log_n=log_n))
    return log_n


def open_again() -> int:
    """Open the threads whose time has come; return how many. Each emits ThreadLocked.

    Nobody does it: the entry in the log says so, and names the lock that it ends.
    """
    due = Thread.objects.filter(opens_at__lte=clock.now()).order_by("opens_at")
    return sum(_open(thread_id) for thread_id in list(due.values_list("id", flat=True)[:100]))


@transaction.atomic
def _open(thread_id: int) -> bool:
    thread = rows.lock(Thread, thread_id)
    if thread is None or thread.opens_at is None or thread.opens_at > clock.now():
        return False
    lock = log.latest_in_thread(thread_id, rules.LOCKS)
    log_n = modlog.append(
        "thread.unlock",
        role="automatic",
        origin="automatic",
        reason=LOCKED_LONG_ENOUGH,
        subject_id=thread.starter_id,
        board_id=thread.board_id,
        thread_id=thread_id,
        reverts=None if lock is None else lock.n,
    )
    thread.is_locked, thread.opens_at = False, None
    save_changed(thread)
    emit(ThreadLocked(thread_id=thread_id, locked=False, log_n=log_n))
    return True


@transaction.atomic
def slow_thread(
    viewer: Viewer, thread_id: int, seconds: int, *, reason: str, why: Why = OF_OWN_ACCORD
) -> Thread:
    """Let each member post in a thread only every so many seconds; 0 ends it. Emits ThreadSlowed.

    Its moderators are not slowed.
    """
    thread = locked_thread(viewer, thread_id)
    rules.may_moderate(viewer, thread.board_id).enforce()
    if not 0 <= seconds <= rules.SLOWEST:
        raise Invalid({"seconds": "not_a_choice"})
    if thread.slow_seconds == seconds:
        raise Refused("as_slow_already")
    log_n = log_act(viewer, "thread.slow", thread, reason, facts={"seconds": seconds}, why=why)
    thread.slow_seconds = seconds
    save_changed(thread)
    emit(ThreadSlowed(thread_id=thread.pk, seconds=seconds, log_n=log_n))
    return thread


@transaction.atomic
def pin_thread(
    viewer: Viewer, thread_id: int, *, pinned: bool, reason: str, why: Why = OF_OWN_ACCORD
) -> Thread:
    """Keep a thread on top of its board, or no longer; emits ThreadPinned."""
    thread = locked_thread(viewer, thread_id)
    rules.may_moderate(viewer, thread.board_id).enforce()
    if thread.is_pinned == pinned:
        raise Refused("already_pinned" if pinned else "not_pinned")
    log_n = log_act(viewer, "thread.pin" if pinned else "thread.unpin", thread, reason, why=why)
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
    follow_thread(thread.pk, board_id)
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
