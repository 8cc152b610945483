"""Saying of a note whether it helps: to be placed, of one's own accord, or asked by a panel."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Value
from django.db.models.functions import Greatest

from rostra.forum.access.viewer import Viewer
from rostra.forum.members.turns import take_turn
from rostra.forum.notes import rules
from rostra.forum.notes.models import Note, Rater, Rating, Seat
from rostra.forum.threads.readable import shown
from rostra.kernel import clock
from rostra.kernel.errors import NotFound, Refused


@transaction.atomic
def rate(viewer: Viewer, note_id: int, value: str, reasons: Collection[str] = ()) -> None:
    """Rate a calibration note, or one that is not decided yet; again: otherwise than before.

    Who has rated every calibration note is placed from then on. Raises NotFound, Invalid, Refused.
    """
    member_id = viewer.require_member()
    number, why = rules.check_answer(value, reasons)
    take_turn(member_id)
    rater = Rater.objects.filter(pk=member_id).first()
    note = Note.objects.filter(pk=note_id)
    if not note.filter(state="calibration").exists():
        note = note.filter(shown(viewer, "post__"))
    found = note.first()
    if found is None:
        raise NotFound
    rules.may_rate(viewer, rater, found).enforce()
    is_calibration = found.state == "calibration"
    now = clock.now()
    if not is_calibration:
        today = Rating.objects.filter(rater_id=member_id, at__gt=now - timedelta(days=1))
        if today.count() >= rules.RATINGS_A_DAY:
            raise Refused("ratings_a_day")
    Rating.objects.update_or_create(
        note=found,
        rater_id=member_id,
        defaults={
            "value": number,
            "reasons": why,
            "at": now,
            "origin": "calibration" if is_calibration else "self",
        },
    )
    if is_calibration:
        _activate(member_id)


@transaction.atomic
def answer(viewer: Viewer, seat_id: int, value: str, reasons: Collection[str] = ()) -> None:
    """Answer what a panel asks. Raises NotFound for a seat that is not open to the viewer."""
    member_id = viewer.require_member()
    number, why = rules.check_answer(value, reasons)
    take_turn(member_id)
    now = clock.now()
    seat = Seat.objects.select_for_update(no_key=True, of=("self",)).filter(
        shown(viewer, "note__post__"), pk=seat_id, rater_id=member_id, answered_at=None,
        expires_at__gt=now, note__state__in=rules.ASKED,
    ).first()  # fmt: skip
    if seat is None:
        raise NotFound
    if viewer.barred:
        raise Refused(viewer.barred)
    seat.value, seat.answered_at = number, now
    seat.save(update_fields=["value", "answered_at"])
    # It places, too; where they rated it before, what they say now stands.
    Rating.objects.update_or_create(
        note_id=seat.note_id,
        rater_id=member_id,
        defaults={"value": number, "reasons": why, "at": now, "origin": "panel"},
    )
    Rater.objects.filter(pk=member_id).update(
        answered=F("answered") + 1, must_answer=Greatest(F("must_answer") - 1, Value(0))
    )


def _activate(member_id: int) -> None:
    """Make somebody a rater in full who has rated all calibration notes, and not at random."""
    mine = Rating.objects.filter(rater_id=member_id, note_id=OuterRef("pk"))
    calibration = Note.objects.filter(state="calibration")
    if calibration.filter(~Exists(mine)).exists() or calibration.count() < rules.CALIBRATION:
        return
    sentinels = Rating.objects.filter(rater_id=member_id, note__state="calibration")
    expected = list(
        sentinels.filter(note__expected__isnull=False).values_list("value", "note__expected")
    )
    wrong = [said for said, meant in expected if {said, meant} == {0, 2}]
    is_active = not expected or len(wrong) < len(expected)
    Rater.objects.filter(pk=member_id).update(is_active=is_active)
