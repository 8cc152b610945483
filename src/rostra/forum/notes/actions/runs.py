"""The nightly run: everybody is placed anew, and the gates are looked through. Repeatable."""

from __future__ import annotations

import hashlib
import json
import math
import zlib
from typing import Any, NamedTuple

from django.db import transaction

from rostra.forum.members.sessions import networks_of
from rostra.forum.notes import rules
from rostra.forum.notes.actions.raters import packed
from rostra.forum.notes.independence import Said, crowded_out, echoes
from rostra.forum.notes.models import Engine, Placement, Rater, Rating, Run
from rostra.kernel import clock, dialect
from rostra.kernel.errors import NotFound

KEPT = 30  # runs
DIGITS = 6  # of results: machines differ beyond
CLOSE = 2e-6


class Replayed(NamedTuple):
    """How a run came out when it was computed again."""

    is_identical: bool
    differs_at: tuple[str, ...]  # paths of results, the first ones
    erased: int  # raters whose ratings were erased since: then it cannot come out the same


@transaction.atomic
def score() -> int | None:
    """Place all raters by all they said; return the run's id, None where there is too little.

    What the gates allow changes only when the last nights all say so.
    """
    from rostra.forum.notes import scoring, sides  # numpy: not for a web worker

    dialect.one_at_a_time("notes.score", 0)
    set_aside = _set_aside()
    counting = Rater.objects.filter(is_active=True, counts=True)
    active = set(counting.values_list("pk", flat=True))
    rows = [
        row
        for row in Rating.objects.order_by("rater_id", "note_id").values_list(
            "rater_id", "note_id", "value"
        )
        if row[0] in active
    ]
    columns = [[row[at] for row in rows] for at in range(3)]
    found = scoring.run(scoring.from_columns(*columns)) if rows else None
    if found is None:
        return None
    before = dict(Placement.objects.values_list("rater_id", "factor"))
    found, correlation = scoring.turned(found, before)
    has_moved = len(before) >= sides.FEWEST_A_SIDE and not correlation >= sides.MOVED
    was_moved = Run.objects.order_by("-id").values_list("has_moved", flat=True).first()
    gates = found.gates
    mode = rules.mode_of(
        has_raters=gates.has_raters, has_axis=gates.has_axis, has_sides=gates.has_sides
    )
    inputs = packed(*columns)
    run = Run.objects.create(
        at=clock.now(), version=scoring.VERSION, mode=mode, active=gates.active,
        smaller_side=gates.smaller_side, set_aside=set_aside, loss=found.fit.loss,
        split_half=None if math.isnan(found.split_half) else found.split_half,
        has_moved=has_moved and not was_moved, inputs=inputs,
        input_sha256=hashlib.sha256(zlib.decompress(inputs)).hexdigest(), results=_results(found),
    )  # fmt: skip
    if not run.has_moved:  # another axis is believed when the next night finds it again
        _place(found)
    _set_mode()
    old = Run.objects.order_by("-id").values_list("pk", flat=True)[KEPT:]
    Run.objects.filter(pk__in=list(old)).delete()
    return run.pk


def _set_aside() -> int:
    """Look anew at who counts for themselves (ABU-008); return how many do not.

    What they said stays, and counts again when it is theirs alone.
    """
    raters = Rater.objects.filter(is_active=True).order_by("consented_at", "pk")
    order = list(raters.values_list("pk", flat=True))
    said = Rating.objects.exclude(origin="calibration").filter(rater__is_active=True)
    ratings = [Said(*row) for row in said.values_list("rater_id", "note_id", "value", "at")]
    out = crowded_out(order, networks_of(order)) | echoes(order, ratings)
    Rater.objects.filter(counts=True, pk__in=out).update(counts=False)
    Rater.objects.filter(counts=False).exclude(pk__in=out).update(counts=True)
    return len(out)


def replay(run_id: int) -> Replayed:
    """Compute a stored run again from its inputs; raises NotFound."""
    from rostra.forum.notes import scoring

    run = Run.objects.filter(pk=run_id).first()
    if run is None:
        raise NotFound
    columns = json.loads(zlib.decompress(bytes(run.inputs)))
    found = scoring.run(scoring.from_columns(*columns)) if columns[0] else None
    again = None if found is None else _results(found)
    differs = tuple(_differences(run.results, again, ""))
    is_whole = hashlib.sha256(zlib.decompress(bytes(run.inputs))).hexdigest() == run.input_sha256
    if not is_whole and not run.erased:
        differs = ("inputs", *differs)
    return Replayed(not differs, differs[:10], run.erased)


def _place(found: Any) -> None:
    Placement.objects.all().delete()
    Placement.objects.bulk_create(
        Placement(rater_id=rater, factor=factor, side=side)
        for rater, factor, side in zip(
            found.fit.raters.tolist(),
            found.fit.rater_factors.tolist(),
            found.placement.side.tolist(),
            strict=True,
        )
    )


def _set_mode() -> None:
    nights = list(Run.objects.order_by("-id").values_list("mode", flat=True)[: rules.NIGHTS])
    engine, _ = Engine.objects.select_for_update().get_or_create(pk=1)
    mode = rules.mode_after(engine.mode, nights)
    if mode != engine.mode:
        engine.mode = mode
        engine.save(update_fields=["mode"])


def _results(found: Any) -> dict[str, Any]:
    """Return what a run found about notes; of raters only how many stand where.

    The sign of an axis means nothing: sizes of factors are kept without it.
    """
    fit, gates = found.fit, found.gates
    groups = sorted([int((found.placement.side < 0).sum()), int((found.placement.side > 0).sum())])
    return {
        "mu": round(fit.mu, DIGITS),
        "loss": round(fit.loss, DIGITS),
        "split_half": None if math.isnan(found.split_half) else round(found.split_half, DIGITS),
        "active": gates.active,
        "groups": groups,
        "notes": {
            str(note): [round(intercept, DIGITS), round(abs(factor), DIGITS)]
            for note, intercept, factor in zip(
                fit.notes.tolist(),
                fit.note_intercepts.tolist(),
                fit.note_factors.tolist(),
                strict=True,
            )
        },
    }


def _differences(one: Any, two: Any, path: str) -> list[str]:
    if isinstance(one, dict) and isinstance(two, dict):
        return [
            found
            for key in sorted(one.keys() | two.keys())
            for found in _differences(one.get(key), two.get(key), f"{path}/{key}")
        ]
    if isinstance(one, list) and isinstance(two, list) and len(one) == len(two):
        return [
            found
            for at, pair in enumerate(zip(one, two, strict=True))
            for found in _differences(*pair, f"{path}/{at}")
        ]
    if isinstance(one, float) and isinstance(two, float):
        return [] if abs(one - two) <= CLOSE else [path]
    return [] if one == two else [path or "/"]
