"""Starting a thread and replying."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods, require_safe

from rostra.effects.search.queries import similar_threads
from rostra.forum.documents.queries import threads_about as threads_about_document
from rostra.forum.polls.actions import start_with_poll
from rostra.forum.threads import composing, queries, rules
from rostra.forum.threads.actions.posts import post_reply
from rostra.forum.threads.actions.threads import start_thread
from rostra.forum.threads.heads import checked
from rostra.forum.threads.queries import ThreadRow
from rostra.forum.threads.searching import FoundThread, threads_about
from rostra.forum.threads.submissions import Sent
from rostra.kernel.errors import Invalid, NotFound
from rostra.kernel.paging import page_of
from rostra.reading.front_page import whole_tree_of
from rostra.reading.meanwhile import posted_since
from rostra.web import addresses, query
from rostra.web.attaching import FIELD, may_attach
from rostra.web.ballot import POLL, plan_in
from rostra.web.form_page import (
    EXPECTED,
    HEAD,
    Expected,
    begun,
    form_page,
    head_in,
    limits_note,
    taken_in,
)
from rostra.web.forms import fields, see_other
from rostra.web.request import RostraRequest


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: RostraRequest, board_id: int) -> HttpResponse:
    """Start a thread in a board."""
    tree = whole_tree_of(request.viewer)
    board = tree.rows.get(board_id)
    if board is None or not request.viewer.can("read", board_id):
        raise NotFound
    rules.may_start(request.viewer, board_id, is_category=board.is_category).enforce()
    place = f"b{board_id}"
    error: Expected | None = None
    same: list[FoundThread] = []
    alike: list[FoundThread] = []
    if request.method == "POST":
        values = fields(
            request, *HEAD, *POLL, "title", "source", "key", "seen", "sure", "do", "alt",
            files=FIELD,
        )  # fmt: skip
        error = taken_in(request, values)
        if error is not None:
            pass
        elif values["do"] == "preview":
            alike = similar_threads(request.viewer, 0, values["title"])
        elif values["seen"] == "0":  # said once: whoever then posts has seen them
            same = _of_the_same(request, values)
            values["seen"] = ""
        if error is None and values["do"] != "preview" and not same:
            try:
                return see_other(_started(request, board_id, values))
            except EXPECTED as refused:
                error = refused
    else:
        values = {**begun(request, place), "seen": "0"}
    context = {
        "same": same,
        "alike": alike,
        "path": tree.path(board_id),
        "board": board,
        "may_attach": may_attach(request.viewer, board_id),
        "standing": limits_note(request, board_id),
    }
    return form_page(request, "writing/start.html", place, values, context, error)


def _of_the_same(request: RostraRequest, values: dict[str, str]) -> list[FoundThread]:
    """Return the threads about the article that a news thread in the form is about."""
    try:
        link = checked(head_in(values)).link
    except Invalid:
        return []  # which is said when it is to be posted
    if not link:
        return []
    # By its document, however the address is spelled; by the address, for what is not noted yet.
    found = [*threads_about_document(request.viewer, link), *threads_about(request.viewer, link)]
    return list({thread.id: thread for thread in found}.values())[:5]


def _started(request: RostraRequest, board_id: int, values: dict[str, str]) -> str:
    """Start a thread, with a poll if there is one in the form; return its address."""
    viewer, title, source = request.viewer, values["title"], values["source"]
    head, sent, plan = head_in(values), _sent(values), plan_in(values)
    if plan is None:
        thread = start_thread(viewer, board_id, title, source, head=head, sent=sent)
    else:
        thread = start_with_poll(viewer, board_id, title, source, plan, head=head, sent=sent)
    return addresses.thread(thread.pk, thread.title)


@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: RostraRequest, thread_id: int) -> HttpResponse:
    """Reply in a thread; `quote` names posts to begin with, by comma."""
    thread = queries.thread_for(request.viewer, thread_id)
    request.viewer.require_member()
    place = f"t{thread_id}"
    if request.method != "POST":
        rules.may_reply(request.viewer, thread).enforce()
        return _reply_page(request, thread, _begun(request, place, query.numbers(request, "quote")))
    values = fields(request, "source", "key", "seen", "sure", "do", "alt", files=FIELD)
    if (error := taken_in(request, values)) is not None:
        return _reply_page(request, thread, values, error)
    if values["do"] == "preview":
        return _reply_page(request, thread, values)
    seen = values["seen"]
    if seen.isascii() and seen.isdecimal() and rules.may_reply(request.viewer, thread):
        meanwhile = posted_since(request.viewer, thread, int(seen[:9]))
        if meanwhile:  # said once: whoever then posts has read them, or does not mind
            return _reply_page(request, thread, {**values, "seen": ""}, meanwhile=meanwhile)
    try:
        post = post_reply(request.viewer, thread_id, values["source"], sent=_sent(values))
    except EXPECTED as refused:
        return _reply_page(request, thread, values, refused)
    if post.number is None:
        return see_other(addresses.waiting(post.pk))
    page = page_of(post.number, request.viewer.per_page)
    address = addresses.thread(thread.id, thread.title, page)
    return see_other(f"{address}#post-{post.number}")


@require_safe
def reply_to(request: RostraRequest, post_id: int) -> HttpResponse:
    """Reply to a post, beginning with its words."""
    found = composing.written(request.viewer, post_id)
    request.viewer.require_member()
    thread = queries.thread_for(request.viewer, found.thread_id)
    rules.may_reply(request.viewer, thread).enforce()
    return _reply_page(request, thread, _begun(request, f"t{thread.id}", [post_id]))


@require_safe
def quotation(request: RostraRequest, post_id: int) -> HttpResponse:
    """Give a post's words as a quote, for the composer of an open page."""
    composing.written(request.viewer, post_id)
    request.viewer.require_member()
    return JsonResponse({"source": composing.quotations(request.viewer, [post_id])})


def _begun(request: RostraRequest, place: str, post_ids: list[int]) -> dict[str, str]:
    """Return the draft with these posts quoted behind it."""
    values = begun(request, place)
    quotes = composing.quotations(request.viewer, post_ids)
    if quotes and quotes.strip() not in values["source"]:
        values["source"] = f"{values['source'].rstrip()}\n\n{quotes}".lstrip("\n")
    return values


def _reply_page(
    request: RostraRequest,
    thread: ThreadRow,
    values: dict[str, str],
    error: Expected | None = None,
    **more: object,
) -> HttpResponse:
    values = {"seen": str(thread.last_number), **values}
    context = {
        "path": whole_tree_of(request.viewer).path(thread.board_id),
        "thread": thread,
        "may_attach": may_attach(request.viewer, thread.board_id),
        "standing": limits_note(request, thread.board_id),
        "meanwhile": (),
        **more,
    }
    return form_page(request, "writing/reply.html", f"t{thread.id}", values, context, error)


def _sent(values: dict[str, str]) -> Sent:
    return Sent(values["key"], values["sure"] == "1")
