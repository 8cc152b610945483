"""Acting on chosen posts, and redacting one."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from rostra.content.markup.excerpt import excerpt
from rostra.forum.access.rules import may_moderate_anywhere
from rostra.forum.modlog.rulebook import rules_in_force
from rostra.forum.threads import composing, rules
from rostra.forum.threads.actions.bulk import remove_posts, restore_posts
from rostra.forum.threads.actions.logging import Why
from rostra.forum.threads.actions.redacting import redact_post
from rostra.forum.threads.actions.splitting import move_posts, split_thread
from rostra.forum.threads.chosen import MOST, ChosenRow, chosen_posts
from rostra.kernel.errors import Invalid, NotFound
from rostra.reading.front_page import whole_tree_of
from rostra.web import addresses
from rostra.web.form_page import EXPECTED, Expected, refusal_of, status_of
from rostra.web.forms import fields, id_in, see_other
from rostra.web.request import RostraRequest

FORM = ("do", "posts", "rule", "reason", "title", "into")


@require_http_methods(["GET", "HEAD", "POST"])
def chosen(request: RostraRequest) -> HttpResponse:
    """Remove or restore chosen posts, or put them into another thread: one reason for all."""
    may_moderate_anywhere(request.viewer).enforce()
    values = dict.fromkeys(FORM, "")
    error: Expected | None = None
    if request.method == "POST":
        values = fields(request, *FORM)
        named = values["posts"].split(",")
    else:
        named = request.GET.getlist("post")
    ids = [found for found in map(id_in, named[: MOST + 1]) if found]
    rows = chosen_posts(request.viewer, ids)
    if not rows and ids:
        raise NotFound
    if request.method == "POST":
        try:
            return see_other(_do(request, ids, rows, values))
        except EXPECTED as refused:
            error = refused
    context = {
        "rows": [(row, excerpt(row.html)) for row in rows],
        "of_one_thread": len({row.thread_id for row in rows}) == 1,
        "rules": rules_in_force(),
        "values": {**values, "posts": ",".join(str(row.id) for row in rows)},
        "errors": error.fields if isinstance(error, Invalid) else {},
        "refusal": refusal_of(error),
    }
    return render(request, "acts/chosen.html", context, status=status_of(error))


@require_http_methods(["GET", "HEAD", "POST"])
def redact(request: RostraRequest, post_id: int) -> HttpResponse:
    """Take words out of a post for good."""
    found = composing.written(request.viewer, post_id)
    rules.may_moderate(request.viewer, found.board_id).enforce()
    values = dict.fromkeys(("passages", "rule", "reason"), "")
    error: Expected | None = None
    if request.method == "POST":
        values = fields(request, "passages", "rule", "reason")
        passages = values["passages"].replace("\r\n", "\n").split("\n")
        try:
            redact_post(
                request.viewer, post_id, passages, reason=values["reason"],
                why=Why(rule=values["rule"]),
            )  # fmt: skip
        except EXPECTED as refused:
            error = refused
        else:
            return see_other(addresses.post(post_id))
    context = {
        "post": found,
        "path": whole_tree_of(request.viewer).path(found.board_id),
        "rules": rules_in_force(),
        "values": values,
        "errors": error.fields if isinstance(error, Invalid) else {},
        "refusal": refusal_of(error),
    }
    return render(request, "acts/redact.html", context, status=status_of(error))


def _do(
    request: RostraRequest, ids: Sequence[int], rows: list[ChosenRow], values: dict[str, str]
) -> str:
    """Do what a button of the form says; return the address to go on at."""
    viewer, reason, why = request.viewer, values["reason"], Why(rule=values["rule"])
    match values["do"]:
        case "remove":
            remove_posts(viewer, ids, reason, why=why)
        case "restore":
            restore_posts(viewer, ids, reason, why=why)
        case "split":
            thread_id = _one_thread(rows)
            new = split_thread(viewer, thread_id, ids, values["title"], reason=reason, why=why)
            return addresses.thread(new.pk, new.title)
        case "move":
            thread_id = _one_thread(rows)
            into_id = addresses.thread_named(values["into"])
            try:
                into = move_posts(viewer, thread_id, ids, into_id, reason=reason, why=why)
            except NotFound:
                raise Invalid({"into": "no_such_thread"}) from None
            return addresses.thread(into.pk, into.title)
        case _:
            raise Invalid({"do": "not_a_choice"})
    return addresses.post(rows[0].id)


def _one_thread(rows: list[ChosenRow]) -> int:
    threads = {row.thread_id for row in rows}
    if len(threads) != 1:
        raise Invalid({"posts": "of_one_thread"})
    return threads.pop()
