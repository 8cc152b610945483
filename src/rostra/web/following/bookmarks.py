"""A member's bookmarks."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from rostra.forum.bookmarks.actions import keep_post, let_post_go
from rostra.forum.bookmarks.queries import bookmark_for, bookmarks_of
from rostra.forum.threads.queries import place_of
from rostra.kernel import clock
from rostra.kernel.errors import Invalid, Refused
from rostra.web import addresses, query
from rostra.web.forms import fields, see_other
from rostra.web.request import RostraRequest

REMINDERS = {"": None, "1": 1, "3": 3, "7": 7, "30": 30}  # days


@require_http_methods(["GET", "HEAD", "POST"])
def bookmark(request: RostraRequest, post_id: int) -> HttpResponse:
    """Keep a post with a note and a reminder, change these, or let it go."""
    viewer = request.viewer
    place = place_of(viewer, post_id)
    kept = bookmark_for(viewer, post_id)
    typed = {"note": kept.note if kept else "", "remind": ""}
    errors: dict[str, str] = {}
    refusal = ""
    if request.method == "POST":
        typed = fields(request, "note", "remind", "do")
        try:
            if typed["do"] == "remove":
                let_post_go(viewer, post_id)
            else:
                old = kept.remind_at if kept else None
                keep_post(
                    viewer, post_id, note=typed["note"], remind_at=_when(typed["remind"], old)
                )
            return see_other(addresses.post(post_id))
        except Invalid as error:
            errors = error.fields
        except Refused as error:
            refusal = error.reason
    return render(
        request,
        "following/bookmark.html",
        {"place": place, "kept": kept, "typed": typed, "errors": errors, "refusal": refusal,
         "choices": list(REMINDERS)},
        status=422 if errors else 403 if refusal else 200,
    )  # fmt: skip


@require_safe
def own(request: RostraRequest) -> HttpResponse:
    """List the bookmarks, the latest first."""
    viewer = request.viewer
    before = query.whole(request, "before")
    rows = bookmarks_of(viewer, before=before, limit=viewer.per_page + 1)
    shown = rows[: viewer.per_page]
    older = shown[-1].id if len(rows) > len(shown) else None
    return render(request, "following/bookmarks.html", {"rows": shown, "older": older})


def _when(days: str, old: datetime | None) -> datetime | None:
    """Return the time of the reminder that was chosen; "kept" leaves the one there is."""
    if days == "kept":
        return old if old is not None and old > clock.now() else None
    if days not in REMINDERS:
        raise Invalid({"remind": "not_a_choice"})
    count = REMINDERS[days]
    return clock.now() + timedelta(days=count) if count else None
