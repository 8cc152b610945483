"""What a viewer may do with threads and posts. Pure: everything needed is in the arguments."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from rostra.forum.access.rules import may_moderate_anywhere
from rostra.kernel.errors import Invalid
from rostra.kernel.verdict import ALLOWED, Verdict

if TYPE_CHECKING:
    from rostra.forum.access.viewer import Viewer

TITLE_LENGTH = 200
SOURCE_LENGTH = 32_000
BACK_WITHIN = timedelta(hours=24)  # a withdrawal may be taken back
LOCKS = ("thread.lock", "thread.pause")  # acts that a thread is locked by
BLOCKS = "▮▮▮▮▮▮"  # where words were redacted: as many for one letter as for a whole sentence
SLOWEST = 3600  # seconds between two posts of a member in a slow thread
LOCKED_AT_MOST = timedelta(days=365)  # where it opens by itself


class ThreadFacts(Protocol):
    """What the rules ask of a thread."""

    @property
    def id(self) -> int: ...
    @property
    def board_id(self) -> int: ...
    @property
    def starter_id(self) -> int | None: ...
    @property
    def state(self) -> str: ...
    @property
    def is_locked(self) -> bool: ...


class QuestionFacts(ThreadFacts, Protocol):
    """What the rules ask of a thread that may have an answer."""

    @property
    def kind(self) -> str: ...


class PostFacts(Protocol):
    """What the rules ask of a post."""

    @property
    def author_id(self) -> int | None: ...
    @property
    def state(self) -> str: ...


class ReplyFacts(PostFacts, Protocol):
    """What the rules ask of a post that may be an answer."""

    @property
    def number(self) -> int | None: ...


def may_read(viewer: Viewer, thread: ThreadFacts) -> Verdict:
    """Whether the thread exists for this viewer; one that was merged leads to another."""
    if thread.state == "merged":
        return Verdict("thread_merged")
    if not viewer.can("read", thread.board_id):
        return Verdict("board_hidden")
    if thread.state == "visible" or viewer.can("moderate", thread.board_id):
        return ALLOWED
    if thread.state in ("pending", "withdrawn") and _is_own(viewer, thread.starter_id):
        return ALLOWED
    return Verdict("thread_hidden")


def may_read_post(viewer: Viewer, thread: ThreadFacts, post: PostFacts) -> Verdict:
    """Whether the words of a post in a readable thread are shown, not only its tombstone."""
    if post.state == "visible" or viewer.can("moderate", thread.board_id):
        return ALLOWED
    if _is_own(viewer, post.author_id):
        return ALLOWED
    return Verdict(f"post_{post.state}")


def may_read_taken_out(viewer: Viewer, thread: ThreadFacts, post: PostFacts) -> Verdict:
    """Whether what a moderator took out of a readable post is shown, and what it said before."""
    if viewer.can("moderate", thread.board_id) or _is_own(viewer, post.author_id):
        return ALLOWED
    return Verdict("taken_out")


def may_start(viewer: Viewer, board_id: int, *, is_category: bool) -> Verdict:
    """Whether the viewer may start a thread in the board."""
    if is_category:
        return Verdict("category_holds_no_threads")
    if viewer.is_guest:
        return Verdict("log_in_first")
    if viewer.barred:
        return Verdict(viewer.barred)
    if not viewer.can("start", board_id):
        return viewer.denied("start", board_id, "no_start_in_board")
    return ALLOWED


def may_reply(viewer: Viewer, thread: ThreadFacts) -> Verdict:
    """Whether the viewer may add a post at the end of the thread."""
    if viewer.is_guest:
        return Verdict("log_in_first")
    if viewer.barred:
        return Verdict(viewer.barred)
    if thread.state != "visible":
        return Verdict("thread_not_open")
    if thread.is_locked and not viewer.can("moderate", thread.board_id):
        return Verdict("thread_locked")
    if viewer.limit_on("reply", thread.board_id, thread.id):
        return Verdict("limited")
    if not viewer.can("reply", thread.board_id):
        return Verdict("no_reply_in_board")
    return ALLOWED


def may_edit(
    viewer: Viewer, thread: ThreadFacts, post: PostFacts, written: datetime | None, since: datetime
) -> Verdict:
    """Whether the viewer may change the words of a post; a moderator's change is logged.

    written: when the post was; since: what was written before is the author's to change no more.
    """
    if viewer.is_guest:
        return Verdict("log_in_first")
    if barred := viewer.barred_in(thread.board_id):
        return Verdict(barred)
    if post.state in ("moved", "merged"):
        return Verdict("post_not_standing")
    if viewer.can("moderate", thread.board_id):
        return ALLOWED
    if not _is_own(viewer, post.author_id):
        return Verdict("not_your_post")
    if post.state not in ("visible", "pending"):
        return Verdict("post_not_standing")
    if thread.is_locked:
        return Verdict("thread_locked")
    if written is None or written < since:
        return Verdict("edit_time_over")
    return ALLOWED


def may_withdraw(viewer: Viewer, thread: ThreadFacts, post: PostFacts) -> Verdict:
    """Whether the viewer may take back a post: only its author, while it stands."""
    if viewer.is_guest:
        return Verdict("log_in_first")
    if not _is_own(viewer, post.author_id):
        return Verdict("not_your_post")
    if post.state != "visible":
        return Verdict("post_not_standing")
    return ALLOWED


def may_bring_back(
    viewer: Viewer,
    thread: ThreadFacts,
    post: PostFacts,
    withdrawn: datetime | None,
    now: datetime,
) -> Verdict:
    """Whether the viewer may undo their own withdrawal: within a day."""
    if viewer.is_guest:
        return Verdict("log_in_first")
    if barred := viewer.barred_in(thread.board_id):
        return Verdict(barred)
    if not _is_own(viewer, post.author_id):
        return Verdict("not_your_post")
    if post.state != "withdrawn":
        return Verdict("not_withdrawn")
    if thread.is_locked:
        return Verdict("thread_locked")
    if withdrawn is None or now - withdrawn > BACK_WITHIN:
        return Verdict("withdrawn_for_good")
    return ALLOWED


def may_attach(viewer: Viewer, board_id: int) -> Verdict:
    """Whether the viewer may show pictures and files in posts of the board."""
    if viewer.is_guest:
        return Verdict("log_in_first")
    if viewer.barred:
        return Verdict(viewer.barred)
    if not viewer.can("attach", board_id):
        return viewer.denied("attach", board_id, "no_attachments_in_board")
    return ALLOWED


def may_react(viewer: Viewer, thread: ThreadFacts, post: PostFacts) -> Verdict:
    """Whether the viewer may react to a post: not to their own, nor where nothing moves."""
    if viewer.is_guest:
        return Verdict("log_in_first")
    if viewer.barred:
        return Verdict(viewer.barred)
    if thread.state != "visible":
        return Verdict("thread_not_open")
    if thread.is_locked:
        return Verdict("thread_locked")
    if post.state != "visible":
        return Verdict("post_not_standing")
    if not viewer.can("react", thread.board_id):
        return viewer.denied("react", thread.board_id, "no_reactions_in_board")
    if _is_own(viewer, post.author_id):
        return Verdict("own_post")
    return ALLOWED


def may_accept(viewer: Viewer, thread: QuestionFacts, post: ReplyFacts) -> Verdict:
    """Whether the viewer may say that a reply is the answer, or take that back.

    Who asked may; a moderator may too, and it is logged.
    """
    if viewer.is_guest:
        return Verdict("log_in_first")
    if barred := viewer.barred_in(thread.board_id):
        return Verdict(barred)
    if thread.kind != "question":
        return Verdict("not_a_question")
    if thread.state != "visible":
        return Verdict("thread_not_open")
    if not viewer.can("moderate", thread.board_id):
        if not _is_own(viewer, thread.starter_id):
            return Verdict("not_your_question")
        if thread.is_locked:
            return Verdict("thread_locked")
    if post.number is None or post.number <= 1:
        return Verdict("not_a_reply")
    if post.state != "visible":
        return Verdict("post_not_standing")
    return ALLOWED


def may_moderate(viewer: Viewer, board_id: int) -> Verdict:
    """Whether the viewer may remove, restore, lock, pin and move in the board."""
    if viewer.is_guest:
        return Verdict("log_in_first")
    if viewer.barred:
        return Verdict(viewer.barred)
    if not viewer.can("moderate", board_id):
        return Verdict("not_a_moderator_here")
    return ALLOWED


def moderated_by(viewer: Viewer) -> frozenset[int]:
    """Return the boards in which the viewer may act on others' posts."""
    moderated = viewer.grants.get("moderate")
    return moderated if moderated and may_moderate_anywhere(viewer) else frozenset()


def check_until(until: datetime, now: datetime) -> None:
    """Raise Invalid for a time at which nothing can end by itself."""
    if not now < until <= now + LOCKED_AT_MOST:
        raise Invalid({"until": "until_odd"})


def may_move(viewer: Viewer, from_board: int, to_board: int, *, is_category: bool) -> Verdict:
    """Whether the viewer may move a thread between the two boards: a moderator of both."""
    if is_category:
        return Verdict("category_holds_no_threads")
    here = may_moderate(viewer, from_board)
    return may_moderate(viewer, to_board) if here else here


def _is_own(viewer: Viewer, member_id: int | None) -> bool:
    return member_id is not None and viewer.member_id == member_id
