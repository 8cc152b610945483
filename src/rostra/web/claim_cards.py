"""Claims above the posts of a thread."""

from __future__ import annotations

from rostra.reading.thread_page import CARDS, ThreadPage
from rostra.web.jinja import kept
from rostra.web.request import RostraRequest


def claim_cards(request: RostraRequest, page: ThreadPage) -> str:
    """Return the claims of a thread as this reader may see them, "" for none."""
    if not page.claims:
        return ""
    shown, further = page.claims[:CARDS], page.claims[CARDS:]
    return str(kept(request.language, "claims/_cards.html", "cards", shown, further))
