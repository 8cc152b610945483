from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from rostra.forum.access.viewer import Viewer
from rostra.forum.claims import queries, rules
from rostra.forum.claims.actions.describing import accept_description, describe_claim
from rostra.forum.claims.actions.disputing import (
    decide_attribution,
    dispute_attribution,
    strike_dispute,
)
from rostra.forum.claims.actions.entries import (
    add_attribution,
    confirm_attribution,
    place_attribution,
    withdraw_attribution,
)
from rostra.forum.claims.actions.making import (
    accept_wording,
    make_claim,
    merge_claims,
    reword_claim,
    take_out_claim,
)
from rostra.forum.claims.actions.proposing import answer_step, propose_step
from rostra.forum.claims.actions.reverting import restore_attribution, restore_claim
from rostra.forum.claims.around import around
from rostra.forum.claims.circumstances import Circumstances
from rostra.forum.claims.queries import ClaimRow
from rostra.forum.claims.rules import Entry
from rostra.forum.claims.status import MODALITIES, PARTIES, STANCES
from rostra.forum.documents.queries import cards_of
from rostra.forum.threads import rules as thread_rules
from rostra.forum.threads.composing import written
from rostra.kernel.errors import Invalid, NotFound
from rostra.reading.claim_page import rung_of
from rostra.web import addresses, query
from rostra.web.form_page import EXPECTED, Expected, refusal_of, status_of
from rostra.web.forms import fields, id_in, see_other
from rostra.web.request import RostraRequest

ABOUT = Circumstances._fields
MAKE = ("text", "kind", "words", *ABOUT)
ADD = ("stance", "speaker", "url", "post", "quote", "said", "modality", "no_details")
EDIT = ("do", "text", "proposed", "step", "into", "reason", *ABOUT)
ENTRY = ("do", "reason", "party", "same_as", "dispute")
forms = require_http_methods(["GET", "HEAD", "POST"])


@forms
def make(request: RostraRequest, post_id: int) -> HttpResponse:
    """Make a claim from a post: the words in it, and one sentence."""
    viewer = request.viewer
    post = written(viewer, post_id)
    viewer.require_member()
    rung = rung_of(viewer, post.thread.board_id)
    may_make = rules.may_make(viewer, post.thread, rung, post.author_id)
    cards = cards_of([post_id]).get(post_id, ()) if post.number == 1 else ()
    headline = next((card.document.title for card in cards if card.place == 0), "")
    values = {**dict.fromkeys(MAKE, ""), "text": headline[: rules.TEXT[1]], "kind": "event"}
    values["words"] = query.words(request, "words", 500)
    error: Expected | None = None
    if request.method == "POST":
        values = fields(request, *MAKE)
        try:
            made = make_claim(
                viewer, post_id, values["text"], values["kind"], words=values["words"],
                about=_about(values),
            )  # fmt: skip
            return see_other(addresses.claim(made.pk))
        except EXPECTED as refused:
            error = refused
    context = {
        "post": post, "headline": headline, "kinds": rules.KINDS, "may_make": may_make,
    }  # fmt: skip
    return _page(request, "claims/make.html", values, error, **context)


@forms
def add(request: RostraRequest, claim_id: int) -> HttpResponse:
    """Add who says what about a claim."""
    viewer = request.viewer
    claim = queries.claim_for(viewer, claim_id)
    rung = rung_of(viewer, claim.thread.board_id)
    rules.may_take_part(viewer, claim.thread, rung).enforce()
    values = {**dict.fromkeys(ADD, ""), "stance": "asserts", "modality": "stated"}
    error: Expected | None = None
    if request.method == "POST":
        values = fields(request, *ADD)
        try:
            add_attribution(viewer, claim_id, _entry_in(values))
            return see_other(f"{addresses.claim(claim_id)}#entries")
        except EXPECTED as refused:
            error = refused
    context = {"claim": claim, "stances": STANCES, "modalities": MODALITIES}
    return _page(request, "claims/add.html", values, error, **context)


@forms
def edit(request: RostraRequest, claim_id: int) -> HttpResponse:
    """Reword a claim, accept another wording, merge it, take it out."""
    viewer = request.viewer
    viewer.require_member()
    try:
        claim = queries.claim_for(viewer, claim_id)
    except NotFound:
        return _removed(request, queries.removed_claim(viewer, claim_id))
    rung = rung_of(viewer, claim.thread.board_id)
    rules.may_take_part(viewer, claim.thread, rung).enforce()
    values = dict.fromkeys(EDIT, "")
    error: Expected | None = None
    if request.method == "POST":
        values = fields(request, *EDIT)
        try:
            return see_other(_edited(viewer, claim_id, values))
        except EXPECTED as refused:
            error = refused
    if values["do"] != "reword":  # the other forms of the page say what stands
        values["text"] = claim.text
    if values["do"] != "describe":
        values |= claim.about._asdict()
    moderates = viewer.can("moderate", claim.thread.board_id)
    judges = bool(rules.may_judge(viewer, claim.thread, rung))
    others = queries.claims_in(viewer, claim.thread_id, claim.thread) if judges else []
    context = {
        "claim": claim,
        "is_own": claim.maker_id == viewer.member_id,
        "moderates": moderates,
        "judges": judges,
        "others": [other for other in others if other.id != claim_id],
    }
    return _page(request, "claims/edit.html", values, error, **context)


def _removed(request: RostraRequest, claim: ClaimRow) -> HttpResponse:
    """Show a removed claim to a moderator; bring it back."""
    values = {"reason": ""}
    error: Expected | None = None
    if request.method == "POST":
        values = fields(request, "reason")
        try:
            restore_claim(request.viewer, claim.id, reason=values["reason"])
            return see_other(addresses.claim(claim.id))
        except EXPECTED as refused:
            error = refused
    return _page(request, "claims/removed.html", values, error, claim=claim)


@forms
def entry(request: RostraRequest, entry_id: int) -> HttpResponse:
    """Show one entry; dispute, decide about, confirm, place or take it back."""
    viewer = request.viewer
    claim, row = queries.entry_for(viewer, entry_id)
    error: Expected | None = None
    values = {**dict.fromkeys(ENTRY, ""), "party": row.party}
    if request.method == "POST":
        values = fields(request, *ENTRY)
        try:
            _change_entry(viewer, entry_id, values)
            return see_other(f"{addresses.claim(claim.id)}#entry-{entry_id}")
        except EXPECTED as refused:
            error = refused
    disputes = queries.disputes_of(entry_id)
    rung = rung_of(viewer, claim.thread.board_id)
    facts = rules.EntryFacts(
        row.added_by_id, row.state, frozenset(one.member_id for one in disputes), row.is_confirmed
    )
    asked = (viewer, claim.thread, rung, facts)
    others = [one for one in queries.entries_for(viewer, claim) if one.id != entry_id]
    context = {
        "claim": claim,
        "entry": row,
        "disputes": disputes,
        "around": around(row),
        "others": [one for one in others if not one.is_withheld and one.state == "active"],
        "may_dispute": rules.may_dispute(*asked),
        "may_decide": rules.may_decide(*asked),
        "may_confirm": rules.may_confirm(*asked),
        "may_place": rules.may_judge(viewer, claim.thread, rung),
        "is_own": row.added_by_id is not None and row.added_by_id == viewer.member_id,
        "moderates": bool(thread_rules.may_moderate(viewer, claim.thread.board_id)),
        "parties": PARTIES,
    }
    return _page(request, "claims/entry.html", values, error, **context)


def _entry_in(values: dict[str, str]) -> Entry:
    """Return an entry as a form says it; a post is named by its number in the thread."""
    post = values["post"].strip().lstrip("#")
    if post and not (post.isdecimal() and len(post) < 10):
        raise Invalid({"post": "not_in_this_thread"})
    return Entry(
        stance=values["stance"],
        speaker=values["speaker"],
        url=values["url"],
        post_number=int(post) if post else None,
        quote=values["quote"],
        said=values["said"],
        modality=values["modality"],
        has_details=values["no_details"] != "1",
    )


def _edited(viewer: Viewer, claim_id: int, values: dict[str, str]) -> str:
    """Do what a form of a claim asks for; return where to go on."""
    what, reason = values["do"], values["reason"]
    if what == "reword":
        reword_claim(viewer, claim_id, values["text"], reason=reason)
    elif what == "describe":
        describe_claim(viewer, claim_id, _about(values), reason=reason)
    elif what in ("accept_about", "decline_about"):
        is_accepted = what == "accept_about"
        accept_description(viewer, claim_id, values["proposed"], is_accepted=is_accepted)
    elif what in ("accept", "decline"):
        accept_wording(viewer, claim_id, values["proposed"], is_accepted=what == "accept")
    elif what == "merge":
        into = _other(values)
        merge_claims(viewer, claim_id, into, reason=reason)
        return addresses.claim(into)
    elif what == "propose_step":
        propose_step(viewer, claim_id, values["step"], _other(values))
    elif what in ("accept_step", "decline_step"):
        is_accepted, step = what == "accept_step", values["step"]
        answer_step(viewer, claim_id, step, _other(values), is_accepted=is_accepted, reason=reason)
    elif what == "take_out":
        found = queries.claim_for(viewer, claim_id)
        take_out_claim(viewer, claim_id, reason=reason)
        return addresses.thread(found.thread_id, found.thread_title)
    else:
        raise Invalid({"do": "not_a_choice"})
    return addresses.claim(claim_id)


def _about(values: dict[str, str]) -> Circumstances:
    return Circumstances(*(values[name] for name in ABOUT))


def _other(values: dict[str, str]) -> int:
    """Return the other claim that a form names; raises Invalid."""
    if not (into := id_in(values["into"])):
        raise Invalid({"into": "same_claim"})
    return into


def _change_entry(viewer: Viewer, entry_id: int, values: dict[str, str]) -> None:
    """Do what a form of an entry asks for."""
    reason, same_as = values["reason"], values["same_as"]
    if same_as and (not same_as.isdecimal() or len(same_as) > 18):
        raise Invalid({"same_as": "not_a_choice"})
    dispute = values["dispute"]
    if dispute and (not dispute.isdecimal() or len(dispute) > 18):
        raise Invalid({"dispute": "not_a_choice"})
    acts: dict[str, Callable[[], None]] = {
        "dispute": lambda: dispute_attribution(viewer, entry_id, reason),
        "keep": lambda: decide_attribution(viewer, entry_id, is_kept=True, reason=reason),
        "take_out": lambda: decide_attribution(viewer, entry_id, is_kept=False, reason=reason),
        "confirm": lambda: confirm_attribution(viewer, entry_id),
        "withdraw": lambda: withdraw_attribution(viewer, entry_id, reason=reason),
        "restore": lambda: restore_attribution(viewer, entry_id, reason=reason),
        "strike": lambda: strike_dispute(viewer, int(dispute or 0), reason=reason),
        "place": lambda: place_attribution(
            viewer, entry_id, values["party"], same_as=int(same_as) if same_as else None
        ),
    }
    if values["do"] not in acts:
        raise Invalid({"do": "not_a_choice"})
    acts[values["do"]]()


def _page(
    request: RostraRequest,
    template: str,
    values: dict[str, str],
    error: Expected | None,
    **more: Any,
) -> HttpResponse:
    context = {
        "values": values,
        "errors": error.fields if isinstance(error, Invalid) else {},
        "refusal": refusal_of(error),
        **more,
    }
    return render(request, template, context, status=status_of(error))
