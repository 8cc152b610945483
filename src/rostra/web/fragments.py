"""Kept fragments, filled in for one viewer: titles, names and words of the interface.

A fragment holds markers (content.markup.references.MARKER). One query finds what they stand for
as far as this viewer may know it; what is absent becomes an unknown reference, without a title.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from html import unescape

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from markupsafe import Markup, escape

from rostra.content.markup.references import MARKER
from rostra.forum.access.viewer import Viewer
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

type Filler = Callable[[str], Markup]


def filler(viewer: Viewer, fragments: Iterable[str]) -> Filler:
    """Return what fills in any of these fragments. One query; none without references."""
    threads: set[int] = set()
    posts: set[int] = set()
    for fragment in fragments:
        for _tag, kind, value in MARKER.findall(fragment):
            if kind == "thread":
                threads.add(int(value))
            elif kind in ("post", "quote"):
                posts.add(int(value))
    return _filler(*references(viewer, threads, posts))


def _filler(threads: Mapping[int, Reference], posts: Mapping[int, Reference]) -> Filler:
    def fill(found: re.Match[str]) -> str:
        kind, value = found[2], found[3]
        if kind == "word":
            return str(escape(gettext(WORDS[value]))) if value in WORDS else ""
        if kind == "said":
            return str(_said(unescape(value)))
        if kind == "thread":
            return str(_thread(threads.get(int(value))))
        ref = posts.get(int(value))
        return str(_quote(ref) if kind == "quote" else _post(ref))

    return lambda fragment: Markup(MARKER.sub(fill, fragment))  # noqa: S704 (sanitised when kept)


def _thread(ref: Reference | None) -> Markup:
    if ref is None:
        return Markup('<span class="unknown">{}</span>').format(gettext("a thread"))
    address = addresses.thread(ref.thread_id, ref.thread_title)
    return Markup('<a class="ref" href="{}"><bdi>{}</bdi></a>').format(address, ref.thread_title)


def _post(ref: Reference | None) -> Markup:
    if ref is None:
        return Markup('<span class="unknown">{}</span>').format(gettext("a post"))
    return Markup('<a class="ref" href="{}"><bdi>{}</bdi> #{}</a>').format(
        addresses.post(ref.post_id or 0), ref.thread_title, ref.number
    )


def _quote(ref: Reference | None) -> Markup:
    if ref is None:
        return Markup('<span class="unknown">{}</span>').format(gettext("Quoted from a post"))
    words = _wrote(Markup("<bdi>{}</bdi>").format(ref.author))
    return Markup('<a href="{}">{} <span aria-hidden="true">↑</span></a>').format(
        addresses.post(ref.post_id or 0), words
    )


def _said(name: str) -> Markup:
    return _wrote(Markup("<bdi>{}</bdi>").format(name))


def _wrote(name: Markup) -> Markup:
    # Translators: the head of a quote, "Ann wrote"
    return escape(gettext("{name} wrote")).replace("{name}", name)
