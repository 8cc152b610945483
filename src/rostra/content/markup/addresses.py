"""Which addresses are this forum's own pages. Pure."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from rostra.content.markup.references import LocalRef

_THREAD = re.compile(r"/threads/(\d{1,18})(?:\.[^/?#]*)?/?")
_POST = re.compile(r"/posts/(\d{1,18})/?")


def local_ref(address: str, base_url: str) -> LocalRef | None:
    """Return the thread or post an address leads to, or None: elsewhere, or another page.

    A thread's inner pages and fragments are not the thread: they stay ordinary links.
    """
    try:
        parts, own = urlsplit(address), urlsplit(base_url)
    except ValueError:
        return None
    if parts.query or parts.fragment:
        return None
    if parts.netloc and (parts.netloc.lower(), parts.scheme) != (own.netloc.lower(), own.scheme):
        return None
    if thread := _THREAD.fullmatch(parts.path):
        return LocalRef("thread", int(thread[1]))
    if post := _POST.fullmatch(parts.path):
        return LocalRef("post", int(post[1]))
    return None
