"""Open data: what anybody needs to compute anew what the forum found, and nobody's name (B11).

What is in it is what guests may read of notes, what pages tell of panels, and, where enough rate,
ratings under ids of chance that are new in every release and kept nowhere. Nothing here reads a
side or a placement.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
from array import array
from collections.abc import Collection, Iterable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any, BinaryIO, NamedTuple

from django.db.models import Count, F, Prefetch, Q, QuerySet

from rostra.forum.access.queries import viewer_for
from rostra.forum.notes import releases, rules, tables
from rostra.forum.notes.models import Note, Rater, Rating, Run, Seat, Source, StateChange
from rostra.forum.notes.releases import File, Release
from rostra.forum.notes.tables import NoteFacts, RatingFacts, RunFacts
from rostra.forum.threads.readable import readable
from rostra.kernel import clock

DELAY = timedelta(hours=48)
CROWD = 20  # others among whom who wrote notes must be lost
AT_ONCE = 200  # notes read in one go
RATED_AT_ONCE = 10  # notes whose ratings are


class _Columns(NamedTuple):
    """The ratings of a release as a run reads them."""

    raters: array[int]
    notes: array[int]
    values: array[int]


class _Sheet:
    """A file of a release while it is written."""

    def __init__(self, folder: Path, table: str) -> None:
        self.path = folder / f"{table}.tsv.gz"
        self.rows = 0
        self.raw: BinaryIO = self.path.open("wb")
        packed = gzip.GzipFile(filename="", mode="wb", fileobj=self.raw, mtime=0)
        self.file = io.TextIOWrapper(packed, encoding="utf-8", newline="")
        self.file.write(tables.line(tables.COLUMNS[table]))

    def add(self, row: tables.Row) -> None:
        self.file.write(tables.line(row))
        self.rows += 1

    def __enter__(self) -> _Sheet:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()
        self.raw.flush()
        os.fsync(self.raw.fileno())
        self.raw.close()

    def told(self) -> File:
        """Return what the manifest says of it, once it is closed."""
        with self.path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return File(self.path.name, self.rows, self.path.stat().st_size, digest)


def publish() -> Release:
    """Write a release of now, in the place of the one before; older ones are deleted."""
    made_at = clock.now()
    # Whole days: two releases of one day must not tell at which hour somebody rated.
    until = (made_at - DELAY).replace(hour=0, minute=0, second=0, microsecond=0)
    name = releases.name_for(made_at)
    folder = releases.begin(name)
    try:
        has_ratings, files = _write(folder, until)
        release = Release(name, made_at, until, _version(), has_ratings, tuple(files))
        releases.complete(release)
    except BaseException:
        releases.drop(name)
        raise
    return release


def _write(folder: Path, until: datetime) -> tuple[bool, list[File]]:
    names = ["notes", "note_status_history", "score_runs"]
    raters = _raters(until)
    if raters:
        names += ["ratings", "scores"]
    with ExitStack() as stack:
        sheets = {name: stack.enter_context(_Sheet(folder, name)) for name in names}
        is_told: dict[int, bool] = {}
        authors: dict[str, str] = {}
        for note in _notes(until):
            counts = _counts(note, until)
            is_told[note.pk] = bool(counts)
            if note.state != Note.State.CALIBRATION:  # who rates is shown them, and nobody else
                facts = _facts(note, _author(note.alias, authors), counts, until)
                sheets["notes"].add(tables.note_row(facts))
                sheets["note_status_history"].add(tables.history_row(facts))
        for run in _runs(until, is_whole=bool(raters)):
            sheets["score_runs"].add(tables.run_row(run))
        if raters:
            columns = _write_ratings(sheets["ratings"], raters, is_told, until)
            for score in _scores(columns):
                sheets["scores"].add(score)
    return bool(raters), [sheet.told() for sheet in sheets.values()]


def _notes(until: datetime) -> Iterator[Any]:
    """Yield the notes that guests may read of, by key, with their sources and changes."""
    sources = Source.objects.select_related("document").order_by("place")
    changes = StateChange.objects.filter(at__lt=until).order_by("at", "id")
    found = Note.objects.filter(_of_notes(until)).annotate(alias=F("author__rater__alias"))
    found = found.prefetch_related(
        Prefetch("sources", queryset=sources), Prefetch("changes", queryset=changes)
    ).order_by("id")
    last = 0
    while page := list(found.filter(pk__gt=last)[:AT_ONCE]):
        yield from page
        last = page[-1].pk


def _of_notes(until: datetime, path: str = "") -> Q:
    """Return the condition that a note is in a release; `path`: the way to the note."""
    gone = Q(**{f"{path}state__in": (Note.State.REMOVED, Note.State.WITHDRAWN)})
    seen = readable(viewer_for(None), f"{path}post__")
    return seen & Q(**{f"{path}created_at__lt": until}) & ~gone


def _counts(note: Note, until: datetime) -> list[tuple[int, int]]:
    """Return what its page tells of its panels; [] where that was decided since."""
    if note.state_at >= until:
        return []
    return rules.counts_of(note.state, note.told or (), is_turned=note.is_turned)


def _facts(note: Any, author: str, counts: list[tuple[int, int]], until: datetime) -> NoteFacts:
    states = [(change.at, change.state) for change in note.changes.all()]
    if not states and note.state != Note.State.PROPOSED and note.state_at < until:
        states = [(note.state_at, note.state)]  # brought along without its history
    return NoteFacts(
        id=note.pk, author=author, created_at=note.created_at, post_id=note.post_id, why=note.why,
        text=note.text, sources=[source.document.url for source in note.sources.all()],
        states=states, counts=counts,
    )  # fmt: skip


def _author(alias: str | None, known: dict[str, str]) -> str:
    """Return the id of who signed a note; nothing ties together what nobody signs any more."""
    if not alias:
        return token_hex(16)
    return known.setdefault(alias, token_hex(16))


def _runs(until: datetime, *, is_whole: bool) -> Iterator[RunFacts]:
    """Yield the runs that are kept; of few raters neither their number nor a hash of theirs."""
    from rostra.forum.notes import sides  # numpy: not for a web worker

    for run in Run.objects.filter(at__lt=until).defer("inputs", "results").order_by("id"):
        split = float("nan") if run.split_half is None else run.split_half
        gates = sides.Gates(run.active, run.smaller_side, split)
        yield RunFacts(
            id=run.pk, at=run.at, version=run.version, mode=run.mode,
            gates=(gates.has_raters, gates.has_axis, gates.has_sides),
            active=run.active if is_whole else None,
            input_sha256=run.input_sha256 if is_whole else "",
        )  # fmt: skip


def _raters(until: datetime) -> dict[int, str]:
    """Return whose ratings are published, and their ids for this release; {} for too few."""
    agreed = Rater.objects.filter(
        is_active=True, counts=True, terms__gte=rules.PUBLISHED_SINCE
    ).values_list("pk", flat=True)
    ids = set(agreed)
    if len(ids) < rules.PUBLISHED_FROM:
        return {}
    said = Rating.objects.filter(
        _of_notes(until, "note__"), at__lt=until, rater__in=agreed
    )  # as a part of each statement: the ids of many would be too many for one
    left_out = _singled_out(ids, said)
    there = said.exclude(rater__in=left_out).exclude(origin="panel")
    ids &= set(there.values_list("rater_id", flat=True).distinct())
    ids -= left_out
    return {pk: token_hex(16) for pk in ids} if len(ids) >= rules.PUBLISHED_FROM else {}


def _singled_out(ids: Collection[int], said: QuerySet[Rating]) -> set[int]:
    """Return who could be told by their notes: nobody rates their own, and notes are signed.

    Who wrote notes is one of those who rated none of these. Where fewer than CROWD others did so,
    their ratings stay out, and with them the crowd of others may become too small.
    """
    out: set[int] = set()
    while True:
        left = said.exclude(rater__in=out)
        there = left.exclude(origin="panel").aggregate(all=Count("rater", distinct=True))["all"]
        rated = left.values_list("note__author").annotate(raters=Count("rater", distinct=True))
        more = {
            author
            for author, raters in rated.order_by()
            if author in ids and author not in out and there - 1 - raters < CROWD
        }
        if not more:
            return out
        out |= more


def _write_ratings(
    sheet: _Sheet, raters: dict[int, str], is_told: dict[int, bool], until: datetime
) -> _Columns:
    """Write the ratings of published notes, of panels where their counts are told.

    A note's come in the order of their ids of chance: that of the table tells who was there first.
    """
    columns = _Columns(array("q"), array("q"), array("q"))
    order = dict(zip(sorted(raters.values()), range(len(raters)), strict=True))
    for notes in _in_parts(is_told):
        silent = {note for note in notes if not is_told[note]} | _half_there(notes, raters)
        found = Rating.objects.filter(note__in=notes, at__lt=until)
        found = found.exclude(origin="panel", note__in=silent)
        rows = sorted(
            RatingFacts(note, raters[rater], value, origin, at, post)
            for note, rater, value, origin, at, post in found.values_list(
                "note_id", "rater_id", "value", "origin", "at", "note__post_id"
            )
            if rater in raters
        )
        for row in rows:
            sheet.add(tables.rating_row(row))
            columns.raters.append(order[row.rater])
            columns.notes.append(row.note_id)
            columns.values.append(row.value)
    return columns


def _half_there(notes: Collection[int], raters: Collection[int]) -> set[int]:
    """Return notes on whose panels somebody answered who is not published, and rates on.

    Their page tells the sum of all answers: without the others' it is theirs. Who rates no more
    has left theirs behind, as a number that belongs to nobody.
    """
    seats = Seat.objects.filter(note__in=notes, answered_at__isnull=False, rater__isnull=False)
    answered = seats.values_list("note_id", "rater_id")
    return {note for note, rater in answered if rater not in raters}


def _scores(columns: _Columns) -> Iterator[tuple[object, ...]]:
    """Yield what the forum, and whoever has the file, computes from these ratings: of notes."""
    from rostra.forum.notes import scoring
    from rostra.forum.notes.actions.runs import DIGITS

    found = scoring.run(scoring.from_columns(*columns)) if columns.notes else None
    if found is None:
        return
    fit = found.fit
    for note, intercept, factor in zip(
        fit.notes.tolist(), fit.note_intercepts.tolist(), fit.note_factors.tolist(), strict=True
    ):
        # Which way a factor points is chance.
        yield (note, round(intercept, DIGITS), round(abs(factor), DIGITS))


def _version() -> int:
    from rostra.forum.notes import scoring

    return scoring.VERSION


def _in_parts(ids: Iterable[int]) -> Iterator[list[int]]:
    every = sorted(ids)
    for begin in range(0, len(every), RATED_AT_ONCE):
        yield every[begin : begin + RATED_AT_ONCE]
