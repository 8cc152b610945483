from __future__ import annotations

import re
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rostra.effects.search.parse import LONGEST, moment_of
from rostra.effects.search.places import Proposal
from rostra.effects.search.queries import Order, similar_threads
from rostra.forum.threads.queries import thread_for
from rostra.forum.threads.rules import moderated_by
from rostra.kernel.errors import NotFound
from rostra.kernel.ratelimit import Limit
from rostra.reading.search_page import Wish, search_page, suggestions
from rostra.web import addresses, query
from rostra.web.limits import count
from rostra.web.request import RostraRequest

ORDERS: tuple[Order, ...] = ("relevance", "date")
SUGGESTED_TIMES = 5  # a field asks while somebody types
_KEY = re.compile(r"(-?\d{1,15})\.(\d{1,19})", re.ASCII)

searches = Limit(settings.ROSTRA.search_per_minute)
asked_while_typing = Limit(settings.ROSTRA.search_per_minute * SUGGESTED_TIMES)


@require_safe
def search(request: RostraRequest) -> HttpResponse:
    """Show what was found; without a question, the form alone."""
    wish = _wish(request)
    if request.GET:
        count(request, searches)
    page = search_page(request.viewer, wish)
    kept = {name: value for name, value in request.GET.items() if name != "after" and value}
    answer = render(
        request,
        "search/search.html",
        {
            "page": page,
            "wish": wish,
            "moderated": moderated_by(request.viewer),
            "days": {name: request.GET.get(name, "") for name in ("from", "to")},
            "address_of": lambda **changed: "/search?" + urlencode({**kept, **changed}),
            "key_text": lambda key: f"{key.score}.{key.place}",
        },
        status=503 if page.is_unavailable else 200,
    )
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@require_safe
def similar(request: RostraRequest, thread_id: int) -> HttpResponse:
    """Show the threads whose titles are most like this one's; the thread's page takes them in."""
    count(request, asked_while_typing)
    thread = thread_for(request.viewer, thread_id)
    found = similar_threads(request.viewer, thread.id, thread.title)
    answer = render(request, "search/similar.html", {"thread": thread, "threads": found})
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@require_safe
def alike(request: RostraRequest) -> HttpResponse:
    """Show the threads whose titles are most like one that is being typed."""
    count(request, asked_while_typing)
    title = query.words(request, "title", limit=200)
    context = {"thread": None, "title": title, "threads": similar_threads(request.viewer, 0, title)}
    answer = render(request, "search/similar.html", context)
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@require_safe
def suggest(request: RostraRequest) -> HttpResponse:
    """Give boards, members and threads that may be meant by what is typed so far, as JSON."""
    count(request, asked_while_typing)
    found = suggestions(request.viewer, query.words(request, "q"))
    return JsonResponse(
        {
            "boards": [(row.title, addresses.board(row.id, row.title)) for row in found.boards],
            "members": [(row.name, addresses.member(row.id, row.name)) for row in found.members],
            "threads": [(row.title, addresses.thread(row.id, row.title)) for row in found.threads],
        },
        headers={"X-Robots-Tag": "noindex"},
    )


def _wish(request: RostraRequest) -> Wish:
    since, until = (moment_of(query.words(request, name)) for name in ("from", "to"))
    return Wish(
        text=query.words(request, "q", LONGEST),
        author=query.words(request, "author").removeprefix("@"),
        board_id=query.whole(request, "board"),
        thread_id=query.whole(request, "thread"),
        since=since,
        until=until,
        titles_only=request.GET.get("titles") == "1",
        has_link=request.GET.get("link") == "1",
        order=query.one_of(request, "sort", ORDERS),
        after=_key(request),
    )


def _key(request: HttpRequest) -> Proposal | None:
    text = request.GET.get("after", "")
    if not text:
        return None
    found = _KEY.fullmatch(text)
    if found is None or int(found[2]) >= 2**63:
        raise NotFound
    return Proposal(place=int(found[2]), score=int(found[1]))
