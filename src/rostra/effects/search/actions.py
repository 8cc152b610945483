"""Keeping the index: posts written anew, what was missed caught up with, everything rebuilt.

All of it may be killed and repeated: a batch is one transaction, and the rows say what is there.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Sequence
from typing import Any, NamedTuple

from django.db import transaction

from rostra.effects.search.backends import backend
from rostra.effects.search.documents import document_of
from rostra.effects.search.models import Entry, Mark, Span
from rostra.effects.search.places import END, NOWHERE, Document, place_of
from rostra.forum.threads import searching

SPAN = 32_768  # posts
BATCH = 500  # posts in one transaction
LOOK = 5_000  # ids that are looked through at once
SLACK = 10_000  # ids given out before and written later: an import reserves them by the thousand
NOT_GOING_ON = -1


class Came(NamedTuple):
    """How far catching up came: the posts indexed, the id reached, whether that is all."""

    indexed: int
    reached: int
    is_done: bool


def tidy(steps: int = 20) -> bool:
    """Merge some of the index, so that forgotten words leave it; return whether more is left."""
    for _ in range(steps):
        with transaction.atomic():
            _one_at_a_time()
            if not backend().tidy():
                return False
    return True


def index_posts(post_ids: Sequence[int]) -> int:
    """Bring the index up to these posts as they are now; return how many there are."""
    rows = {row.id: row for row in searching.posts_to_index(post_ids)}
    documents = {row.id: document_of(row) for row in rows.values()}
    with transaction.atomic():
        _one_at_a_time()
        # Folding takes its time: what was edited meanwhile is folded once more, under the lock.
        now = searching.htmls_of(list(rows))
        changed = [post_id for post_id, row in rows.items() if now.get(post_id) != row.html]
        for row in searching.posts_to_index(changed) if changed else ():
            documents[row.id] = document_of(row)
        _replace(post_ids, {key: doc for key, doc in documents.items() if key in now})
    return len(now)


def catch_up(most: int = BATCH) -> Came:
    """Index what came without an event, as imports do, and what was lost; at most so many posts."""
    seen = _mark("seen")
    at = max(0, seen - SLACK)
    missing: list[int] = []
    _plan_ahead(seen)
    while len(missing) < most:
        ids = searching.post_ids_after(at, LOOK)
        if not ids:
            break
        missing += _unknown(ids)
        at = ids[-1]
    missing = missing[:most]
    for start in range(0, len(missing), BATCH):
        index_posts(missing[start : start + BATCH])
    is_done = len(missing) < most
    reached = max(seen, at if is_done else missing[-1])
    _set_mark("seen", reached)
    return Came(len(missing), reached, is_done)


def index_thread(thread_id: int, after: int = 0) -> int | None:
    """Index the next posts of a thread anew; return the id to go on after, None at the end."""
    ids = searching.post_ids_after(after, BATCH, thread_id=thread_id)
    if ids:
        index_posts(ids)
    return ids[-1] if len(ids) == BATCH else None


def reindex(*, restart: bool = False, progress: Callable[[int], Any] = lambda posts: None) -> int:
    """Write the whole index anew while it is in use; a killed run is gone on with.

    restart: throw everything away first, which mends an index that is broken. Returns the posts.
    """
    at = _mark("reindex", NOT_GOING_ON)
    if restart:
        _begin_anew()
    elif not Entry.objects.exists():
        plan(0)
    if restart or at == NOT_GOING_ON:
        at = 0
    count = 0
    while ids := searching.post_ids_after(at, BATCH):
        _drop_others(at, ids[-1], ids)
        count += index_posts(ids)
        at = ids[-1]
        _set_mark("reindex", at)
        progress(len(ids))
    _drop_others(at, END, ())
    _set_mark("reindex", NOT_GOING_ON)
    _set_mark("seen", max(_mark("seen"), at))
    return count


def plan(after: int) -> None:
    """Part a great many posts that are not indexed yet into spans of time, before they come."""
    places = array("q", (place_of(*row) for row in searching.dates_after(after)))
    if len(places) <= 2 * SPAN:
        return
    ordered = sorted(places)
    with transaction.atomic():
        _one_at_a_time()
        number = (
            Span.objects.order_by("-number").values_list("number", flat=True).first() or 0
        ) + 1
        starts = ordered[::SPAN]
        for step, start in enumerate(starts):
            is_last = step == len(starts) - 1
            Span.objects.create(
                number=number + step,
                lowest=start if step else NOWHERE,
                highest=ordered[-1] if is_last else starts[step + 1] - 1,
                oldest=END,
                newest=NOWHERE,
            )


def _plan_ahead(seen: int) -> None:
    highest, planned = searching.highest_post_id(), max(seen, _mark("planned"))
    if highest - planned > 2 * SPAN:
        plan(planned)
        _set_mark("planned", highest)


def _replace(post_ids: Sequence[int], documents: dict[int, Document]) -> None:
    """Put these documents in the place of what was there; an entry stays in its span."""
    words = backend()
    there = Entry.objects.filter(post_id__in=post_ids)
    known = {
        post_id: (place, span)
        for post_id, place, span in there.values_list("post_id", "place", "span")
    }
    words.erase({place for place, _ in known.values()} | {d.place for d in documents.values()})
    Entry.objects.filter(post_id__in=known).delete()
    spans = _Spans()
    entries = [
        Entry(
            place=doc.place,
            post_id=post_id,
            span=known[post_id][1] if post_id in known else spans.take(doc.place),
        )
        for post_id, doc in documents.items()
    ]
    spans.save()
    Entry.objects.bulk_create(entries)
    words.write((entry.span, documents[entry.post_id]) for entry in entries)


class _Spans:
    """The spans, and which of them takes the next."""

    def __init__(self) -> None:
        self.all = list(Span.objects.order_by("-number"))
        self.changed: dict[int, Span] = {}

    def take(self, place: int) -> int:
        """Return the number of the span that takes a new entry at this place."""
        for span in self.all:
            if span.lowest <= place <= span.highest and span.count < self._room(span):
                break
        else:
            number = self.all[0].number + 1 if self.all else 1
            span = Span(number=number, lowest=NOWHERE, highest=END, oldest=END, newest=NOWHERE)
            self.all.insert(0, span)
        span.count += 1
        span.oldest, span.newest = min(span.oldest, place), max(span.newest, place)
        self.changed[span.number] = span
        return span.number

    def save(self) -> None:
        for span in self.changed.values():
            span.save()

    def _room(self, span: Span) -> int:
        """Return how much it holds: what was planned for a time may come to somewhat more."""
        return SPAN if span.highest == END else 2 * SPAN


def _unknown(post_ids: Sequence[int]) -> list[int]:
    """Return those that are not indexed, in order."""
    known = Entry.objects.filter(post_id__range=(post_ids[0], post_ids[-1]))
    indexed = set(known.values_list("post_id", flat=True))
    return [post_id for post_id in post_ids if post_id not in indexed]


def _drop_others(after: int, last: int, post_ids: Collection[int]) -> None:
    """Forget the entries of an interval that are not of these posts: theirs are no more."""
    there = Entry.objects.filter(post_id__gt=after, post_id__lte=last)
    gone = sorted(set(there.values_list("post_id", flat=True)) - set(post_ids))
    for start in range(0, len(gone), BATCH):
        with transaction.atomic():
            _one_at_a_time()
            _replace(gone[start : start + BATCH], {})


def _begin_anew() -> None:
    with transaction.atomic():
        _one_at_a_time()
        backend().create_anew()
        Entry.objects.all().delete()
        Span.objects.all().delete()
        # What follows is this run's to index, and not a worker's as well.
        _set_mark("seen", searching.highest_post_id())
        _set_mark("reindex", 0)
        _set_mark("planned", searching.highest_post_id())
    plan(0)


def _one_at_a_time() -> None:
    """Keep other writers of the index out until the transaction ends."""
    Mark.objects.get_or_create(name="lock")
    Mark.objects.select_for_update().get(name="lock")


def _mark(name: str, default: int = 0) -> int:
    found = Mark.objects.filter(name=name).values_list("post_id", flat=True).first()
    return default if found is None else found


def _set_mark(name: str, post_id: int) -> None:
    Mark.objects.update_or_create(name=name, defaults={"post_id": post_id})
