"""Claims and entries locked for a change, never without the viewer who asks for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from rostra.content.markup.excerpt import excerpt
from rostra.forum.access.viewer import Viewer
from rostra.forum.claims import anchors, rules
from rostra.forum.claims.events import ClaimChanged
from rostra.forum.claims.models import Attribution, Claim, Dispute, Tagged
from rostra.forum.claims.reckoning import reckon
from rostra.forum.claims.rules import EntryFacts
from rostra.forum.threads import rules as thread_rules
from rostra.forum.threads import tags
from rostra.forum.threads.actions import pace
from rostra.forum.threads.actions.logging import OF_OWN_ACCORD, About, Why, log_act
from rostra.forum.threads.actions.rows import locked_thread
from rostra.forum.threads.composing import standing_for
from rostra.forum.threads.outside import show_claims
from rostra.forum.threads.standing import Rung, day_is_full
from rostra.kernel import clock
from rostra.kernel.errors import NotFound
from rostra.kernel.events import emit
from rostra.kernel.rows import insert_new

if TYPE_CHECKING:
    from datetime import datetime

    from rostra.forum.threads.models import Post, Thread
NOTHING: Mapping[str, object] = MappingProxyType({})
NO_FACTS: Mapping[str, int] = MappingProxyType({})


def locked_claim(
    viewer: Viewer, claim_id: int, state: Claim.State = Claim.State.VISIBLE
) -> tuple[Thread, Claim]:
    """Return a claim, a standing one by default, that the viewer may read, and its thread; both
    locked. Raises NotFound."""
    thread_id = Claim.objects.filter(id=claim_id).values_list("thread_id", flat=True).first()
    if thread_id is None:
        raise NotFound
    thread = locked_thread(viewer, thread_id)
    locked = Claim.objects.select_for_update(no_key=True, of=("self",)).select_related("post")
    claim = locked.filter(id=claim_id, state=state).first()
    if claim is None or not rules.may_read_claim(viewer, thread, claim.post):
        raise NotFound
    return thread, claim


def locked_entry(viewer: Viewer, entry_id: int) -> tuple[Thread, Claim, Attribution]:
    """Return an entry of a claim that the viewer may read, all locked; raises NotFound."""
    claim_id = Attribution.objects.filter(id=entry_id).values_list("claim_id", flat=True).first()
    if claim_id is None:
        raise NotFound
    thread, claim = locked_claim(viewer, claim_id)
    locked = Attribution.objects.select_for_update(no_key=True, of=("self",))
    entry = locked.select_related("post", "document").get(id=entry_id)
    if entry.post is not None and not thread_rules.may_read_post(viewer, thread, entry.post):
        raise NotFound
    return thread, claim, entry


def facts_of(entry: Attribution) -> EntryFacts:
    """Return what the rules ask of an entry. One query."""
    disputed_by = Dispute.objects.filter(attribution=entry).values_list("member_id", flat=True)
    return EntryFacts(
        entry.added_by_id, entry.state, frozenset(disputed_by), entry.confirmed_by_id is not None
    )


def rung_for(viewer: Viewer, board_id: int) -> Rung | None:
    """Return where a viewer stands in a board; None for its moderators. One query at most."""
    if viewer.is_guest or viewer.can("moderate", board_id):
        return None
    return standing_for(viewer.require_member()).rung


def said_in(post: Post) -> str:
    """Return the plain words of a post that may be quoted: without quotes and spoilers."""
    return anchors.plain(excerpt(post.html, len(post.html)))


def enforce_day(times: Sequence[datetime], limit: int, reason: str) -> None:
    """Raise TooMany where a day is full; `times`: the latest, the newest first."""
    pace.enforce(day_is_full(limit, reason, times, clock.now()))


def log_claim_act(
    viewer: Viewer,
    kind: str,
    claim: Claim,
    reason: str,
    facts: Mapping[str, int] = NO_FACTS,
    *,
    before: str | None = None,
    after: str | None = None,
    about_id: int | None = None,
    why: Why = OF_OWN_ACCORD,
) -> int:
    """Append a moderator's act on a claim, or on what somebody said in it; return its number.

    about_id: whose words they are, where they are not its maker's. Raises Invalid.
    """
    return log_act(
        viewer,
        kind,
        claim.post.thread,
        reason,
        post=claim.post,
        before=before,
        after=after,
        facts={"claim": claim.pk, **facts},
        about=About(claim.maker_id if about_id is None else about_id),
        why=why,
    )


def put_tags(claim: Claim) -> None:
    """Have a claim stand in lists under the tags it has now."""
    wanted = set(tags.split(claim.tags))
    Tagged.objects.filter(claim=claim).exclude(tag__in=wanted).delete()
    insert_new([Tagged(claim=claim, tag=tag) for tag in sorted(wanted)])


def note_change(
    claim: Claim,
    what: str,
    member_id: int | None,
    data: Mapping[str, object] = NOTHING,
    *,
    log_n: int | None = None,
) -> None:
    """Reckon a changed claim anew and have its thread's pages show it; emits ClaimChanged."""
    outcome = reckon(claim, what, member_id, data)
    show(claim.thread_id)
    emit(
        ClaimChanged(
            claim_id=claim.pk,
            what=what,
            member_id=member_id,
            was=outcome.was,
            status=outcome.status,
            log_n=log_n,
        )
    )


def show(thread_id: int) -> None:
    """Have the pages of a locked thread made anew, with the claims it has now."""
    standing = Claim.objects.filter(
        thread_id=thread_id, post__thread_id=thread_id, state=Claim.State.VISIBLE
    )
    show_claims(thread_id, standing.count())
