from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.views.decorators.http import require_safe

from rostra.forum.threads.listing import Sort
from rostra.reading.board_page import Filters, board_page
from rostra.reading.front_page import front_page
from rostra.web import addresses, query
from rostra.web.frames import framed
from rostra.web.request import RostraRequest
from rostra.web.watch_menu import watch_menu

SORTS: tuple[Sort, ...] = ("latest", "started", "replies")
DAYS = ("", "1", "7", "30", "365")


@require_safe
def front(request: RostraRequest) -> HttpResponse:
    """Show all boards and the latest of each."""
    page = front_page(request.viewer)
    return framed(request, "boards/front.html", page, lambda: {"page": page})


@require_safe
def show(request: RostraRequest, ref: tuple[int, str]) -> HttpResponse:
    """Show a page of a board's threads."""
    sort = query.one_of(request, "sort", SORTS)
    days = query.one_of(request, "days", DAYS)
    filters = Filters(
        sort=sort,
        starter=query.words(request, "starter"),
        days=int(days) if days else None,
        unanswered=query.one_of(request, "unanswered", ("", "1")) == "1",
    )
    wish = query.wish_of(request, sort, request.viewer.per_page)._replace(
        days=filters.days, unanswered=filters.unanswered
    )
    page = board_page(request.viewer, ref[0], filters, wish)
    address = addresses.board(page.board.id, page.board.title)
    if not addresses.is_at(request.path, address) and not request.GET:
        return HttpResponsePermanentRedirect(address)
    request.board_id = page.board.id
    return framed(
        request,
        "boards/board.html",
        page,
        lambda: {
            "page": page,
            "address": address,
            "key_text": query.key_text,
            "query": _kept(filters),
        },
        {"watch": watch_menu(request, "boards", page.board.id, page.level)},
    )


def _kept(filters: Filters) -> dict[str, str]:
    """Return the filters as parameters of the links to other pages."""
    found = {
        "sort": "" if filters.sort == "latest" else filters.sort,
        "starter": filters.starter,
        "days": str(filters.days or ""),
        "unanswered": "1" if filters.unanswered else "",
    }
    return {name: value for name, value in found.items() if value}
