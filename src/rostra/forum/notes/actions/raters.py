"""Becoming a rater, and leaving: then everything that was inferred is gone."""

from __future__ import annotations

import json
import zlib
from random import SystemRandom

from django.db import transaction

from rostra.forum.access.viewer import Viewer
from rostra.forum.members.turns import take_turn
from rostra.forum.notes import rules
from rostra.forum.notes.aliases import alias
from rostra.forum.notes.models import Rater, Run
from rostra.forum.threads.composing import standing_for
from rostra.kernel import clock, dialect
from rostra.kernel.errors import Invalid

_chance = SystemRandom()


@transaction.atomic
def enrol(viewer: Viewer, *, agrees: bool) -> None:
    """Become a rater, or agree to the text of now; who has stays so.

    Raises Invalid without consent, Refused.
    """
    member_id = viewer.require_member()
    if not agrees:
        raise Invalid({"agrees": "must_agree"})
    take_turn(member_id)
    if Rater.objects.filter(pk=member_id).exists():
        older = Rater.objects.filter(pk=member_id, terms__lt=rules.TERMS)
        older.update(terms=rules.TERMS, consented_at=clock.now())
        return
    rules.may_enrol(viewer, standing_for(member_id).rung).enforce()
    dialect.one_at_a_time("notes.aliases", 0)
    for attempt in range(100):
        name = alias(_chance, attempt)
        if not Rater.objects.filter(alias=name).exists():
            break
    Rater.objects.create(
        member_id=member_id, alias=name, consented_at=clock.now(), terms=rules.TERMS
    )


@transaction.atomic
def leave(viewer: Viewer) -> None:
    """Rate no more: ratings, placement and the inputs of runs are erased; notes stay, unsigned.

    Answers on panels that have been counted stay as numbers that belong to nobody (PRV-012).
    """
    member_id = viewer.require_member()
    take_turn(member_id)
    erase_rater(member_id)


def erase_rater(member_id: int) -> None:
    """Delete all that is known of a rater, in the transaction of the caller."""
    for run in Run.objects.select_for_update().order_by("id"):
        raters, notes, values = json.loads(zlib.decompress(bytes(run.inputs)))
        kept = [at for at, rater in enumerate(raters) if rater != member_id]
        if len(kept) < len(raters):
            columns = [[column[at] for at in kept] for column in (raters, notes, values)]
            run.inputs = packed(*columns)
            run.erased += 1
            run.save(update_fields=["inputs", "erased"])
    Rater.objects.filter(pk=member_id).delete()


def packed(raters: list[int], notes: list[int], values: list[int]) -> bytes:
    """Return the inputs of a run as it keeps them."""
    return zlib.compress(json.dumps([raters, notes, values], separators=(",", ":")).encode())
