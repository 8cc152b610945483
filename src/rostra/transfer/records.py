"""A forum as a stream of plain records: what every importer yields and the archive holds.

Keys (`id`, `board`, `author` …) are the origin's own, as strings; `load` maps them to ours.
A record comes after all records it refers to, but for `reply_to`, quotes and `answer`.
Times are UTC, or None where the origin has none or an impossible one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple, Protocol

from rostra.content.markup.references import Dialect

type ThreadKind = Literal["discussion", "news", "question"]
type PostState = Literal["visible", "pending", "hidden", "removed", "withdrawn", "moved", "merged"]


@dataclass(slots=True, kw_only=True)
class BoardRecord:
    id: str
    title: str
    parent: str | None = None
    description: str = ""
    position: int = 0
    is_category: bool = False
    is_private: bool = False  # guests could not read it, or it is not certain that they could
    addresses: tuple[str, ...] = ()  # old paths and addresses that should lead here


@dataclass(slots=True, kw_only=True)
class MemberRecord:
    id: str
    name: str
    title: str = ""
    joined_at: datetime | None = None
    email: str = ""
    password: str = ""  # a hash, as stored; "" where nobody can sign in yet
    password_scheme: str = ""  # what made it, where that was not Rostra: see members.hashing
    password_salt: str = ""  # that of the scheme; for SMF the name one signed in with
    language: str = ""
    per_page: int = 20
    theme: str = ""
    density: str = ""
    time_zone: str = ""
    hides_signatures: bool = False
    about: str = ""
    signature: str = ""
    read_before: datetime | None = None
    suspended_until: datetime | None = None
    is_active: bool = True
    dismissed: str = ""  # ids of notices, by comma
    addresses: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class ThreadRecord:
    id: str
    board: str
    title: str
    starter: str | None = None  # a member's key; None: a guest or a deleted account
    starter_name: str = ""  # the name of a starter without account
    created_at: datetime | None = None
    state: PostState = "visible"
    is_locked: bool = False
    is_pinned: bool = False
    opens_at: datetime | None = None  # of a locked one
    slow_seconds: int = 0
    answer: str | None = None  # key of the accepted answer: what has one is a question
    kind: ThreadKind = "discussion"
    link: str = ""  # of the article that news is about
    excerpt: str = ""
    tags: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class PostRecord:
    id: str
    thread: str
    source: str
    dialect: Dialect
    number: int | None = None  # its place, where the origin's must be kept; else in order
    author: str | None = None
    author_name: str = ""
    created_at: datetime | None = None
    state: PostState = "visible"
    state_at: datetime | None = None
    reply_to: str | None = None
    edited_at: datetime | None = None
    is_edited_by_moderator: bool = False
    addresses: tuple[str, ...] = ()


class Ballot(NamedTuple):
    """What one member chose in a poll."""

    member: str
    places: tuple[int, ...]  # from 1
    at: datetime | None = None


@dataclass(slots=True, kw_only=True)
class PollRecord:
    """The one poll of a thread, above its opening post.

    Of votes in `counts` that no ballot holds, and of `voters` beyond the ballots, the origin tells
    only how many they are.
    """

    thread: str
    question: str
    options: tuple[str, ...]
    counts: tuple[int, ...]  # all votes for each option
    voters: int
    ballots: tuple[Ballot, ...] = ()
    most: int = 1  # options in one ballot
    closes_at: datetime | None = None
    is_closed: bool = False  # whether or not it is known since when
    is_public: bool = False
    may_change: bool = True
    shows_results: bool = True


@dataclass(slots=True, kw_only=True)
class ReactionRecord:
    post: str
    kind: str = "like"
    member: str | None = None  # None: the origin tells only how many
    count: int = 1  # more than 1 only where member is None
    at: datetime | None = None


@dataclass(slots=True, kw_only=True)
class OtherRecord:
    """A row of the archive for a room that has no record of its own (grants, log, history …)."""

    kind: str
    data: dict[str, Any] = field(default_factory=dict)


type Record = (
    BoardRecord
    | MemberRecord
    | ThreadRecord
    | PollRecord
    | PostRecord
    | ReactionRecord
    | OtherRecord
)


class Skipped(NamedTuple):
    """Something of the origin that became no record, and why: a code, `duplicate_message`."""

    what: str
    why: str


class Reader(Protocol):
    """Reads one origin. May be started anew after a kill: equal input gives equal records."""

    origin: str  # names the origin in the map of old ids, e.g. "usenet/ng20"

    def prepare(self) -> int:
        """Look through the input; return how many posts will come. Cheap to repeat."""
        ...

    def records(self) -> Any:  # Iterator[Record | Skipped]
        """Yield every record, and a Skipped for everything left out."""
        ...
