"""What a source refers to, what is known of it, and what rendering found: plain values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

type Dialect = Literal["native", "plain", "html", "bbcode"]

DIALECTS: tuple[Dialect, ...] = ("native", "plain", "html", "bbcode")

# The places in a kept fragment that each page fills in for its own viewer and language.
# Exactly these bytes leave the renderer; the value is an id, a typed name or a word's key.
#   <a data-thread="12"></a>            a thread, by title
#   <a data-post="34"></a>              a post, by thread and number
#   <a data-quote="34"></a>             "Ann wrote ↑", linked
#   <span data-said="Ann"></span>       "Ann wrote", unlinked
#   <span data-word="spoiler"></span>   a word of the interface (WORDS)
MARKER = re.compile(r'<(a|span) data-(thread|post|quote|said|word)="([^"<>]*)"></\1>')

WORDS = frozenset(
    {
        "altered",  # the quoted words are not in the quoted post
        "shortened",  # they are, but not as one piece
        "unverified",  # an attribution to a post that is not known, or to another's post
        "spoiler",
        "older_quotes",  # quotes folded away below depth 3
        "image",  # stands for a remote image, which is shown as a link, or for one not to be seen
        "signature",
        "done",  # a ticked task
        "open",  # an unticked task
    }
)


class MemberRef(NamedTuple):
    """A member as far as a mention needs it."""

    id: int
    name: str


class PostRef(NamedTuple):
    """A post as far as a quote needs it; `words` is its plain text, quotes left out."""

    id: int
    author_id: int | None
    author: str
    words: str


class LocalRef(NamedTuple):
    """One of this forum's own pages."""

    kind: Literal["thread", "post"]
    id: int


class UploadRef(NamedTuple):
    """Something uploaded that may be shown in this source; `steps` counts its smaller sizes."""

    key: str
    kind: Literal["picture", "file", "avatar"]
    form: str
    size: int
    width: int
    height: int
    steps: int


class SmilieRef(NamedTuple):
    """A smilie of this forum's own: a character, or a small picture with words for it."""

    sign: str = ""
    key: str = ""  # of a picture
    words: str = ""
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a source may refer to: more than it does is harmless, less is not.

    names: possible member names after an "@", longest candidates included, as typed.
    posts: keys of quoted posts as written: "34", or "12:3" for post 3 of topic 12.
    links: addresses that might be this forum's own.
    uploads: keys of what was uploaded.
    """

    names: frozenset[str] = frozenset()
    posts: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()
    uploads: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Known:
    """What was found of the wanted; what is absent is unknown. Keys as in Wanted.

    smilies: this forum's own, by their codes.
    """

    members: Mapping[str, MemberRef] = field(default_factory=dict)
    posts: Mapping[str, PostRef] = field(default_factory=dict)
    local: Mapping[str, LocalRef] = field(default_factory=dict)
    uploads: Mapping[str, UploadRef] = field(default_factory=dict)
    smilies: Mapping[str, SmilieRef] = field(default_factory=dict)


NOTHING_KNOWN = Known()

type QuoteState = Literal["exact", "shortened", "altered"]


class QuoteFound(NamedTuple):
    """A quote of a known post."""

    post_id: int
    state: QuoteState


@dataclass(frozen=True, slots=True)
class Rendered:
    """What one source turned into, and what was met on the way, in order, without repeats."""

    html: str
    mentions: tuple[int, ...] = ()
    quotes: tuple[QuoteFound, ...] = ()
    links: tuple[str, ...] = ()
    threads: tuple[int, ...] = ()
    posts: tuple[int, ...] = ()
    pictures: tuple[str, ...] = ()  # keys of uploads that are shown; so are files
    files: tuple[str, ...] = ()
