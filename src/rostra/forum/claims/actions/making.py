"""Making claims from posts, rewording them, merging them, taking them out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from rostra.forum.access.viewer import Viewer
from rostra.forum.claims import anchors, circumstances, rules
from rostra.forum.claims.actions.rows import (
    enforce_day,
    locked_claim,
    log_claim_act,
    note_change,
    put_tags,
    rung_for,
    said_in,
    show,
)
from rostra.forum.claims.circumstances import NOTHING, Circumstances
from rostra.forum.claims.events import ClaimMade
from rostra.forum.claims.models import Attribution, Claim, ClaimEvent, Watch
from rostra.forum.threads import rules as thread_rules
from rostra.forum.threads.actions.logging import OF_OWN_ACCORD, Why
from rostra.forum.threads.actions.rows import locked_post
from rostra.forum.words.taking import check_texts
from rostra.kernel import clock
from rostra.kernel.errors import Invalid, NotFound, Refused
from rostra.kernel.events import emit
from rostra.kernel.rows import insert_new

if TYPE_CHECKING:
    from rostra.forum.threads.models import Post, Thread
    from rostra.forum.threads.standing import Rung


@transaction.atomic
def make_claim(
    viewer: Viewer,
    post_id: int,
    text: str,
    kind: str = "event",
    *,
    words: str = "",
    about: Circumstances = NOTHING,
) -> Claim:
    """Make a claim from a post, with the words in it where some are given; emits ClaimMade.

    about: when and where it happened, and the claim's tags, as they are typed.

    Members from their own posts, trusted ones from any that stands; so many a day. Raises NotFound,
    Refused, Invalid, TooMany.
    """
    text = rules.check_text(text)
    found = circumstances.checked(about)
    if kind not in rules.KINDS:
        raise Invalid({"kind": "not_a_choice"})
    thread, post = locked_post(viewer, post_id)
    rung = rung_for(viewer, thread.board_id)
    rules.may_make(viewer, thread, rung, post.author_id).enforce()
    if post.state != "visible":
        raise Refused("post_not_standing")
    member_id = viewer.require_member()
    if rung is not None:
        made = Claim.objects.filter(maker_id=member_id).order_by("-id")
        limit = rules.CLAIMS_A_DAY[rung]
        enforce_day(list(made.values_list("made_at", flat=True)[:limit]), limit, "claims_a_day")
    texts = {"text": text, "place": found.place, "tags": found.tags}
    check_texts(viewer, texts, board_id=thread.board_id)
    has_room(thread, text)
    claim = Claim(
        thread=thread, text=text, kind=kind, maker_id=member_id, post=post,
        made_at=clock.now(), changed_at=clock.now(), **_anchored(post, words), **found._asdict(),
    )  # fmt: skip
    claim.save()
    put_tags(claim)
    ClaimEvent.objects.create(claim=claim, at=claim.made_at, kind="made", member_id=member_id)
    show(thread.pk)
    emit(ClaimMade(claim_id=claim.pk, thread_id=thread.pk, member_id=member_id))
    return claim


@transaction.atomic
def reword_claim(viewer: Viewer, claim_id: int, text: str, *, reason: str = "") -> bool:
    """Reword a claim, or propose that; return whether it is done. Emits ClaimChanged.

    Who made it may, before it has three entries; a moderator may, and it is logged. A trusted
    member proposes, and another one accepts (`accept_wording`).
    """
    text = rules.check_text(text)
    thread, claim = locked_claim(viewer, claim_id)
    rung = rung_for(viewer, thread.board_id)
    is_alone = may_change_alone(viewer, thread, claim, rung)
    member_id = viewer.require_member()
    if text == claim.text:
        return True
    check_texts(viewer, {"text": text}, board_id=thread.board_id, before=[claim.text])
    has_room(thread, text)
    if rung is not None and not is_alone:
        claim.proposed, claim.proposed_by_id = text, member_id
        note_change(claim, "wording_proposed", member_id, {"text": text})
        return False
    log_n = None
    if claim.maker_id != member_id:
        log_n = log_claim_act(viewer, "claim.edit", claim, reason, before=claim.text, after=text)
    put_wording(claim, text, member_id, log_n)
    return True


@transaction.atomic
def accept_wording(viewer: Viewer, claim_id: int, proposed: str, *, is_accepted: bool) -> None:
    """Accept or decline what another trusted member proposed; emits ClaimChanged.

    proposed: as it was shown, so that nobody accepts what came meanwhile.
    """
    thread, claim = locked_claim(viewer, claim_id)
    rules.may_judge(viewer, thread, rung_for(viewer, thread.board_id)).enforce()
    member_id = viewer.require_member()
    if not claim.proposed or claim.proposed != proposed:
        raise Refused("proposal_gone")
    if is_accepted and claim.proposed_by_id == member_id:
        raise Refused("own_proposal")
    if is_accepted:
        put_wording(claim, claim.proposed, member_id, None)
        return
    claim.proposed, claim.proposed_by_id = "", None
    note_change(claim, "wording_declined", member_id, {"text": proposed})


@transaction.atomic
def merge_claims(viewer: Viewer, claim_id: int, into_id: int, *, reason: str) -> None:
    """Make two claims of one thread one: what is said of the first is said of the other.

    Moderators, and it is logged; emits ClaimChanged for the one that stays.
    """
    thread, claim = locked_claim(viewer, claim_id)
    thread_rules.may_moderate(viewer, thread.board_id).enforce()
    if into_id == claim_id:
        raise Refused("same_claim")
    other_thread, into = locked_claim(viewer, into_id)
    if other_thread.pk != thread.pk:
        raise NotFound
    if _entries(claim) + _entries(into) > rules.MOST_ENTRIES:
        raise Refused("too_many_entries")
    member_id = viewer.require_member()
    log_n = log_claim_act(
        viewer, "claim.merge", claim, reason, {"into": into.pk},
        before=claim.text, after=into.text,
    )  # fmt: skip
    moved = list(Attribution.objects.filter(claim=claim).values_list("id", flat=True))
    Attribution.objects.filter(claim=claim).update(claim=into)
    claim.state, claim.merged_into = Claim.State.MERGED, into
    claim.save()
    now = clock.now()
    # Who watched the one goes on hearing of the other; should that be undone, they watch both.
    watching = list(Watch.objects.filter(claim=claim).values_list("member_id", flat=True))
    insert_new([Watch(claim=into, member_id=member, at=now) for member in watching])
    ClaimEvent.objects.create(
        claim=claim, at=now, kind="merged", member_id=member_id,
        data={"into": into.pk, "entries": moved},
    )  # fmt: skip
    note_change(into, "took_in", member_id, {"claim": claim.pk}, log_n=log_n)


@transaction.atomic
def take_out_claim(
    viewer: Viewer, claim_id: int, *, reason: str = "", why: Why = OF_OWN_ACCORD
) -> None:
    """Take a claim out: its maker while nobody else said anything, else a moderator, logged.

    Emits ClaimChanged.
    """
    thread, claim = locked_claim(viewer, claim_id)
    member_id = viewer.require_member()
    is_alone = not Attribution.objects.filter(claim=claim).exclude(added_by_id=member_id).exists()
    log_n = None
    if claim.maker_id == member_id and is_alone:
        claim.state = Claim.State.WITHDRAWN
    else:
        thread_rules.may_moderate(viewer, thread.board_id).enforce()
        log_n = log_claim_act(viewer, "claim.remove", claim, reason, before=claim.text, why=why)
        claim.state = Claim.State.REMOVED
    note_change(claim, claim.state, member_id, log_n=log_n)


def may_change_alone(viewer: Viewer, thread: Thread, claim: Claim, rung: Rung | None) -> bool:
    """Whether what a claim says is the viewer's to change, being its maker, before three entries.

    Others, and later, propose it, unless they moderate; raises Refused for who may not even that.
    """
    is_alone = claim.maker_id == viewer.require_member() and _entries(claim) < rules.SETTLED_AT
    may = rules.may_take_part if is_alone else rules.may_judge
    may(viewer, thread, rung).enforce()
    return is_alone


def has_room(thread: Thread, text: str) -> None:
    """Raise Invalid where a thread has such a claim already, Refused where it has too many."""
    standing = Claim.objects.filter(thread=thread, state=Claim.State.VISIBLE)
    texts = {one.casefold() for one in standing.values_list("text", flat=True)}
    if text.casefold() in texts:
        raise Invalid({"text": "claim_there_already"})
    if len(texts) >= rules.MOST_CLAIMS:
        raise Refused("too_many_claims")


def _anchored(post: Post, words: str) -> dict[str, object]:
    """Return where words stand in a post, as columns; raises Invalid where they do not."""
    if not words.strip():
        return {}
    anchor = anchors.anchor_at(said_in(post), words)
    if anchor is None:
        raise Invalid({"words": "words_not_in_post"})
    kept = {**anchor._asdict(), "revision": post.edit_count}
    return {"quote": kept.pop("exact"), "anchor": kept, "found": "stands"}


def _entries(claim: Claim) -> int:
    out = (Attribution.State.WITHDRAWN, Attribution.State.REMOVED)
    return Attribution.objects.filter(claim=claim).exclude(state__in=out).count()


def put_wording(claim: Claim, text: str, member_id: int, log_n: int | None) -> None:
    before, claim.text = claim.text, text
    claim.proposed, claim.proposed_by_id = "", None
    data = {"before": before, "after": text}
    if log_n is not None:
        # What a moderator takes out of a claim is not told by its history: the log has it.
        told = ("reworded", "wording_proposed", "wording_declined")
        ClaimEvent.objects.filter(claim=claim, kind__in=told).update(data={})
        data = {}
    note_change(claim, "reworded", member_id, data, log_n=log_n)
