"""What happens in threads."""

from dataclasses import dataclass
from typing import ClassVar

from rostra.kernel.events import Event, event


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class PostPublished(Event):
    """A post became visible: an opening post or a reply."""

    name: ClassVar[str] = "threads.post_published"
    post_id: int
    thread_id: int
    board_id: int
    author_id: int
    mentioned_ids: tuple[int, ...] = ()
    quoted_post_ids: tuple[int, ...] = ()


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class PostEdited(Event):
    """The words of a post changed; `log_n` names the entry where a moderator did it."""

    name: ClassVar[str] = "threads.post_edited"
    post_id: int
    thread_id: int
    editor_id: int
    log_n: int | None = None


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class PostCovered(Event):
    """Watched words in a post are covered since, or no longer; what was written is as it was."""

    name: ClassVar[str] = "threads.post_covered"
    post_id: int
    thread_id: int


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class PostStateChanged(Event):
    """A post was removed, restored or withdrawn."""

    name: ClassVar[str] = "threads.post_state_changed"
    post_id: int
    thread_id: int
    state: str
    log_n: int | None = None


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadLocked(Event):
    """A thread was locked or opened again."""

    name: ClassVar[str] = "threads.thread_locked"
    thread_id: int
    locked: bool
    log_n: int


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadPinned(Event):
    """A thread was pinned or unpinned."""

    name: ClassVar[str] = "threads.thread_pinned"
    thread_id: int
    pinned: bool
    log_n: int


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadStateChanged(Event):
    """A thread was removed with all its posts, or restored."""

    name: ClassVar[str] = "threads.thread_state_changed"
    thread_id: int
    state: str
    log_n: int


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadDescribed(Event):
    """A thread's title, type, article or tags changed; `log_n` where a moderator did it."""

    name: ClassVar[str] = "threads.thread_described"
    thread_id: int
    opening_id: int
    editor_id: int
    log_n: int | None = None


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerChanged(Event):
    """A reply was marked as the answer to a question, or no longer is."""

    name: ClassVar[str] = "threads.answer_changed"
    thread_id: int
    post_id: int
    member_id: int
    is_accepted: bool
    log_n: int | None = None


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadMoved(Event):
    """A thread went to another board."""

    name: ClassVar[str] = "threads.thread_moved"
    thread_id: int
    from_board_id: int
    to_board_id: int
    log_n: int


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class PostsMoved(Event):
    """Posts of a thread are in another one now: it was split, merged, or that was undone."""

    name: ClassVar[str] = "threads.posts_moved"
    from_thread_id: int
    to_thread_id: int
    log_n: int


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadSlowed(Event):
    """A thread takes a post of each member only every so many seconds; 0: as fast as they like."""

    name: ClassVar[str] = "threads.thread_slowed"
    thread_id: int
    seconds: int
    log_n: int
