"""Entries of claims: who says what, on which source."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from rostra.forum.access.viewer import Viewer
from rostra.forum.claims import anchors, rules
from rostra.forum.claims.actions.rows import (
    enforce_day,
    facts_of,
    locked_claim,
    locked_entry,
    log_claim_act,
    note_change,
    rung_for,
    said_in,
)
from rostra.forum.claims.models import Attribution, Claim
from rostra.forum.claims.reckoning import root_for
from rostra.forum.claims.rules import Entry
from rostra.forum.documents.actions.linking import document_at
from rostra.forum.documents.publishers import owners_above, publisher_called
from rostra.forum.documents.queries import Source, saved_text, source_of
from rostra.forum.threads.actions.rows import locked_post
from rostra.forum.threads.outside import post_numbered
from rostra.forum.words.taking import check_texts
from rostra.kernel import clock
from rostra.kernel.errors import Invalid, Refused

if TYPE_CHECKING:
    from rostra.forum.threads.models import Thread


@transaction.atomic
def add_attribution(viewer: Viewer, claim_id: int, said: Entry) -> Attribution:
    """Say who said what about a claim, with a link or a post of its thread; emits ClaimChanged.

    The quote is looked for in the saved text of the document, or in the post. Members may, so
    many a day. Raises NotFound, Refused, Invalid, TooMany.
    """
    now = clock.now()
    said, said_at, is_exact = rules.check_entry(said, now)
    thread, claim = locked_claim(viewer, claim_id)
    rung = rung_for(viewer, thread.board_id)
    rules.may_take_part(viewer, thread, rung).enforce()
    member_id = viewer.require_member()
    if rung is not None:
        added = Attribution.objects.filter(added_by_id=member_id).order_by("-id")
        limit = rules.ENTRIES_A_DAY[rung]
        enforce_day(list(added.values_list("added_at", flat=True)[:limit]), limit, "entries_a_day")
    if Attribution.objects.filter(claim=claim).count() >= rules.MOST_ENTRIES:
        raise Refused("too_many_entries")
    texts = {"speaker": said.speaker, "quote": said.quote}
    check_texts(viewer, texts, board_id=thread.board_id)
    entry = Attribution(
        claim=claim, speaker=said.speaker, stance=said.stance, modality=said.modality,
        has_details=said.has_details, quote=said.quote, said_at=said_at, is_exact=is_exact,
        at=said_at or now, added_by_id=member_id, added_at=now,
    )  # fmt: skip
    if said.url:
        _cite_document(entry, said.url, member_id)
    else:
        _cite_post(viewer, thread, entry, said.post_number or 0)
    _is_new(claim, entry)
    entry.save()
    note_change(claim, "entry_added", member_id, {"entry": entry.pk})
    return entry


@transaction.atomic
def withdraw_attribution(viewer: Viewer, entry_id: int, *, reason: str = "") -> None:
    """Take an entry back: who added it; a moderator another's, logged, and its words are shown to
    moderators alone. Emits ClaimChanged."""
    thread, claim, entry = locked_entry(viewer, entry_id)
    member_id = viewer.require_member()
    if entry.state in (Attribution.State.WITHDRAWN, Attribution.State.REMOVED):
        raise Refused("entry_not_active")
    log_n, state = None, Attribution.State.WITHDRAWN
    if entry.added_by_id != member_id:
        if not viewer.can("moderate", thread.board_id):
            raise Refused("not_your_entry")
        log_n = log_claim_act(
            viewer, "claim.withdraw_entry", claim, reason, {"entry": entry.pk},
            before=_in_words(entry), about_id=entry.added_by_id,
        )  # fmt: skip
        state = Attribution.State.REMOVED
    entry.state = state
    entry.save(update_fields=["state"])
    note_change(claim, "entry_withdrawn", member_id, {"entry": entry.pk}, log_n=log_n)


@transaction.atomic
def confirm_attribution(viewer: Viewer, entry_id: int) -> None:
    """Say, as a second trusted member, that an entry's source says so; emits ClaimChanged."""
    thread, claim, entry = locked_entry(viewer, entry_id)
    rung = rung_for(viewer, thread.board_id)
    rules.may_confirm(viewer, thread, rung, facts_of(entry)).enforce()
    entry.confirmed_by_id = viewer.require_member()
    entry.save(update_fields=["confirmed_by"])
    note_change(claim, "entry_confirmed", viewer.member_id, {"entry": entry.pk})


@transaction.atomic
def place_attribution(
    viewer: Viewer, entry_id: int, party: str, *, same_as: int | None = None
) -> None:
    """Say whose side a speaker is on, and for whom they speak; trusted members. Emits ClaimChanged.

    same_as: another entry of the claim whose speaker is the same source; None: by their own name.
    """
    if not rules.is_party(party):
        raise Invalid({"party": "not_a_choice"})
    thread, claim, entry = locked_entry(viewer, entry_id)
    rules.may_judge(viewer, thread, rung_for(viewer, thread.board_id)).enforce()
    root = ""
    if same_as is not None and same_as != entry.pk:
        other = Attribution.objects.filter(claim=claim, pk=same_as).first()
        if other is None:
            raise Invalid({"same_as": "not_a_choice"})
        root = _root_of(other)
    before = {"party": entry.party, "root": entry.root}
    entry.party, entry.root = party, root
    after = {"party": party, "root": root}
    if after == before:
        return
    entry.save(update_fields=["party", "root"])
    data = {"entry": entry.pk, "before": before, "after": after}
    note_change(claim, "entry_placed", viewer.member_id, data)


def checked(entry: Attribution, source: Source) -> anchors.Check:
    """Return whether the saved text of an entry's document holds its quote. One query."""
    if not entry.quote or not source.is_read:
        return "unchecked"
    saved = saved_text(source.id)
    if saved is None:
        return "unchecked"
    found = anchors.check(entry.quote, saved)
    if found == "verified" or not source.has_changed:
        return found
    newest = anchors.check(entry.quote, saved_text(source.id, newest=True) or "")
    return min(found, newest, key=anchors.CHECKS.index)


def _cite_document(entry: Attribution, url: str, member_id: int) -> None:
    """Have an entry rest on a document; without a speaker it is the document's publisher's word."""
    entry.document_id = document_at(url, member_id)
    if entry.document_id is None:
        raise Invalid({"url": "link_odd"})
    source = source_of(entry.document_id)
    if source.is_read and rules.is_said_too_late(entry.said_at, source.last_at):
        raise Invalid({"said": "said_after_document"})
    entry.publisher_id = publisher_called(entry.speaker) if entry.speaker else source.publisher_id
    entry.quote_check = checked(entry, source)
    entry.at = entry.said_at or source.published_at or entry.added_at


def _cite_post(viewer: Viewer, thread: Thread, entry: Attribution, number: int) -> None:
    """Have an entry rest on a standing post of its thread, with the words in it."""
    post_id = post_numbered(thread.pk, number)
    if post_id is None:
        raise Invalid({"post": "not_in_this_thread"})
    _, post = locked_post(viewer, post_id)
    if post.state != "visible":
        raise Refused("post_not_standing")
    entry.post = post
    entry.publisher_id = publisher_called(entry.speaker)
    if not entry.quote:
        return
    anchor = anchors.anchor_at(said_in(post), entry.quote)
    if anchor is None:
        raise Invalid({"quote": "words_not_in_post"})
    kept = {**anchor._asdict(), "revision": post.edit_count}
    entry.quote, entry.anchor, entry.found = kept.pop("exact"), kept, "stands"


def _is_new(claim: Claim, entry: Attribution) -> None:
    """Raise Invalid where the same is said of the same speaker by the same source already."""
    same = Attribution.objects.filter(claim=claim, stance=entry.stance).filter(
        speaker__iexact=entry.speaker, document=entry.document, post=entry.post
    )
    same = same.exclude(state__in=(Attribution.State.WITHDRAWN, Attribution.State.REMOVED))
    if same.exists():
        raise Invalid({"stance": "entry_there_already"})


def _root_of(entry: Attribution) -> str:
    ids: list[int] = [] if entry.publisher_id is None else [entry.publisher_id]
    return root_for(entry, owners_above(ids))


def _in_words(entry: Attribution) -> str:
    at = f"{entry.at:%Y-%m-%d %H:%M}" if isinstance(entry.at, datetime) else ""
    return "\n".join(filter(None, (entry.speaker, entry.stance, entry.quote, at)))
