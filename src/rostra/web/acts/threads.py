"""A thread's tools, and choosing some of its posts."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from rostra.content.markup.excerpt import excerpt
from rostra.forum.modlog.rulebook import rules_in_force
from rostra.forum.threads import queries, rules
from rostra.forum.threads.actions import threads
from rostra.forum.threads.actions.logging import Why
from rostra.forum.threads.actions.splitting import merge_threads
from rostra.forum.threads.queries import ThreadRow, authors, posts_on_page
from rostra.kernel import clock
from rostra.kernel.errors import Invalid, NotFound
from rostra.kernel.paging import page_count
from rostra.reading.front_page import whole_tree_of
from rostra.web import addresses, query
from rostra.web.form_page import EXPECTED, Expected, refusal_of, status_of
from rostra.web.forms import fields, id_in, see_other
from rostra.web.request import RostraRequest

FORM = ("do", "rule", "reason", "hours", "seconds", "board", "into")
HOURS = (0, 1, 4, 24, 72, 168, 720)  # 0: until somebody opens it
SECONDS = (0, 60, 300, 900, 1800, 3600)
PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def tools(request: RostraRequest, thread_id: int) -> HttpResponse:
    """Lock, slow, pin, move and merge a thread, with a rule and a public reason."""
    thread = queries.thread_for(request.viewer, thread_id)
    rules.may_moderate(request.viewer, thread.board_id).enforce()
    values = dict.fromkeys(FORM, "")
    error: Expected | None = None
    if request.method == "POST":
        values = fields(request, *FORM)
        try:
            return see_other(_do(request, thread, values))
        except EXPECTED as refused:
            error = refused
    tree = whole_tree_of(request.viewer)
    moderated = request.viewer.grants.get("moderate", frozenset())
    context = {
        "thread": thread,
        "path": tree.path(thread.board_id),
        "boards": {
            at: row.title
            for at, row in tree.rows.items()
            if at in moderated and not row.is_category and at != thread.board_id
        },
        "hours": HOURS,
        "seconds": SECONDS,
        "rules": rules_in_force(),
        "values": values,
        "errors": error.fields if isinstance(error, Invalid) else {},
        "refusal": refusal_of(error),
    }
    return render(request, "acts/tools.html", context, status=status_of(error))


@require_safe
def choose(request: RostraRequest, thread_id: int) -> HttpResponse:
    """List a page of a thread's posts, to choose some of them."""
    viewer = request.viewer
    thread = queries.thread_for(viewer, thread_id)
    rules.may_moderate(viewer, thread.board_id).enforce()
    number, last = query.whole(request, "page") or 1, page_count(thread.last_number, PER_PAGE)
    if number > last:
        raise NotFound
    posts = [
        post
        for post in posts_on_page(viewer, thread, number, PER_PAGE)
        if post.state not in ("moved", "merged")
    ]
    names = authors({post.author_id for post in posts if post.author_id is not None})
    rows = [
        (post, names[post.author_id].name if post.author_id in names else post.guest_name,
         excerpt(post.html))
        for post in posts
    ]  # fmt: skip
    context = {
        "thread": thread,
        "path": whole_tree_of(viewer).path(thread.board_id),
        "rows": rows,
        "number": number,
        "last": last,
    }
    return render(request, "acts/choose.html", context)


def _do(request: RostraRequest, thread: ThreadRow, values: dict[str, str]) -> str:
    """Do what a button of the form says; return the address to go on at."""
    viewer, reason, why = request.viewer, values["reason"], Why(rule=values["rule"])
    match values["do"]:
        case "lock" | "unlock" as do:
            hours = _one_of(values, "hours", HOURS)
            until = clock.now() + timedelta(hours=hours) if do == "lock" and hours else None
            threads.lock_thread(
                viewer, thread.id, locked=do == "lock", reason=reason, until=until, why=why
            )
        case "slow":
            seconds = _one_of(values, "seconds", SECONDS)
            threads.slow_thread(viewer, thread.id, seconds, reason=reason, why=why)
        case "pin" | "unpin" as do:
            threads.pin_thread(viewer, thread.id, pinned=do == "pin", reason=reason, why=why)
        case "move":
            board_id = id_in(values["board"])
            threads.move_thread(viewer, thread.id, board_id, reason=reason, why=why)
        case "merge":
            into_id = addresses.thread_named(values["into"])
            try:
                into = merge_threads(viewer, thread.id, into_id, reason=reason, why=why)
            except NotFound:
                raise Invalid({"into": "no_such_thread"}) from None
            return addresses.thread(into.pk, into.title)
        case _:
            raise Invalid({"do": "not_a_choice"})
    return addresses.thread(thread.id, thread.title)


def _one_of(values: dict[str, str], name: str, choices: tuple[int, ...]) -> int:
    found = {str(choice): choice for choice in choices}
    if (values[name] or "0") not in found:
        raise Invalid({name: "not_a_choice"})
    return found[values[name] or "0"]
