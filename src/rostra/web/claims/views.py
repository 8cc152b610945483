from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rostra.forum.claims.queries import Wish, claim_for, entries_for, merged_into, removed_claim
from rostra.forum.claims.rules import moment
from rostra.forum.notes.queries import shown_about
from rostra.forum.threads.tags import tag_of
from rostra.kernel.errors import NotFound
from rostra.reading.claim_page import claim_page
from rostra.reading.claims_page import changes_page, claims_page
from rostra.web import addresses, query
from rostra.web.claim_words import WORDS
from rostra.web.claims.structured import as_claim
from rostra.web.forms import see_other
from rostra.web.request import RostraRequest

STATUSES = tuple(WORDS["status"])
ATOM = "application/atom+xml; charset=utf-8"


@require_safe
def claims(request: RostraRequest) -> HttpResponse:
    """Show claims of all threads, by status, board and since when they changed."""
    since, _ = _moment(request, "since")
    wish = Wish(
        status=query.one_of(request, "status", ("", *STATUSES)),
        board_id=query.whole(request, "board"),
        since=since,
        before=query.whole(request, "before"),
        is_watched=query.one_of(request, "show", ("", "watched")) == "watched",
        tag=_tag(request),
    )
    page = claims_page(request.viewer, wish)
    since_text = request.GET.get("since", "")
    return render(
        request, "claims/list.html", {"page": page, "statuses": STATUSES, "since": since_text}
    )


@require_safe
def changes(request: RostraRequest) -> HttpResponse:
    """Show which claims were made or changed, the latest entered first."""
    page = changes_page(request.viewer, query.whole(request, "before"))
    return render(request, "claims/changes.html", {"page": page})


@require_safe
def feed(request: RostraRequest) -> HttpResponse:
    """Give the same as Atom."""
    page = changes_page(request.viewer)
    return render(request, "claims/changes.xml", {"page": page}, content_type=ATOM)


@require_safe
def claim(request: RostraRequest, claim_id: int) -> HttpResponse:
    """Show a claim, as things stand or as they stood at a time."""
    error = ""
    try:
        asof, is_exact = _moment(request, "asof")
    except NotFound:  # the claim is there all the same: the field says what it takes
        asof, is_exact, error = None, False, "moment_odd"
    if asof is not None and not is_exact:  # a day is meant with all that was said on it
        asof = asof.replace(hour=23, minute=59, second=59, microsecond=999_999)
    try:
        page = claim_page(request.viewer, claim_id, asof, query.whole(request, "before"))
    except NotFound:
        other = merged_into(claim_id)
        if other is None:
            if request.viewer.is_guest:
                raise
            removed_claim(request.viewer, claim_id)
            return see_other(f"{addresses.claim(claim_id)}/edit")
        claim_for(request.viewer, other)
        return see_other(addresses.claim(other))
    context = {"page": page, "asof_text": request.GET.get("asof", ""), "asof_error": error}
    return render(request, "claims/claim.html", context, status=422 if error else 200)


@require_safe
def data(request: RostraRequest, claim_id: int) -> HttpResponse:
    """Give a claim as schema.org's Claim, what is said of it as annotations of the W3C.

    The community notes about it that are shown are its comments.
    """
    found = claim_for(request.viewer, claim_id)
    notes = shown_about(request.viewer, claim_id)
    return JsonResponse(as_claim(found, entries_for(request.viewer, found), notes))


def _tag(request: RostraRequest) -> str:
    """Return the tag of the query as tags are kept; as it is typed where no tag can be so."""
    typed = query.words(request, "tag", 100).strip()
    try:
        return tag_of(typed) if typed else ""
    except ValueError:
        return typed


def _moment(request: RostraRequest, name: str) -> tuple[datetime | None, bool]:
    """Return a time of the query; raises NotFound for what is none."""
    typed = request.GET.get(name, "")
    if not typed:
        return None, False
    try:
        found, is_exact = moment(typed)
        return found.astimezone(UTC), is_exact
    except (ValueError, OverflowError) as error:
        raise NotFound from error
