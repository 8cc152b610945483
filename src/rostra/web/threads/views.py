from django.http import HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.views.decorators.http import require_safe

from rostra.forum.threads.queries import place_of, thread_for
from rostra.kernel.paging import page_count, page_of
from rostra.reading.thread_page import thread_page
from rostra.web import addresses, query
from rostra.web.ballot import panel
from rostra.web.composer import quick_composer
from rostra.web.frames import framed
from rostra.web.request import RostraRequest
from rostra.web.threads.articles import articles, listed
from rostra.web.threads.structured import FOR_NOBODY, for_searchers


@require_safe
def show(request: RostraRequest, ref: tuple[int, str], number: int = 1) -> HttpResponse:
    """Show one page of a thread."""
    page = thread_page(request.viewer, ref[0], number)
    address = addresses.thread(page.thread.id, page.thread.title, number)
    if not addresses.is_at(request.path, address):
        return HttpResponsePermanentRedirect(_with_query(request, address))
    return framed(
        request,
        "threads/show.html",
        (page.thread, page.path, page.number, page.last_number, page.may_reply),
        lambda: {"page": page, "address": address},
        {
            "posts": listed(articles(request.viewer, page.posts, request.language)),
            "poll": panel(request, page.poll),
            "composer": quick_composer(request, page),
            # Only those who search for everybody read these, and they are guests.
            **(for_searchers(page, address) if request.viewer.is_guest else FOR_NOBODY),
        },
    )


@require_safe
def jump(request: RostraRequest, ref: tuple[int, str]) -> HttpResponse:
    """Go to the page a reader typed, or to the nearest there is."""
    thread = thread_for(request.viewer, ref[0])
    last = page_count(thread.last_number, request.viewer.per_page)
    number = min(query.whole(request, "to", lowest=0) or 1, last)
    return _see_other(addresses.thread(thread.id, thread.title, number))


@require_safe
def post(request: RostraRequest, post_id: int) -> HttpResponse:
    """Go to a post where it stands now, on the page of this reader's size."""
    place = place_of(request.viewer, post_id)
    page = page_of(place.number or 1, request.viewer.per_page)
    address = addresses.thread(place.thread_id, place.thread_title, page)
    return HttpResponseRedirect(f"{address}#post-{place.number}" if place.number else address)


def _with_query(request: RostraRequest, address: str) -> str:
    return (
        f"{address}?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else address
    )


def _see_other(address: str) -> HttpResponse:
    return HttpResponse(status=303, headers={"Location": address})
