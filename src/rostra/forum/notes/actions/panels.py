"""Nominating notes, drawing panels from both sides, and deciding: all at once, every hour.

That it happens in batches keeps the moment of a decision from telling who answered last (SEC-124).
"""

from __future__ import annotations

from collections import defaultdict
from random import Random, SystemRandom

from django.db import transaction
from django.db.models import Count, F, Q

from rostra.forum.access.queries import readers
from rostra.forum.notes import rules
from rostra.forum.notes.actions.showing import set_state
from rostra.forum.notes.events import PanelDrawn
from rostra.forum.notes.models import Engine, Note, Placement, Rater, Rating, Seat
from rostra.forum.notes.panels import (
    BROAD_FIRST,
    BROAD_MORE,
    FIRST,
    MORE,
    Answers,
    Decision,
    decide,
    decide_broadly,
    drawn,
    may_be_asked,
    seats_for,
)
from rostra.forum.threads.outside import hold_thread
from rostra.kernel import clock
from rostra.kernel.events import emit

AT_ONCE = 200  # notes looked at in one batch
RESPONSE = 0.7  # share of those asked who answer, until the forum has figures of its own
BOTH = (-1, 1)
POOL = (0,)


def work_panels(chance: Random | None = None) -> int:
    """Do what is due with every open note; return how many were decided."""
    chance = chance or SystemRandom()
    mode = Engine.objects.filter(pk=1).values_list("mode", flat=True).first() or "collect"
    if mode == "collect":
        return 0
    _nominate(chance, is_broad=mode == "broad")
    decided = 0
    open_notes = Note.objects.filter(state__in=rules.ASKED).order_by("state_at", "id")
    for note_id in list(open_notes.values_list("pk", flat=True)[:AT_ONCE]):
        decided += _work(note_id, chance)
    return decided


def _nominate(chance: Random, *, is_broad: bool) -> None:
    """Put before a panel what enough raters have rated and some found helpful, oldest first."""
    least, helpful = rules.NOMINATED
    room = max(Rater.objects.filter(is_active=True, counts=True).count() // FIRST, 1)
    room -= Note.objects.filter(state__in=rules.ASKED).count()
    waiting = Note.objects.filter(state="proposed", post__state="visible").annotate(
        ratings=Count("rating", filter=Q(rating__rater__counts=True)),
        liked=Count("rating", filter=Q(rating__rater__counts=True, rating__value=2)),
    )
    found = waiting.filter(ratings__gte=least, liked__gte=helpful).order_by("id")
    for note_id in list(found.values_list("pk", flat=True)[: max(room, 0)]):
        with transaction.atomic():
            note = _locked(note_id)
            if note is None or note.state != "proposed":
                continue
            note.panel, note.round, note.is_broad = note.panel + 1, 0, is_broad
            note.is_turned = bool(chance.getrandbits(1))
            set_state(note, Note.State.ON_PANEL)


@transaction.atomic
def _work(note_id: int, chance: Random) -> bool:
    """Decide a note whose round is full, or ask whom it lacks; return whether it was decided."""
    note = _locked(note_id)
    if note is None or note.state not in rules.ASKED:
        return False
    if note.round == 0:
        note.round = 1
    sides = POOL if note.is_broad else BOTH
    first, more = (BROAD_FIRST, BROAD_MORE) if note.is_broad else (FIRST, MORE)
    target = first + more * (note.round - 1)
    told = {side: _answers(note, side) for side in sides}
    lacking = {side: target - told[side].answered for side in sides}
    is_left = _ask(note, {side: lack for side, lack in lacking.items() if lack > 0}, chance)
    if any(lack > 0 for lack in lacking.values()) and is_left:
        note.save(update_fields=["round"])
        return False
    return _settle(note, [told[side] for side in sides], can_ask=is_left)


def _locked(note_id: int) -> Note | None:
    """Return a note, locked after its thread, as all who write do."""
    thread_id = Note.objects.filter(pk=note_id).values_list("post__thread_id", flat=True).first()
    if thread_id is None:
        return None
    hold_thread(thread_id)
    return Note.objects.select_for_update().filter(pk=note_id).first()


def _settle(note: Note, told: list[Answers], *, can_ask: bool) -> bool:
    is_shown = note.state == "under_review"
    decision: Decision
    if note.is_broad:
        decision = decide_broadly(told[0], can_ask=can_ask)
    else:
        decision = decide(told, is_shown=is_shown, can_ask=can_ask)
    if decision == "ask_more":
        note.round += 1
        note.save(update_fields=["round"])
        return False
    note.told = [[side.helpful, side.answered] for side in told]
    state = Note.State(decision)
    if is_shown and state != Note.State.SHOWN:
        state = Note.State.TAKEN_BACK
    set_state(note, state)
    _hold_to_account(note.author_id)
    return True


def _ask(note: Note, lacking: dict[int, int], chance: Random) -> bool:
    """Ask as many of each side as its answers lack; return whether anybody can still answer.

    Who is asked may read the post, has no open question, and was not asked within two days.
    """
    if not lacking:
        return True
    now = clock.now()
    seats = Seat.objects.filter(note=note)
    waiting = seats.filter(panel=note.panel, answered_at=None, expires_at__gt=now)
    waits = dict(waiting.values_list("side").annotate(count=Count("pk")).order_by())
    barred = {rater for rater in seats.values_list("rater_id", flat=True) if rater is not None}
    barred.add(note.author_id)
    rated = set(Rating.objects.filter(note=note, origin="self").values_list("rater_id", flat=True))
    people = _free(note)
    asked = {rater: count for found in people.values() for rater, count in found.items()}
    response = _response()
    can_answer, was_drawn = True, False
    for side, lack in lacking.items():
        open_seats = waits.get(side, 0)
        wanted = seats_for(lack, response) - open_seats
        free = may_be_asked(people.get(side, {}), rated=rated, barred=barred)
        chosen = drawn(free, asked, max(wanted, 0), chance)
        Seat.objects.bulk_create(
            Seat(note=note, panel=note.panel, side=side, rater_id=rater, asked_at=now,
                 expires_at=now + rules.SEAT_FOR)
            for rater in chosen
        )  # fmt: skip
        Rater.objects.filter(pk__in=chosen).update(asked=F("asked") + 1, asked_at=now)
        was_drawn = was_drawn or bool(chosen)
        if not chosen and not open_seats:
            # Nobody now: who was asked lately may be asked again when two days are over.
            can_answer = can_answer and _comes_free(note, side, barred)
    if was_drawn:
        emit(PanelDrawn(note_id=note.pk, panel=note.panel))
    return can_answer


def _free(note: Note) -> dict[int, dict[int, int]]:
    """Return side → rater → how often they were asked, of all who may be asked now."""
    now = clock.now()
    busy = Seat.objects.filter(answered_at=None, expires_at__gt=now).values("rater_id")
    found = Rater.objects.filter(is_active=True, counts=True, member__is_active=True)
    found = found.exclude(pk__in=busy)
    found = found.filter(Q(asked_at=None) | Q(asked_at__lte=now - rules.BETWEEN_SEATS))
    return _by_side(note, dict(found.values_list("pk", "asked")))


def _comes_free(note: Note, side: int, barred: set[int]) -> bool:
    """Return whether anybody of a side will be free to be asked, sooner or later."""
    everybody = Rater.objects.filter(is_active=True, counts=True, member__is_active=True)
    people = _by_side(note, dict(everybody.values_list("pk", "asked")))
    return bool(may_be_asked(people.get(side, {}), rated=(), barred=barred))


def _by_side(note: Note, raters: dict[int, int]) -> dict[int, dict[int, int]]:
    found_in = Note.objects.filter(pk=note.pk).values_list("post__thread__board_id", flat=True)
    board_id = found_in.get()
    may_read = readers(board_id, list(raters))
    found: dict[int, dict[int, int]] = defaultdict(dict)
    if note.is_broad:
        found[0] = {rater: asked for rater, asked in raters.items() if rater in may_read}
        return found
    placed = Placement.objects.filter(rater_id__in=list(raters)).exclude(side=0)
    for rater, side in placed.values_list("rater_id", "side"):
        if rater in may_read:
            found[side][rater] = raters[rater]
    return found


def _answers(note: Note, side: int) -> Answers:
    rows = Seat.objects.filter(
        note=note, panel=note.panel, side=side, answered_at__isnull=False
    ).values_list("value", flat=True)
    values = [value or 0 for value in rows]
    return Answers(sum(values) / 2, len(values))


def _response() -> float:
    """Return the share of questions that were answered, of those whose time is over."""
    over = Seat.objects.filter(Q(answered_at__isnull=False) | Q(expires_at__lte=clock.now()))
    counts = over.aggregate(all=Count("pk"), answered=Count("answered_at"))
    return counts["answered"] / counts["all"] if counts["all"] >= FIRST * 5 else RESPONSE


def _hold_to_account(author_id: int) -> None:
    """Have somebody answer panels before they write again, whose notes helped nobody."""
    decided = Note.objects.filter(author_id=author_id, state__in=rules.DECIDED)
    states = list(decided.order_by("-state_at").values_list("state", flat=True)[: rules.LOCK_OF])
    if rules.is_locked_out(states) and states[0] in ("not_helpful", "taken_back"):
        Rater.objects.filter(pk=author_id).update(must_answer=F("must_answer") + rules.LOCK_FOR)
