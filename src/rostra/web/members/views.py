from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from rostra.forum.members.queries import card_of
from rostra.forum.uploads.actions import remove_avatar
from rostra.forum.uploads.rules import may_remove_avatar
from rostra.kernel.errors import Invalid, NotFound
from rostra.reading.member_page import Show, member_list, member_page
from rostra.web import addresses, query
from rostra.web.forms import fields, see_other
from rostra.web.fragments import filled, worded
from rostra.web.request import RostraRequest

SHOWN: tuple[Show, ...] = ("posts", "threads", "given")


@require_safe
def index(request: RostraRequest) -> HttpResponse:
    """Show a page of all members by name."""
    page = member_list(after=_key(request, "after"), before=_key(request, "before"))
    return render(request, "members/index.html", {"page": page})


@require_safe
def show(request: RostraRequest, ref: tuple[int, str]) -> HttpResponse:
    """Show a member and what they wrote last."""
    page = member_page(
        request.viewer,
        ref[0],
        query.one_of(request, "show", SHOWN),
        before=query.whole(request, "before"),
        older_than=query.key_of(request, "older", "latest"),
    )
    address = addresses.member(page.card.id, page.card.name)
    if not addresses.is_at(request.path, address) and not request.GET:
        return HttpResponsePermanentRedirect(address)
    about = filled(request.viewer, [worded(page.about)])[0] if page.about else ""
    context = {"page": page, "address": address, "about": about, "key_text": query.key_text}
    return render(request, "members/show.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def take_picture(request: RostraRequest, member_id: int) -> HttpResponse:
    """Take the picture beside a member's name away, as a moderator."""
    card = card_of(member_id)
    may_remove_avatar(request.viewer, member_id, card.avatar).enforce()
    address = addresses.member(card.id, card.name)
    values, errors = {"reason": "", "for_good": ""}, {}
    if request.method == "POST":
        values = fields(request, "reason", "for_good")
        for_good = values["for_good"] == "1"
        try:
            remove_avatar(request.viewer, member_id, values["reason"], for_good=for_good)
            return see_other(address)
        except Invalid as error:
            errors = error.fields
    context = {"card": card, "address": address, "values": values, "errors": errors}
    return render(request, "members/take_picture.html", context, status=422 if errors else 200)


def _key(request: RostraRequest, name: str) -> tuple[str, int] | None:
    text = query.words(request, name)
    if not text:
        return None
    number, _, words = text.partition(".")
    if not number.isascii() or not number.isdecimal() or len(number) > 18:
        raise NotFound
    return words, int(number)
