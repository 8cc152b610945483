from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from rostra.forum.polls import rules
from rostra.forum.polls.actions import close_poll, edit_poll, vote
from rostra.forum.polls.queries import PollShown, voters_of
from rostra.forum.threads.queries import ThreadRow
from rostra.kernel.errors import Invalid, NotFound, Refused
from rostra.reading.front_page import whole_tree_of
from rostra.reading.poll_page import poll_page
from rostra.web import addresses, query
from rostra.web.ballot import CHOICES, POLL, chosen_in, panel, plan_in
from rostra.web.errors import STATUS
from rostra.web.forms import fields, see_other
from rostra.web.request import RostraRequest

PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def ballot(request: RostraRequest, thread_id: int) -> HttpResponse:
    """Show a poll alone; take a ballot."""
    thread, poll = poll_page(request.viewer, thread_id)
    error: Invalid | Refused | None = None
    if request.method == "POST":
        try:
            vote(request.viewer, thread_id, chosen_in(fields(request, *CHOICES)))
        except (Invalid, Refused) as refused:
            error = refused
        else:
            return _back(thread)
    return _page(request, "polls/ballot.html", thread, poll, error, panel=panel(request, poll))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: RostraRequest, thread_id: int) -> HttpResponse:
    """Change a poll that nobody has voted in; a moderator, its words."""
    thread, poll = poll_page(request.viewer, thread_id)
    if not poll.may_edit:
        raise Refused("poll_has_votes" if poll.voter_count else "not_your_poll")
    error: Invalid | Refused | None = None
    values = {**rules.fields_of(poll.plan), "reason": ""}
    if request.method == "POST":
        values = fields(request, *POLL, "reason")
        try:
            plan = plan_in(values) or rules.Plan("", ())
            edit_poll(request.viewer, thread_id, plan, reason=values["reason"])
        except (Invalid, Refused) as refused:
            error = refused
        else:
            return _back(thread)
    return _page(request, "polls/edit.html", thread, poll, error, values=values)


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: RostraRequest, thread_id: int) -> HttpResponse:
    """End a poll."""
    thread, poll = poll_page(request.viewer, thread_id)
    if not poll.may_close:
        raise Refused("poll_closed" if poll.is_closed else "not_your_poll")
    error: Invalid | Refused | None = None
    values = {"reason": ""}
    if request.method == "POST":
        values = fields(request, "reason")
        try:
            close_poll(request.viewer, thread_id, reason=values["reason"])
        except Invalid as refused:
            error = refused
        else:
            return _back(thread)
    return _page(request, "polls/close.html", thread, poll, error, values=values)


@require_safe
def voters(request: RostraRequest, thread_id: int) -> HttpResponse:
    """Show who voted for what, where that is public; else there is no such page."""
    thread, poll = poll_page(request.viewer, thread_id)
    if not poll.is_public:
        raise NotFound
    rows = voters_of(poll, before=query.whole(request, "before"), limit=PAGE + 1)
    older = rows[PAGE - 1].id if len(rows) > PAGE else None
    return _page(request, "polls/voters.html", thread, poll, None, rows=rows[:PAGE], older=older)


def _back(thread: ThreadRow) -> HttpResponse:
    return see_other(f"{addresses.thread(thread.id, thread.title)}#poll")


def _page(
    request: RostraRequest,
    template: str,
    thread: ThreadRow,
    poll: PollShown,
    error: Invalid | Refused | None,
    **more: Any,
) -> HttpResponse:
    context = {
        "path": whole_tree_of(request.viewer).path(thread.board_id),
        "thread": thread,
        "poll": poll,
        "is_foreign": thread.starter_id != request.viewer.member_id,
        "errors": error.fields if isinstance(error, Invalid) else {},
        "refusal": error.reason if isinstance(error, Refused) else "",
        **more,
    }
    return render(request, template, context, status=STATUS[type(error)] if error else 200)
