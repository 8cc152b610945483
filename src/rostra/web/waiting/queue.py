"""The queue of those who moderate: what waits in their boards, decided where it is read."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from rostra.forum.holds.rules import NAMES
from rostra.forum.threads.waiting import Asked
from rostra.kernel.errors import Invalid
from rostra.reading.waiting_page import queue_page
from rostra.web import query
from rostra.web.form_page import EXPECTED, Expected, refusal_of, status_of
from rostra.web.forms import id_in, see_other
from rostra.web.hold_words import detail_of, in_words
from rostra.web.request import RostraRequest
from rostra.web.waiting.deciding import DONE, FORM, cards_of, decide, typed


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: RostraRequest) -> HttpResponse:
    """List what waits, the longest waiting first, and decide about it."""
    reason = query.one_of(request, "reason", ("", *NAMES)) if request.GET.get("reason") else ""
    asked = Asked(query.whole(request, "board"), reason)
    after = query.whole(request, "after") or 0
    done = query.one_of(request, "done", DONE)
    chosen = {"board": str(asked.board_id or ""), "reason": reason}
    values = dict.fromkeys(FORM, "")
    error: Expected | None = None
    if request.method == "POST":
        values = typed(request)
        try:
            decide(request, values)
        except EXPECTED as refused:
            error = refused
        else:
            return see_other(f"{_address(chosen, after=after, done=values['do'])}#queue")
    page = queue_page(request.viewer, asked, after)
    context = {
        "page": page,
        "cards": cards_of(request, page.rows),
        "chosen": chosen,
        "here": _address(chosen, after=after),
        "further": _address(chosen, after=page.further) if page.further else "",
        "done": done,
        "reasons": NAMES,
        "values": values,
        "at": id_in(values["hold"]),
        "errors": error.fields if isinstance(error, Invalid) else {},
        "refusal": refusal_of(error),
        "in_words": in_words,
        "detail_of": detail_of,
    }
    return render(request, "waiting/queue.html", context, status=status_of(error))


def _address(chosen: dict[str, str], **more: object) -> str:
    asked = urlencode({key: value for key, value in {**chosen, **more}.items() if value})
    return f"/staff/waiting?{asked}" if asked else "/staff/waiting"
