"""Pages in two parts: the frame, made once for all who see the same, and what is the reader's own.

A template writes `hole(name)` where something goes that the frame does not depend on: the layout
for the corner with the account. The frame is kept by everything it was made of, and as bytes: one
letter beyond the basic plane, and a page of text is four times as long while it is put together.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any, NamedTuple

from django.http import HttpResponse, QueryDict
from django.template.loader import render_to_string
from markupsafe import Markup

from rostra.kernel.keeping import Kept
from rostra.web.jinja import account_corner, look_of, notices_of
from rostra.web.request import RostraRequest

EDGE = b"\0"  # in no text that is stored, in no page
MEMORY = 6 * 2**20  # bytes

_frames: Kept[tuple[Hashable, ...], list[bytes]] = Kept(MEMORY)


def framed(
    request: RostraRequest,
    template: str,
    made_of: Hashable,
    context: Callable[[], dict[str, Any]],
    inserts: Mapping[str, str | bytes] | None = None,
) -> HttpResponse:
    """Return a page whose frame depends on `made_of`, the address and the language, no more.

    `context` is called where the frame has to be made; `inserts` are HTML by name of the hole.
    """
    viewer = request.viewer
    # The version stands for the forum's name and colours as well.
    site = request.language, viewer.boards_version, viewer.is_guest
    key = template, site, request.get_full_path(), made_of
    frame = _frames.find(key)
    if frame is None:
        page = render_to_string(template, {**context(), "hole": _hole, "request": _asked(request)})
        frame = page.encode().split(EDGE)
        _frames.keep(key, frame, sum(map(len, frame)) + 2000)
    filling = {
        b"account": account_corner(request).encode(),
        b"look": look_of(request).encode(),
        b"notices": notices_of(request).encode(),
        **{name.encode(): _encoded(html) for name, html in (inserts or {}).items()},
    }
    parts = frame.copy()
    for place in range(1, len(parts), 2):
        parts[place] = filling[parts[place]]
    return HttpResponse(b"".join(parts))


class Asked(NamedTuple):
    """All of a request that a frame may depend on: its address."""

    path: str
    GET: QueryDict


def _asked(request: RostraRequest) -> Asked:
    return Asked(request.path, request.GET)


def _hole(name: str) -> Markup:
    return Markup(f"\0{name}\0")  # noqa: S704 (a name of ours)


def _encoded(html: str | bytes) -> bytes:
    return html if isinstance(html, bytes) else html.encode()


def forget() -> None:
    """Drop what is kept in memory, to measure what making it costs."""
    _frames.clear()
