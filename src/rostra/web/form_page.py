"""What pages with a composer share: the preview, and a form that comes back as it was typed."""

from __future__ import annotations

import math
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import ngettext
from markupsafe import Markup

from rostra.forum.claims.cited import cited_at
from rostra.forum.threads import composing
from rostra.forum.threads.actions.drafts import save_draft
from rostra.forum.threads.heads import Head
from rostra.forum.threads.rendering import render_for
from rostra.forum.threads.rules import SOURCE_LENGTH
from rostra.forum.threads.standing import Standing
from rostra.forum.threads.submissions import fresh_key
from rostra.kernel.errors import Invalid, Refused, RostraError, TooMany
from rostra.web.attaching import with_files
from rostra.web.ballot import POLL
from rostra.web.errors import status_for
from rostra.web.fragments import filled, worded
from rostra.web.request import RostraRequest

type Expected = Invalid | Refused | TooMany
EXPECTED = (Invalid, Refused, TooMany)
HEAD = ("kind", "link", "excerpt", "tags")  # what a thread is, beside its title and words
MORE = (*HEAD, *POLL, "to")  # what a draft keeps beside title and words
FIELDS = (
    "to", *HEAD, *POLL, "title", "source", "reason", "rule", "key", "seen", "was", "sure",
    "do", "alt",
)  # fmt: skip


def preview_of(request: RostraRequest, source: str, place: str) -> Markup:
    """Return a source as it will be shown, by the renderer that posts go through.

    Behind it what is known here of the pages it links to: whose word they pass on.
    """
    post_id = int(place[1:]) if place.startswith("p") else None
    rendered = render_for(request.viewer, source[:SOURCE_LENGTH], post_id=post_id)
    shown = filled(request.viewer, [worded(rendered.html)])[0]
    cited = cited_at(request.viewer, rendered.links) if rendered.links else []
    if not cited:
        return shown
    known = render_to_string("base/_cited.html", {"cited": cited}, request=request)
    return shown + Markup(known)  # noqa: S704 (a template of ours, escaped there)


def form_page(
    request: RostraRequest,
    template: str,
    place: str,
    values: dict[str, str],
    context: dict[str, Any],
    error: Expected | None = None,
) -> HttpResponse:
    """Return a page with a composer: what was typed in it, why it was not taken, a preview.

    What was typed and not taken is kept as a draft besides, for who closes the page now.
    """
    is_previewed = error is None and values.get("do") == "preview"
    if error is not None:
        _keep(request, place, values)
    page = {
        "place": place,
        "values": {**dict.fromkeys(FIELDS, ""), **values, "key": values.get("key") or fresh_key()},
        "errors": error.fields if isinstance(error, Invalid) else {},
        "refusal": refusal_of(error),
        "preview": preview_of(request, values["source"], place) if is_previewed else None,
        **context,
    }
    answer = render(request, template, page, status=status_of(error))
    if isinstance(error, TooMany):
        answer.headers["Retry-After"] = str(error.seconds)
    return answer


def taken_in(request: RostraRequest, values: dict[str, str]) -> Expected | None:
    """Write what files a form brought behind its words; return why one was not taken."""
    try:
        with_files(request, values)
    except EXPECTED as error:
        return error
    return None


def begun(request: RostraRequest, place: str) -> dict[str, str]:
    """Return what a form begins with: the member's draft for this place."""
    kept = composing.draft_for(request.viewer, place)
    if kept is None:
        return {"source": ""}
    return {**kept.more, "title": kept.title, "source": kept.source}


def head_in(values: dict[str, str]) -> Head:
    """Return what was chosen for a thread in a form."""
    return Head(*(values[name] for name in HEAD))


def limits_note(request: RostraRequest, board_id: int) -> Standing | None:
    """Return where a newcomer stands whose limits the page should tell; None for all others."""
    if request.viewer.can("moderate", board_id):
        return None
    standing = composing.standing_for(request.viewer.require_member())
    return standing if standing.rung == "new" else None


def _keep(request: RostraRequest, place: str, values: dict[str, str]) -> None:
    try:
        save_draft(
            request.viewer,
            place,
            title=values.get("title", ""),
            source=values.get("source", ""),
            more={name: values.get(name, "") for name in MORE},
        )
    except RostraError:
        return  # the page itself still holds what was typed


def refusal_of(error: Expected | None) -> tuple[str, str] | None:
    """Return the reason code of a refusal, and when to try again in words."""
    if isinstance(error, TooMany):
        return error.reason, _later(error.seconds)
    return (error.reason, "") if isinstance(error, Refused) else None


def _later(seconds: int) -> str:
    if seconds < 120:
        words = ngettext(
            "You can go on in %(n)s second.", "You can go on in %(n)s seconds.", seconds
        )
        return words % {"n": seconds}
    minutes = math.ceil(seconds / 60)
    if minutes < 120:
        words = ngettext(
            "You can go on in %(n)s minute.", "You can go on in %(n)s minutes.", minutes
        )
        return words % {"n": minutes}
    hours = math.ceil(minutes / 60)
    words = ngettext("You can go on in %(n)s hour.", "You can go on in %(n)s hours.", hours)
    return words % {"n": hours}


def status_of(error: Expected | None) -> int:
    """Return the status of a page that says why a form was not taken."""
    return 200 if error is None else 429 if isinstance(error, TooMany) else status_for(error)
