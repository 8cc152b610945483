from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rostra.forum.access.rules import may_manage_access
from rostra.forum.notes import queries, rules
from rostra.forum.threads.composing import written
from rostra.reading.note_page import note_page
from rostra.web import query
from rostra.web.note_words import in_words
from rostra.web.request import RostraRequest

PAGE = 20
SHOWS = {
    "shown": rules.BELOW_POSTS,
    "open": (*rules.OPEN, "under_review"),
    "all": (),
}


@require_safe
def index(request: RostraRequest) -> HttpResponse:
    """List notes, and say what the reader can do."""
    viewer = request.viewer
    show = query.one_of(request, "show", tuple(SHOWS))
    before = query.whole(request, "before")
    pages = queries.notes_for(viewer, SHOWS[show], before=before, limit=PAGE + 1)
    context = {
        "pages": pages[:PAGE],
        "older": pages[PAGE - 1].note.id if len(pages) > PAGE else None,
        "show": show,
        "rater": queries.rater_for(viewer),
        "may_manage": bool(may_manage_access(viewer)),
        "in_words": in_words,
    }
    return render(request, "notes/index.html", context)


@require_safe
def how(request: RostraRequest) -> HttpResponse:
    """Say how notes come to be shown."""
    return render(request, "notes/how.html", {"mode": queries.mode()})


@require_safe
def note(request: RostraRequest, note_id: int) -> HttpResponse:
    """Show a note beside the post it is about."""
    page = note_page(request.viewer, note_id)
    context = {
        "page": page, "in_words": in_words, "errors": {}, "refusal": None,
        "helpful": rules.HELPFUL, "unhelpful": rules.UNHELPFUL,
    }  # fmt: skip
    return render(request, "notes/note.html", context)


@require_safe
def of_post(request: RostraRequest, post_id: int) -> HttpResponse:
    """List every note below a post, also those that are not shown there."""
    viewer = request.viewer
    post = written(viewer, post_id)
    context = {
        "post": post,
        "pages": queries.notes_of_post(viewer, post_id),
        "rater": queries.rater_for(viewer),
        "in_words": in_words,
    }
    return render(request, "notes/post.html", context)
