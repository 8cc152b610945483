"""A whole run over ratings: read them, fit, place, look through the gates. Pure.

A run depends on its ratings and on the version of the algorithm alone, so that whoever has the
ratings can compute it again.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np

from rostra.forum.notes import bridging, sides
from rostra.forum.notes.bridging import Ratings

VERSION = 1
COLUMNS = ("note", "rater", "value")
ORIGINS = ("self", "calibration", "panel")
# As X's public data, and ours, name them.
NAMED_ALSO = {"noteId": "note", "raterParticipantId": "rater", "helpfulnessLevel": "value"}
VALUES = {
    "1": 1.0, "1.0": 1.0, "0.5": 0.5, ".5": 0.5, "0": 0.0, "0.0": 0.0,
    "HELPFUL": 1.0, "SOMEWHAT_HELPFUL": 0.5, "NOT_HELPFUL": 0.0,
}  # fmt: skip


class Unreadable(ValueError):
    """What is wrong with a file of ratings, in words for who wrote it."""


class Named(NamedTuple):
    """Ratings with the names that raters and notes have in their file, by id."""

    ratings: Ratings
    raters: Sequence[str]
    notes: Sequence[str]


class Run(NamedTuple):
    """What a run found."""

    fit: bridging.Fit
    placement: sides.Placement
    split_half: float
    gates: sides.Gates
    eligible: int  # ratings


def run(ratings: Ratings, before: bridging.Fit | None = None) -> Run | None:
    """Return what the eligible among these ratings say; None where none is."""
    kept = bridging.eligible(ratings)
    if not len(kept.value):
        return None
    found = bridging.fit(kept, before=before)
    placement = sides.place(found, kept)
    split = sides.split_half(kept)
    return Run(found, placement, split, sides.gates(placement, split), len(kept.value))


def from_columns(raters: Sequence[int], notes: Sequence[int], values: Sequence[int]) -> Ratings:
    """Return ratings from three columns; values are kept doubled: 2, 1, 0."""
    return Ratings(
        np.array(raters, np.int64), np.array(notes, np.int64), np.array(values, np.float64) / 2
    )


def turned(found: Run, before: Mapping[int, float]) -> tuple[Run, float]:
    """Return a run with the sign that goes with earlier factors, by rater, and how well it does.

    The sign of an axis is a matter of chance; that sides keep theirs from run to run is not. 1
    where nobody stood anywhere before.
    """
    both = [at for at, rater in enumerate(found.fit.raters.tolist()) if rater in before]
    if len(both) < 2:
        return found, 1.0
    now = found.fit.rater_factors[both]
    then = np.array([before[rater] for rater in found.fit.raters[both].tolist()])
    correlation = sides.correlation(now, then)
    if correlation >= 0 or math.isnan(correlation):
        return found, correlation
    fit = found.fit._replace(
        rater_factors=-found.fit.rater_factors, note_factors=-found.fit.note_factors
    )
    placement = found.placement._replace(z=-found.placement.z, side=-found.placement.side)
    return found._replace(fit=fit, placement=placement), -correlation


def read_csv(lines: Iterable[str]) -> Named:
    """Return the ratings of a CSV file with the columns note, rater, value and perhaps origin.

    Or of one with tabs between columns that are named as in X's public data, and in a forum's. A
    name that is a whole number is its own id, and so decides which half a note is in; otherwise ids
    are given in the order of the names. Raises Unreadable, with the line.
    """
    rest = iter(lines)
    first = next(rest, "")
    reader = csv.DictReader(chain([first], rest), delimiter="\t" if "\t" in first else ",")
    reader.fieldnames = [NAMED_ALSO.get(name, name) for name in reader.fieldnames or ()]
    if not set(COLUMNS) <= set(reader.fieldnames):
        raise Unreadable(f"the first line must name the columns {', '.join(COLUMNS)}")
    rows: dict[tuple[str, str], float] = {}
    for row in reader:
        line = f"line {reader.line_num}"
        note, rater = (row["note"] or "").strip(), (row["rater"] or "").strip()
        if not note or not rater:
            raise Unreadable(f"{line} lacks a note or a rater")
        value = VALUES.get((row["value"] or "").strip())
        if value is None:
            raise Unreadable(f"{line}: the value is {row['value']!r}; it is 1, 0.5 or 0")
        if (row.get("origin") or "self").strip() not in ORIGINS:
            raise Unreadable(
                f"{line}: the origin is {row['origin']!r}; one of {', '.join(ORIGINS)}"
            )
        if (rater, note) in rows:
            raise Unreadable(f"{line}: rater {rater} rates note {note} a second time")
        rows[rater, note] = value
    raters, rater_ids = _ids({rater for rater, _ in rows})
    notes, note_ids = _ids({note for _, note in rows})
    ratings = Ratings(
        np.array([rater_ids[rater] for rater, _ in rows], np.int64),
        np.array([note_ids[note] for _, note in rows], np.int64),
        np.array(list(rows.values()), np.float64),
    )
    return Named(ratings, raters, notes)


def as_json(found: Run, named: Named) -> dict[str, Any]:
    """Return a run as an object of JSON: numbers by the names of the file."""
    fit, placement = found.fit, found.placement
    note_names = dict(zip(np.unique(named.ratings.note).tolist(), named.notes, strict=True))
    rater_names = dict(zip(np.unique(named.ratings.rater).tolist(), named.raters, strict=True))
    centres = placement.centres
    return {
        "version": VERSION,
        "mu": fit.mu,
        "loss": fit.loss,
        "sweeps": fit.sweeps,
        "ratings": found.eligible,
        "notes": {
            note_names[key]: {"i": intercept, "f": factor}
            for key, intercept, factor in zip(
                fit.notes.tolist(),
                fit.note_intercepts.tolist(),
                fit.note_factors.tolist(),
                strict=True,
            )
        },
        "raters": {
            rater_names[key]: {"i": intercept, "f": factor, "z": z, "side": side}
            for key, intercept, factor, z, side in zip(
                fit.raters.tolist(),
                fit.rater_intercepts.tolist(),
                fit.rater_factors.tolist(),
                placement.z.tolist(),
                placement.side.tolist(),
                strict=True,
            )
        },
        "sides": {
            "low": centres.low,
            "high": centres.high,
            "explained": centres.explained,
            "negative": int((placement.side < 0).sum()),
            "positive": int((placement.side > 0).sum()),
            "unplaced": int((placement.side == 0).sum()),
        },
        "split_half": None if math.isnan(found.split_half) else found.split_half,
        "gates": {
            "active": found.gates.active,
            "smaller_side": found.gates.smaller_side,
            "has_raters": found.gates.has_raters,
            "has_axis": found.gates.has_axis,
            "has_sides": found.gates.has_sides,
            "are_met": found.gates.are_met,
        },
    }


def _ids(names: set[str]) -> tuple[list[str], dict[str, int]]:
    """Return names in the order of their ids, and the id of each."""
    if all(name.isdecimal() and len(name) < 19 for name in names):
        ids = {name: int(name) for name in names}
        if len(set(ids.values())) == len(ids):
            return sorted(names, key=ids.__getitem__), ids
    ordered = sorted(names)
    return ordered, {name: number for number, name in enumerate(ordered)}
