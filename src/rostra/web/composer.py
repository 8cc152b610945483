"""The composer below a thread: made once for all, then given its own token and key."""

from __future__ import annotations

from rostra.forum.threads.submissions import fresh_key
from rostra.reading.thread_page import ThreadPage
from rostra.web.attaching import may_attach
from rostra.web.jinja import kept
from rostra.web.request import RostraRequest
from rostra.web.tokens import TOKEN, with_token

KEY, SEEN = "%key%", "%seen%"


def quick_composer(request: RostraRequest, page: ThreadPage) -> str:
    """Return the form to reply with, "" for who may not; guests' pages set no cookie."""
    if not page.may_reply:
        return ""
    made = kept(
        request.language, "base/_composer.html", "quick", page.thread.id, TOKEN, KEY, SEEN,
        may_attach(request.viewer, page.thread.board_id),
    )  # fmt: skip
    return (
        with_token(request, made)
        .replace(KEY, fresh_key())
        .replace(SEEN, str(page.thread.last_number))
    )
