"""What of a reader's own waits in a thread, below the posts that are shown."""

from __future__ import annotations

from markupsafe import Markup

from rostra.reading.thread_page import ThreadPage
from rostra.web.fragments import filled, worded
from rostra.web.jinja import macro
from rostra.web.request import RostraRequest


def own_waiting(request: RostraRequest, page: ThreadPage) -> Markup:
    """Return what of the reader's waits here, "" for nothing. One query for references."""
    if not page.waiting:
        return Markup("")
    words = filled(request.viewer, [worded(one.html) for one in page.waiting])
    made = macro("threads/_waiting.html", "waiting", request.language)
    return made(list(zip(page.waiting, words, strict=True)))
