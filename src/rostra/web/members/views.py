from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rostra.kernel.errors import NotFound
from rostra.reading.member_page import member_list, member_page
from rostra.web import addresses, query
from rostra.web.request import RostraRequest


@require_safe
def index(request: RostraRequest) -> HttpResponse:
    """Show a page of all members by name."""
    page = member_list(after=_key(request, "after"), before=_key(request, "before"))
    return render(request, "members/index.html", {"page": page})


@require_safe
def show(request: RostraRequest, ref: tuple[int, str]) -> HttpResponse:
    """Show a member and what they wrote last."""
    page = member_page(request.viewer, ref[0], before=query.whole(request, "before"))
    address = addresses.member(page.card.id, page.card.name)
    if not addresses.is_at(request.path, address) and not request.GET:
        return HttpResponsePermanentRedirect(address)
    return render(request, "members/show.html", {"page": page, "address": address})


def _key(request: RostraRequest, name: str) -> tuple[str, int] | None:
    text = query.words(request, name)
    if not text:
        return None
    number, _, words = text.partition(".")
    if not number.isascii() or not number.isdecimal() or len(number) > 18:
        raise NotFound
    return words, int(number)
