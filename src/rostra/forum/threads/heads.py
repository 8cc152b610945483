"""What a thread is beside its title and words: its type, its article, its tags. Pure."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple, Protocol
from urllib.parse import urlsplit

from rostra.content.markup.links import completed, safe_url
from rostra.forum.threads import tags
from rostra.kernel import text
from rostra.kernel.errors import Invalid

type ThreadKind = Literal["discussion", "news", "question"]

KINDS: tuple[ThreadKind, ...] = ("discussion", "news", "question")
LINK_LENGTH = 2000
EXCERPT_LENGTH = 600
_HOST = re.compile(r"\A(?=.{4,253}\Z)(?:[a-z0-9_-]{1,63}\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{2,59})")


class Head(NamedTuple):
    """What is chosen when a thread is started, and shown above its posts."""

    kind: str = "discussion"
    link: str = ""  # of the article that a news thread is about
    excerpt: str = ""  # of the article
    tags: str = ""  # as they are typed; as `tags` keeps them, once it is checked


PLAIN = Head()


class Described(Protocol):
    """A head, or a thread that has one."""

    @property
    def excerpt(self) -> str: ...
    @property
    def tags(self) -> str: ...


def checked(head: Head) -> Head:
    """Return the head as it is kept; raises Invalid with all that is wrong.

    What belongs to an article is left out where the thread is not about one.
    """
    kind = head.kind or PLAIN.kind
    wrong: dict[str, str] = {}
    kept = Head(kind)
    try:
        kept = kept._replace(tags=tags.checked(head.tags))
    except Invalid as error:
        wrong |= error.fields
    if kind not in KINDS:
        wrong["kind"] = "not_a_choice"
    elif kind == "news":
        kept = _with_article(kept, head, wrong)
    if wrong:
        raise Invalid(wrong)
    return kept


def _with_article(kept: Head, head: Head, wrong: dict[str, str]) -> Head:
    """Return what is kept, with the article; say what is wrong with it."""
    link = safe_url(completed(text.one_line(head.link))) or ""
    excerpt = text.storable(head.excerpt).strip()
    if text.is_blank(head.link):
        wrong["link"] = "link_missing"
    elif len(link) > LINK_LENGTH:
        wrong["link"] = "too_long"
    elif not host_of(link):
        wrong["link"] = "link_odd"
    if len(excerpt) > EXCERPT_LENGTH:
        wrong["excerpt"] = "excerpt_too_long"
    return kept._replace(link=link, excerpt="" if text.is_blank(excerpt) else excerpt)


def said_beside(title: str, head: Described) -> dict[str, str]:
    """Return what of a thread everybody reads beside its posts, by the names of its fields."""
    return {"title": title, "excerpt": head.excerpt, "tags": head.tags}


def host_of(link: str) -> str:
    """Return who an address is of, as it is shown: example.org; "" where it is of no web site.

    Foreign scripts stay in the form that only letters of ASCII have: nobody's name is imitated.
    """
    try:
        parts = urlsplit(link)
        if parts.scheme.lower() not in ("http", "https") or "@" in parts.netloc:
            return ""
        host = (parts.hostname or "").encode("idna").decode("ascii").rstrip(".")
    except ValueError:  # also what cannot be encoded
        return ""
    return host.removeprefix("www.") if _HOST.fullmatch(host) else ""
