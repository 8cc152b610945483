"""Reading claims, as a viewer may see them: a claim as its thread, words of posts as the posts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet, Subquery, Window
from django.db.models.functions import Coalesce, RowNumber
from django.db.models.lookups import In

from rostra.forum.access.viewer import Viewer
from rostra.forum.claims import reckoning, rules, status
from rostra.forum.claims.circumstances import NOTHING, Circumstances
from rostra.forum.claims.models import Attribution, Claim, ClaimEvent, Dispute, Watch
from rostra.forum.threads import rules as thread_rules
from rostra.forum.threads.queries import PostState, ThreadState
from rostra.kernel.errors import NotFound

type History = tuple[tuple[datetime, str], ...]
SEARCHED = 5000


class ClaimRow(NamedTuple):
    """A claim; `quote` is empty where the viewer may not read the post it comes from."""

    id: int
    text: str
    kind: str
    status: str
    surest: str
    lacks_details: bool
    entry_count: int
    made_at: datetime
    changed_at: datetime
    maker_id: int | None
    maker: str | None
    post_id: int
    post_number: int | None
    quote: str
    found: str
    proposed: str
    proposed_by_id: int | None
    history: History
    thread_id: int
    thread_title: str
    thread: ThreadState
    may_read_post: bool
    superseded_by_id: int | None = None  # the claim that has taken its place, and what that says
    superseded_by: str = ""
    step: str = ""  # what is proposed to do with it and another
    step_into_id: int | None = None
    step_into: str = ""
    step_by_id: int | None = None
    about: Circumstances = NOTHING
    described: str = ""  # what is proposed instead: `circumstances.as_text`
    described_by_id: int | None = None


class EntryRow(NamedTuple):
    """Who said what about a claim. Of one on a post not to be read, only what it comes to."""

    id: int
    claim_id: int
    stance: str
    state: str
    at: datetime
    is_said: bool  # the time is when it was said, to the minute or to the day (is_exact)
    is_exact: bool
    is_confirmed: bool
    is_withheld: bool
    speaker: str = ""
    publisher_id: int | None = None  # who speaks
    publisher_kind: str = ""
    party: str = "unknown"
    modality: str = "stated"
    has_details: bool = True
    document_id: int | None = None
    document_url: str = ""
    document_title: str = ""
    carrier: str = ""  # the document's publisher
    post_id: int | None = None
    post_number: int | None = None
    quote: str = ""
    quote_check: str = "unchecked"
    found: str = ""
    added_by_id: int | None = None
    added_by: str | None = None


class EventRow(NamedTuple):
    """What happened to a claim, by when it was entered."""

    id: int
    at: datetime
    kind: str
    member_id: int | None
    member: str | None
    data: dict[str, Any]


class ChangeRow(NamedTuple):
    """A claim that was made, or whose status changed, by when that was entered."""

    id: int
    at: datetime
    kind: str
    data: dict[str, Any]
    claim: ClaimRow


class Wish(NamedTuple):
    """Which claims, and from where on."""

    status: str = ""
    board_id: int | None = None
    since: datetime | None = None
    before: int | None = None
    is_watched: bool = False  # by the viewer
    tag: str = ""


def status_when(history: History, at: datetime | None) -> str:
    """Return what was known at a time, by what was said until then."""
    known = [word for when, word in history if at is not None and when <= at]
    return known[-1] if known else "unsourced"


def claims_in(viewer: Viewer, thread_id: int, thread: ThreadState) -> list[ClaimRow]:
    """Return the claims of a thread that the viewer may read, oldest first. One query."""
    found = Claim.objects.filter(
        thread_id=thread_id, post__thread_id=thread_id, state=Claim.State.VISIBLE
    ).order_by("id")
    return [row for row in _rows(viewer, found, thread) if row is not None]


def entries_beside(
    viewer: Viewer, thread: ThreadState, claim_ids: Collection[int], most: int
) -> dict[int, list[EntryRow]]:
    """Return the latest entries that count, so many a claim, in order of time. One query."""
    if not claim_ids:
        return {}
    numbered = Attribution.objects.filter(
        claim_id__in=list(claim_ids), state=Attribution.State.ACTIVE
    ).annotate(
        place=Window(
            RowNumber(), partition_by=[F("claim_id")], order_by=[F("at").desc(), F("id").desc()]
        )
    )
    found: dict[int, list[EntryRow]] = {}
    for row in _entries(viewer, thread, numbered.filter(place__lte=most).order_by("at", "id")):
        found.setdefault(row.claim_id, []).append(row)
    return found


def claim_for(viewer: Viewer, claim_id: int) -> ClaimRow:
    """Return a claim; raises NotFound where the viewer may not see it. One query."""
    return _one(viewer, claim_id, Claim.State.VISIBLE)


def removed_claim(viewer: Viewer, claim_id: int) -> ClaimRow:
    """Return a claim that was removed, to who moderates there; raises NotFound. One query."""
    claim = _one(viewer, claim_id, Claim.State.REMOVED)
    if not thread_rules.may_moderate(viewer, claim.thread.board_id):
        raise NotFound
    return claim


def merged_into(claim_id: int) -> int | None:
    """Return into which claim one was merged; whether a viewer may see that is asked there."""
    found = Claim.objects.filter(id=claim_id, state=Claim.State.MERGED)
    return found.values_list("merged_into_id", flat=True).first()


def entries_for(viewer: Viewer, claim: ClaimRow) -> list[EntryRow]:
    """Return all entries of a claim, in order of the time they count from. One query."""
    found = Attribution.objects.filter(claim_id=claim.id).order_by("at", "id")
    return list(_entries(viewer, claim.thread, found))


def entry_for(viewer: Viewer, entry_id: int) -> tuple[ClaimRow, EntryRow]:
    """Return an entry and its claim; raises NotFound for one on a post not to be read. Two."""
    found = Attribution.objects.filter(id=entry_id)
    claim_id = found.values_list("claim_id", flat=True).first()
    if claim_id is None:
        raise NotFound
    claim = claim_for(viewer, claim_id)
    rows = [row for row in _entries(viewer, claim.thread, found) if not row.is_withheld]
    if not rows:
        raise NotFound
    return claim, rows[0]


def status_at(claim_id: int, at: datetime) -> str:
    """Return a claim's status as things stood at a time, by what is known of them today."""
    said = reckoning.as_said(reckoning.entries_of(claim_id))
    return status.status_of(said, at.timestamp())


def roots_of(claim_id: int) -> dict[int, str]:
    """Return entry → for whom its speaker stands."""
    entries = list(reckoning.entries_of(claim_id))
    return {
        entry.pk: said.root for entry, said in zip(entries, reckoning.as_said(entries), strict=True)
    }


class DisputeRow(NamedTuple):
    """Who disputed an entry, and why; "" where a moderator took that out."""

    id: int
    member_id: int
    member: str
    reason: str
    at: datetime


def disputes_of(entry_id: int) -> list[DisputeRow]:
    """Return who disputed an entry, in order of time. One query."""
    found = Dispute.objects.filter(attribution_id=entry_id).order_by("id")
    fields = ("id", "member_id", "member__name", "reason", "at")
    return [DisputeRow._make(row) for row in found.values_list(*fields)]


def events_of(claim_id: int, *, before: int | None = None, limit: int = 50) -> list[EventRow]:
    """Return what happened to a claim, the latest entered first, by key. One query."""
    found = ClaimEvent.objects.filter(claim_id=claim_id)
    if before is not None:
        found = found.filter(id__lt=before)
    fields = ("id", "at", "kind", "member_id", "member__name", "data")
    return [EventRow._make(row) for row in found.order_by("-id").values_list(*fields)[:limit]]


def claims_list(viewer: Viewer, wish: Wish, limit: int) -> list[ClaimRow]:
    """Return claims that everybody who reads their boards sees, the newest first, by key."""
    found = Claim.objects.filter(standing(viewer))
    if wish.status:
        found = found.filter(status=wish.status)
    if wish.board_id is not None:
        found = found.filter(thread__board_id=wish.board_id)
    if wish.tag:
        found = found.filter(tagged__tag=wish.tag)
    if wish.since is not None:
        found = found.filter(changed_at__gte=wish.since)
    if wish.before is not None:
        found = found.filter(id__lt=wish.before)
    if wish.is_watched:
        watched = Watch.objects.filter(member_id=viewer.require_member())
        found = found.filter(id__in=watched.values("claim_id"))
    return [row for row in _rows(viewer, found.order_by("-id")[:limit], None) if row is not None]


def changes(viewer: Viewer, *, before: int | None = None, limit: int = 20) -> list[ChangeRow]:
    """Return claims that were made or changed, the latest entered first, by key. Two queries."""
    found = ClaimEvent.objects.filter(standing(viewer, "claim__"), kind__in=("made", "status"))
    if before is not None:
        found = found.filter(id__lt=before)
    rows = list(found.order_by("-id").values_list("id", "at", "kind", "data", "claim_id")[:limit])
    of = Claim.objects.filter(id__in={row[4] for row in rows})
    claims = {row.id: row for row in _rows(viewer, of, None) if row is not None}
    return [ChangeRow(*row[:4], claims[row[4]]) for row in rows if row[4] in claims]


def claims_saying(viewer: Viewer, words: Iterable[str], limit: int = 5) -> list[ClaimRow]:
    """Return standing claims that hold all of these words, in their place and tags too. One query.

    The newest first, of the newest SEARCHED claims: looking for words within texts costs as much
    as there are.
    """
    last = Claim.objects.order_by("-id").values("id")[SEARCHED : SEARCHED + 1]
    found = Claim.objects.filter(standing(viewer), id__gt=Coalesce(Subquery(last), 0))
    wanted = [word for word in words if len(word) > 1][:8]
    if not wanted:
        return []
    for word in wanted:
        found = found.filter(
            Q(text__icontains=word) | Q(place__icontains=word) | Q(tags__icontains=word)
        )
    return [row for row in _rows(viewer, found.order_by("-id")[:limit], None) if row is not None]


def threads_of(claim_ids: Collection[int]) -> dict[int, int]:
    """Return claim → the thread its post is in, of those there are. One query; none for none."""
    found = Claim.objects.filter(id__in=list(claim_ids)) if claim_ids else Claim.objects.none()
    return dict(found.values_list("id", "post__thread_id"))


def _one(viewer: Viewer, claim_id: int, state: Claim.State) -> ClaimRow:
    found = Claim.objects.filter(id=claim_id, post__thread=F("thread"), state=state)
    rows = _rows(viewer, found, None)
    if not rows or rows[0] is None:
        raise NotFound
    return rows[0]


def standing(viewer: Viewer, path: str = "") -> Q:
    """Return the condition that a claim is shown in lists."""
    is_standing = Q(
        **{
            # A claim goes where its post went; until it is there, it is nowhere.
            f"{path}post__thread": F(f"{path}thread"),
            f"{path}state": Claim.State.VISIBLE,
            f"{path}post__state__in": ("visible", "withdrawn"),
            f"{path}thread__state": "visible",
        }
    )
    # A sum, so that no database begins with all threads of these boards: claims are fewer.
    board_id = F(f"{path}thread__board_id") + 0
    return is_standing & Q(In(board_id, viewer.readable)) if viewer.readable else Q(pk__in=())


def _rows(
    viewer: Viewer, found: QuerySet[Claim], thread: ThreadState | None
) -> list[ClaimRow | None]:
    """Return rows, None for each that the viewer may not see; thread: of all, if that is known."""
    rows = found.values_list(
        "id", "text", "kind", "status", "surest", "lacks_details", "entry_count", "made_at",
        "changed_at", "maker_id", "maker__name", "post_id", "post__number", "quote", "found",
        "proposed", "proposed_by_id", "history", "thread_id", "thread__title",
        "thread__board_id", "thread__starter_id", "thread__state", "thread__is_locked",
        "post__author_id", "post__state", "superseded_by_id", "superseded_by__text",
        "superseded_by__state", "superseded_by__post__state", "step", "step_into_id",
        "step_into__text", "step_by_id", "step_into__state", "step_into__post__state",
        "described", "described_by_id", *Circumstances._fields,
    )  # fmt: skip
    return [_row(viewer, row, thread) for row in rows]


def _row(viewer: Viewer, row: tuple[Any, ...], known: ThreadState | None) -> ClaimRow | None:
    thread = known or ThreadState(*row[20:24])
    post = PostState(*row[24:26])
    if known is None and not thread_rules.may_read(viewer, thread):
        return None
    if not rules.may_read_claim(viewer, thread, post):
        return None
    may_read_post = bool(thread_rules.may_read_post(viewer, thread, post))
    history = tuple((datetime.fromisoformat(at), word) for at, word in row[17])
    quote = row[13] if may_read_post else ""
    # Of the same thread; shown where it stands, and its post too: then who reads this reads that.
    overtaken = row[26:28] if _stands(*row[28:30]) else (None, "")
    step = row[30:34] if _stands(*row[34:36]) else ("", None, "", None)
    return ClaimRow._make(
        (*row[:13], quote, *row[14:17], history, *row[18:20], thread, may_read_post, *overtaken,
         *step, Circumstances._make(row[38:42]), *row[36:38])
    )  # fmt: skip


def _stands(state: str | None, post_state: str | None) -> bool:
    return state == Claim.State.VISIBLE and post_state in ("visible", "withdrawn")


def _entries(
    viewer: Viewer, thread: ThreadState, found: QuerySet[Attribution]
) -> Iterable[EntryRow]:
    rows = found.values_list(
        "id", "claim_id", "stance", "state", "at", "said_at", "is_exact", "confirmed_by_id",
        "post__author_id", "post__state", "post__thread__board_id", "post__thread__starter_id",
        "post__thread__state",
        "speaker", "publisher_id", "publisher__kind", "party", "modality", "has_details",
        "document_id", "document__url", "document__title", "post_id", "post__number", "quote",
        "quote_check", "found", "added_by_id", "added_by__name", "publisher__name",
        "publisher__domain", "document__publisher__name", "document__publisher__domain",
    )  # fmt: skip
    for row in rows:
        if row[3] == Attribution.State.REMOVED and not viewer.can("moderate", thread.board_id):
            continue
        facts = (*row[:5], row[5] is not None, row[6], row[7] is not None)
        if row[10] is not None and not _is_readable(viewer, row[8:13]):
            yield EntryRow(*facts, is_withheld=True)
            continue
        more = row[13:]
        speaker = more[0] or more[16] or more[17] or ""
        carrier = more[18] or more[19] or ""
        yield EntryRow._make(
            (*facts, False, speaker, more[1], more[2] or "", *more[3:7], more[7] or "",
             more[8] or "", carrier, *more[9:16])
        )  # fmt: skip


def _is_readable(viewer: Viewer, row: tuple[Any, ...]) -> bool:
    """Return whether an entry's post is shown, wherever it is by now: author, state, thread."""
    author_id, state, *facts = row
    thread = ThreadState(*facts)
    if not thread_rules.may_read(viewer, thread):
        return False
    return bool(thread_rules.may_read_post(viewer, thread, PostState(author_id, state)))
