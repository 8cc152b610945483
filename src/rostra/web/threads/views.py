import logging

from django.db import DatabaseError
from django.http import HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.views.decorators.http import require_safe

from rostra.effects.notifications.actions import read_in_thread
from rostra.forum.threads.actions.marks import note_read
from rostra.forum.threads.marks import first_unread, own_board
from rostra.forum.threads.queries import own_thread_for, place_of, thread_for
from rostra.forum.threads.rules import may_moderate
from rostra.forum.threads.waiting import opening_that_waits
from rostra.kernel.paging import page_count, page_of
from rostra.reading.thread_page import ThreadPage, thread_page
from rostra.web import addresses, query
from rostra.web.ballot import panel
from rostra.web.claim_cards import claim_cards
from rostra.web.composer import quick_composer
from rostra.web.forms import see_other
from rostra.web.frames import framed
from rostra.web.request import RostraRequest
from rostra.web.threads.articles import listed
from rostra.web.threads.own_waiting import own_waiting
from rostra.web.threads.structured import FOR_NOBODY, for_searchers
from rostra.web.watch_menu import watch_menu

log = logging.getLogger(__name__)

SHOWN = (
    None,
    "document",
    "empty",
)  # a browser that does not say, a page, one that a script fetches


@require_safe
def show(request: RostraRequest, ref: tuple[int, str], number: int = 1) -> HttpResponse:
    """Show one page of a thread."""
    viewer = request.viewer
    page = thread_page(viewer, ref[0], number)
    if page.thread.state == "pending" and not page.thread.last_number:
        opening = opening_that_waits(page.thread.id)
        if opening is not None:
            return HttpResponseRedirect(addresses.waiting(opening))
    address = addresses.thread(page.thread.id, page.thread.title, number)
    if not addresses.is_at(request.path, address):
        return HttpResponsePermanentRedirect(_with_query(request, address))
    request.board_id = page.thread.board_id
    answer = framed(
        request,
        "threads/show.html",
        (
            page.thread,
            page.path,
            page.number,
            page.last_number,
            page.may_reply,
            page.article,
            page.limits,
            page.lock,
            bool(may_moderate(viewer, page.thread.board_id)),
        ),
        lambda: {
            "page": page,
            "address": address,
            "moderates": bool(may_moderate(viewer, page.thread.board_id)),
        },
        {
            "posts": listed(viewer, page, request.language),
            "poll": panel(request, page.poll),
            "claims": claim_cards(request, page),
            "news": _first_after(request, page),
            "waiting": own_waiting(request, page),
            "composer": quick_composer(request, page),
            "watch": watch_menu(request, "threads", page.thread.id, page.own.level),
            # Only those who search for everybody read these, and they are guests.
            **(for_searchers(page, address) if viewer.is_guest else FOR_NOBODY),
        },
    )
    _note_read(request, page)
    return answer


@require_safe
def unread(request: RostraRequest, thread_id: int) -> HttpResponse:
    """Go to the first post that the reader has not been shown."""
    viewer = request.viewer
    thread, own = own_thread_for(viewer, thread_id)
    if viewer.is_guest:
        return HttpResponseRedirect(addresses.thread(thread.id, thread.title))
    board = own_board(viewer, thread.board_id)
    number = first_unread(viewer, board, own, thread.id, thread.last_number)
    page = addresses.thread(thread.id, thread.title, page_of(number, viewer.per_page))
    return HttpResponseRedirect(f"{page}#post-{number}")


@require_safe
def jump(request: RostraRequest, ref: tuple[int, str]) -> HttpResponse:
    """Go to the page a reader typed, or to the nearest there is."""
    thread = thread_for(request.viewer, ref[0])
    last = page_count(thread.last_number, request.viewer.per_page)
    number = min(query.whole(request, "to", lowest=0) or 1, last)
    return see_other(addresses.thread(thread.id, thread.title, number))


@require_safe
def post(request: RostraRequest, post_id: int) -> HttpResponse:
    """Go to a post where it stands now, on the page of this reader's size."""
    place = place_of(request.viewer, post_id)
    if place.number is None:
        return HttpResponseRedirect(addresses.waiting(place.post_id))
    page = page_of(place.number, request.viewer.per_page)
    address = addresses.thread(place.thread_id, place.thread_title, page)
    return HttpResponseRedirect(f"{address}#post-{place.number}")


def _first_after(request: RostraRequest, page: ThreadPage) -> str:
    """Return what leads to the next post once there is one: from the page it stands on, too."""
    thread, number = page.thread, page.thread.last_number + 1
    if request.viewer.member_id:
        return f"/threads/{thread.id}/unread"
    return f"/threads/{thread.id}/page?to={page_of(number, request.viewer.per_page)}#post-{number}"


def _note_read(request: RostraRequest, page: ThreadPage) -> None:
    """Note how far the reader has come; a page that is fetched ahead is not read yet.

    A full disk takes nobody's page away: what is lost is where they were.
    """
    if request.viewer.is_guest or request.method != "GET" or not page.posts:
        return
    said = request.META.get  # `request.headers` makes a dictionary of all of them first
    if said("HTTP_SEC_PURPOSE") or said("HTTP_SEC_FETCH_DEST") not in SHOWN:
        return
    viewer, number = request.viewer, page.posts[-1].post.number
    if number > page.own.number or viewer.bell:
        try:
            if number > page.own.number:
                note_read(viewer, page.thread.id, number)
            if viewer.bell:
                read_in_thread(viewer, page.thread.id, number)
        except DatabaseError:
            log.warning("could not note what was read", exc_info=True)


def _with_query(request: RostraRequest, address: str) -> str:
    return (
        f"{address}?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else address
    )
