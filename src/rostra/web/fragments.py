"""Kept fragments, filled in: words of the language first, then titles and names for one viewer.

A fragment holds markers (content.markup.references.MARKER). One query finds what they stand for
as far as this viewer may know it; what is absent becomes an unknown reference, without a title.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import lru_cache
from html import unescape
from typing import NamedTuple

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _
from markupsafe import Markup, escape

from rostra.content.markup.references import MARKER
from rostra.forum.access.viewer import NONE, Viewer
from rostra.forum.threads.queries import Reference, references
from rostra.web import addresses

WORDS = {
    "altered": _("these words are not in the quoted post"),
    "shortened": _("shortened"),
    "unverified": _("source not known"),
    "spoiler": _("Spoiler"),
    "older_quotes": _("Older quotes"),
    "image": _("Image"),
    "signature": _("Signature"),
    "done": _("done"),
    "open": _("open"),
}


class Worded(NamedTuple):
    """A fragment in one language, the same for all who read; its references are still open."""

    html: str
    threads: frozenset[int]
    posts: frozenset[int]


def worded(fragment: str) -> Worded:
    """Put in the words of the language; return what is left to fill in for a viewer."""
    threads: set[int] = set()
    posts: set[int] = set()

    def put(found: re.Match[str]) -> str:
        kind, value = found[2], found[3]
        if kind == "word":
            return str(escape(gettext(WORDS[value]))) if value in WORDS else ""
        if kind == "said":
            return str(_said(unescape(value)))
        (threads if kind == "thread" else posts).add(int(value))
        return found[0]

    html = MARKER.sub(put, fragment)
    return Worded(html, frozenset(threads), frozenset(posts))


class Filling(NamedTuple):
    """What references stand for, as far as one viewer may know it; who knows the same has equal."""

    threads: tuple[tuple[int, Reference], ...] = ()
    posts: tuple[tuple[int, Reference], ...] = ()
    ignored: frozenset[int] = NONE  # of those who wrote these posts


NOTHING = Filling()


def filling_for(viewer: Viewer, threads: Collection[int], posts: Collection[int]) -> Filling:
    """Return what goes into fragments that refer to these. One query; none without references."""
    if not threads and not posts:
        return NOTHING
    known_threads, known_posts = references(viewer, threads, posts)
    ignored = viewer.ignored and viewer.ignored.intersection(
        ref.author_id for ref in known_posts.values() if ref.author_id is not None
    )
    return Filling(tuple(known_threads.items()), tuple(known_posts.items()), ignored)


def put_in(filling: Filling, fragment: Worded) -> Markup:
    """Return a fragment, filled in, in the active language."""
    html, threads, posts = fragment
    if threads or posts:
        html = MARKER.sub(_putting_in(filling), html)
    return Markup(html)  # noqa: S704 (sanitised when kept)


def filled(viewer: Viewer, fragments: Collection[Worded]) -> list[Markup]:
    """Return the fragments as this viewer may read them. One query; none without references."""
    filling = filling_for(
        viewer,
        frozenset().union(*(fragment.threads for fragment in fragments)),
        frozenset().union(*(fragment.posts for fragment in fragments)),
    )
    return [put_in(filling, fragment) for fragment in fragments]


def _putting_in(filling: Filling) -> Callable[[re.Match[str]], str]:
    language = get_language() or ""
    threads, posts = dict(filling.threads), dict(filling.posts)

    def put(found: re.Match[str]) -> str:
        kind, id_ = found[2], int(found[3])
        ref = (threads if kind == "thread" else posts).get(id_)
        if kind == "quote" and ref is not None and ref.author_id in filling.ignored:
            kind = "ignored"
        return _shown(language, kind, ref)

    return put


@lru_cache(maxsize=4096)
def _shown(language: str, kind: str, ref: Reference | None) -> str:
    """Return what stands for a reference in the active language; None is an unknown one."""
    shapes = {"thread": _thread, "quote": _quote, "post": _post, "ignored": _ignored}
    return str(shapes[kind](ref))


def _thread(ref: Reference | None) -> Markup:
    if ref is None:
        return Markup('<span class="unknown">{}</span>').format(gettext("a thread"))
    address = addresses.thread(ref.thread_id, ref.thread_title)
    return Markup('<a class="ref" href="{}"><bdi>{}</bdi></a>').format(address, ref.thread_title)


def _post(ref: Reference | None) -> Markup:
    if ref is None:
        return Markup('<span class="unknown">{}</span>').format(gettext("a post"))
    number = "" if ref.number is None else f" #{ref.number}"  # what waits has none
    return Markup('<a class="ref" href="{}"><bdi>{}</bdi>{}</a>').format(
        addresses.post(ref.post_id or 0), ref.thread_title, number
    )


def _quote(ref: Reference | None) -> Markup:
    if ref is None:
        return Markup('<span class="unknown">{}</span>').format(gettext("Quoted from a post"))
    words = _wrote(Markup("<bdi>{}</bdi>").format(ref.author))
    return Markup('<a href="{}">{} <span aria-hidden="true">↑</span></a>').format(
        addresses.post(ref.post_id or 0), words
    )


def _ignored(ref: Reference | None) -> Markup:
    """Return the head of a quote that its reader need not meet: its words are not shown below."""
    return Markup('<a class="ignored" href="{}">{} <span aria-hidden="true">↑</span></a>').format(
        addresses.post(ref.post_id or 0 if ref else 0), gettext("Quoted from somebody you ignore")
    )


def _said(name: str) -> Markup:
    return _wrote(Markup("<bdi>{}</bdi>").format(name))


def _wrote(name: Markup) -> Markup:
    # Translators: the head of a quote, "Ann wrote"
    return escape(gettext("{name} wrote")).replace("{name}", name)
