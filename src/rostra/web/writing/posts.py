"""Changing a post, taking it back, and what it said before."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from rostra.forum.access.viewer import Viewer
from rostra.forum.documents.queries import undescribed_in
from rostra.forum.modlog import rulebook
from rostra.forum.modlog.rules import check_reason
from rostra.forum.threads import composing, rules
from rostra.forum.threads.actions import pace
from rostra.forum.threads.actions.describing import edit_opening
from rostra.forum.threads.actions.logging import Why
from rostra.forum.threads.actions.posts import bring_back_post, edit_post, withdraw_post
from rostra.forum.threads.composing import Written
from rostra.forum.threads.submissions import digest_of
from rostra.forum.threads.waiting import is_waiting
from rostra.kernel import clock
from rostra.kernel.errors import Gathered, NotFound
from rostra.reading.front_page import whole_tree_of
from rostra.web import addresses, query
from rostra.web.attaching import FIELD, may_attach
from rostra.web.differing import differences
from rostra.web.form_page import EXPECTED, HEAD, Expected, form_page, head_in, taken_in
from rostra.web.forms import fields, see_other
from rostra.web.request import RostraRequest


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: RostraRequest, post_id: int) -> HttpResponse:
    """Change a post's words."""
    found = composing.written(request.viewer, post_id)
    place = f"p{post_id}"
    error: Expected | None = None
    if request.method == "POST":
        head = ("title", *HEAD) if found.number == 1 else ()
        values = fields(request, *head, "source", "reason", "rule", "was", "do", "alt", files=FIELD)
        error = taken_in(request, values)
        if error is None and values["do"] != "preview":
            try:
                _save(request, found, values)
            except EXPECTED as refused:
                error = refused
                if "was" in getattr(refused, "fields", {}):
                    values["was"] = digest_of(found.source)  # said once, with the words of now
            else:
                return see_other(_after_edit(request.viewer, found))
    else:
        _may_edit(request.viewer, found)
        draft = composing.draft_for(request.viewer, place)
        values = {
            **found.head._asdict(),
            "title": (draft.title if draft is not None else "") or found.thread_title,
            **(draft.more if draft is not None else {}),
            "source": draft.source if draft is not None else found.source,
            "was": digest_of(found.source),
        }
    is_foreign = found.author_id != request.viewer.member_id
    context = {
        "path": whole_tree_of(request.viewer).path(found.board_id),
        "post": found,
        "may_attach": may_attach(request.viewer, found.board_id),
        "is_opening": found.number == 1,
        "undescribed": _undescribed(request.viewer, found),
        "is_foreign": is_foreign,
        "rules": rulebook.rules_in_force() if is_foreign else [],
        "now": found.source if error is not None and "was" in getattr(error, "fields", {}) else "",
    }
    return form_page(request, "writing/edit.html", place, values, context, error)


@require_safe
def history(request: RostraRequest, post_id: int) -> HttpResponse:
    """Show what a post said before, and what each edit changed.

    What a moderator took out of another's words stays out: only its author and moderators read it,
    and what was said before; all others see where something was, and what stands there now.
    """
    found = composing.written(request.viewer, post_id)
    revisions = composing.revisions_of(post_id)
    wanted = query.whole(request, "edit") or (revisions[0].number if revisions else 0)
    chosen = next((at for at, row in enumerate(revisions) if row.number == wanted), None)
    if chosen is None and (revisions or wanted):
        raise NotFound
    lines: list[list[tuple[str, str]]] = []
    foreign = next(
        (at for at, row in enumerate(revisions) if row.editor_id != found.author_id),
        len(revisions),
    )
    if rules.may_read_taken_out(request.viewer, found.thread, found.post):
        foreign = len(revisions)
    old_title = ""
    if chosen is not None and chosen <= foreign:
        old_title = revisions[chosen].title if chosen < foreign else ""
        after = revisions[chosen - 1].source if chosen else found.source
        lines = differences(revisions[chosen].source, after, is_masked=chosen == foreign)
    return render(
        request,
        "writing/history.html",
        {
            "path": whole_tree_of(request.viewer).path(found.board_id),
            "post": found,
            "revisions": revisions,
            "chosen": revisions[chosen] if chosen is not None else None,
            "lines": lines,
            "old_title": old_title,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: RostraRequest, post_id: int) -> HttpResponse:
    """Take one's own post back."""
    found = composing.written(request.viewer, post_id)
    if request.method == "POST":
        fields(request)
        withdraw_post(request.viewer, post_id)
        return see_other(addresses.post(post_id))
    rules.may_withdraw(request.viewer, found.thread, found.post).enforce()
    return _confirm(request, found, "withdraw")


@require_http_methods(["GET", "HEAD", "POST"])
def bring_back(request: RostraRequest, post_id: int) -> HttpResponse:
    """Undo one's own withdrawal."""
    found = composing.written(request.viewer, post_id)
    if request.method == "POST":
        fields(request)
        bring_back_post(request.viewer, post_id)
        return see_other(addresses.post(post_id))
    rules.may_bring_back(
        request.viewer, found.thread, found.post, found.state_at, clock.now()
    ).enforce()
    return _confirm(request, found, "bring-back")


def _confirm(request: RostraRequest, found: Written, act: str) -> HttpResponse:
    path = whole_tree_of(request.viewer).path(found.board_id)
    return render(request, "writing/confirm.html", {"post": found, "act": act, "path": path})


def _save(request: RostraRequest, found: Written, values: dict[str, str]) -> None:
    viewer, source = request.viewer, values["source"]
    reason, was = values["reason"], values["was"] or None
    why = Why(rule=values["rule"])
    is_foreign = found.author_id != viewer.member_id and viewer.can("moderate", found.board_id)
    if is_foreign and source.strip("\n") != found.source and not why.rule:
        _ask_for_rule(reason)
    if found.number == 1 and values["kind"]:
        # A title that came from an older forum may be longer than one may be made now.
        is_titled = "title" in request.POST and values["title"] != found.thread_title
        title = values["title"] if is_titled else None
        head = head_in(values)
        edit_opening(viewer, found.id, source, head, title=title, reason=reason, was=was, why=why)
    else:
        edit_post(viewer, found.id, source, reason=reason, was=was, why=why)


def _after_edit(viewer: Viewer, found: Written) -> str:
    """Return where an author goes after an edit: to the post, or to what of it waits."""
    is_own = found.author_id == viewer.member_id
    waits = is_own and is_waiting(viewer.require_member(), found.id)
    return addresses.waiting(found.id) if waits else addresses.post(found.id)


def _ask_for_rule(reason: str) -> None:
    """Raise Invalid where another's words are changed and no rule is named; none may be there."""
    gathered = Gathered()
    with gathered:
        check_reason(reason)
    if rulebook.rules_in_force():
        gathered.wrong["rule"] = "rule_missing"
    gathered.enforce()


def _may_edit(viewer: Viewer, found: Written) -> None:
    viewer.require_member()
    limits = pace.limits_for(viewer, found.board_id)
    since = composing.editable_since(limits, found.id, found.source)
    rules.may_edit(viewer, found.thread, found.post, found.created_at, since).enforce()


def _undescribed(viewer: Viewer, found: Written) -> list[tuple[int, str]]:
    """Return what the post leads to that nobody knows yet. One query; none for none."""
    leads_somewhere = "://" in found.source or bool(found.link)
    return undescribed_in(viewer, found.id) if leads_somewhere else []
