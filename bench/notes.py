"""Community notes in invented forums: what is shown, what an attack wins, how fast a fit is.

    python -m bench.notes                     the table of forums, attacks and figures of speed
    python -m bench.notes --seeds 40          more of each

A forum is invented: members on two sides (positions ±1, spread 0.35; leniency with spread 0.3),
who write 25 % good notes, 45 % that please one side, 10 % that lean to one, 20 % bad ones. A note
is truly good where at least 60 % of both sides would call it helpful. Twelve ratings a note are
given by whom it pleases to; five in a hundred answers are chance, twelve are "somewhat". Who is
drawn for a panel answers seven times in ten.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from rostra.forum.notes import bridging, panels, sides

CALIBRATION = 10
ANSWERS = 0.7  # of those who are asked
NOISE, SOMEWHAT = 0.05, 0.12


class World(NamedTuple):
    """Who reads and what was written. Rows of `helpful` are raters, columns notes: 0, 0.5, 1."""

    camp: bridging.Floats  # -1 or 1, a rater
    helpful: bridging.Floats
    kind: list[str]
    leans: bridging.Floats  # -1, 0 or 1, a note
    is_good: list[bool]
    activity: bridging.Floats


@dataclass
class Attack:
    """Raters who answer as they were told: what they say, and whether they rate a note first."""

    raters: Collection[int] = ()
    answer: Callable[[World, int], float | None] = lambda _world, _note: None
    rate_first: bool = False


class Outcome(NamedTuple):
    """What became of every note, and what it took."""

    shown: list[bool]
    decided: list[str]
    answers: int
    gates: sides.Gates


@dataclass
class Score:
    """Shares over several forums."""

    shown: int = 0
    shown_good: int = 0
    good: int = 0
    partisan: int = 0
    shown_partisan: int = 0
    answers: int = 0
    notes: int = 0
    closed: int = 0  # forums whose gates were not met

    def add(self, world: World, outcome: Outcome) -> None:
        self.closed += not outcome.gates.are_met
        self.answers += outcome.answers
        for note in range(CALIBRATION, len(world.kind)):
            is_shown, is_good = outcome.shown[note], world.is_good[note]
            self.notes += 1
            self.shown += is_shown
            self.good += is_good
            self.shown_good += is_shown and is_good
            self.partisan += world.kind[note] == "partisan"
            self.shown_partisan += is_shown and world.kind[note] == "partisan"

    @property
    def precision(self) -> float:
        return self.shown_good / self.shown if self.shown else float("nan")

    @property
    def recall(self) -> float:
        return self.shown_good / self.good

    @property
    def partisan_shown(self) -> float:
        return self.shown_partisan / self.partisan


def invent(seed: int, raters: int, smaller: float, notes: int | None = None) -> World:
    """Return a forum; `smaller` is the share of the smaller side, 0 to 0.5."""
    chance = np.random.default_rng(seed)
    notes = (notes or raters) + CALIBRATION
    few = round(raters * smaller)
    camp = np.where(np.arange(raters) < few, 1.0, -1.0)
    position = camp + chance.normal(0, 0.35, raters)
    leniency = chance.normal(0, 0.3, raters)
    kind, leans, base, slope = [], np.zeros(notes), np.zeros(notes), np.zeros(notes)
    for note in range(notes):
        what = _calibration(note) if note < CALIBRATION else _kind(chance)
        side = 1.0 if chance.random() < smaller else -1.0
        if note < CALIBRATION - 2:
            side = 1.0 if note % 2 else -1.0
        kind.append(what)
        leans[note] = side if what in ("partisan", "leaning") else 0.0
        base[note] = {"good": 1.9, "partisan": -0.3, "leaning": 0.5, "bad": -1.9}[what]
        slope[note] = {"good": 0.1, "partisan": 2.6, "leaning": 1.0, "bad": 0.1}[what] * side
        base[note] += chance.normal(0, 0.4)
    likes = 1 / (1 + np.exp(-(base + leniency[:, None] + position[:, None] * slope)))
    helpful = (chance.random(likes.shape) < likes).astype(np.float64)
    guessed = chance.random(likes.shape) < NOISE
    helpful[guessed] = chance.integers(0, 2, int(guessed.sum()))
    helpful[chance.random(likes.shape) < SOMEWHAT] = 0.5
    good = [min(likes[camp < 0, n].mean(), likes[camp > 0, n].mean()) >= 0.6 for n in range(notes)]
    return World(camp, helpful, kind, leans, good, chance.lognormal(0, 1, raters))


def play(world: World, seed: int, attack: Attack | None = None) -> Outcome:
    """Let a forum rate, place its raters, draw panels and decide: what is shown in the end."""
    attack = attack or Attack()
    chance = random.Random(seed)
    game = _Game(world, attack, chance)
    game.rate()
    ratings = game.ratings()
    kept = bridging.eligible(ratings)
    found = bridging.fit(kept)
    placement = sides.place(found, kept)
    gates = sides.gates(placement, sides.split_half(kept))
    decided = ["proposed"] * len(world.kind)
    if gates.are_met:
        for note in range(CALIBRATION, len(world.kind)):
            decided[note] = game.decide(note, found.raters, placement)
    return Outcome([what == "shown" for what in decided], decided, game.answers, gates)


@dataclass
class _Game:
    """One forum on its way."""

    world: World
    attack: Attack
    chance: random.Random
    given: dict[tuple[int, int], float] = field(default_factory=dict)
    asked: dict[int, int] = field(default_factory=dict)
    answers: int = 0

    def says(self, rater: int, note: int) -> float:
        told = self.attack.answer(self.world, note) if rater in self.attack.raters else None
        return float(self.world.helpful[rater, note]) if told is None else told

    def rate(self) -> None:
        """Let everybody rate the calibration notes, and twelve rate each other note."""
        raters = range(len(self.world.camp))
        for rater in raters:
            for note in range(CALIBRATION):
                self.given[rater, note] = float(self.world.helpful[rater, note])
        for note in range(CALIBRATION, len(self.world.kind)):
            for rater in self._who_comes(12):
                self.given[rater, note] = self.says(rater, note)
            if self.attack.rate_first and self.attack.answer(self.world, note) is not None:
                for rater in self.attack.raters:
                    self.given[rater, note] = self.says(rater, note)

    def _who_comes(self, count: int) -> list[int]:
        weights = self.world.activity
        keys = [(self.chance.random() ** (1 / w), n) for n, w in enumerate(weights)]
        return [n for _, n in sorted(keys, reverse=True)[:count]]

    def ratings(self) -> bridging.Ratings:
        rows = sorted(self.given.items())
        return bridging.Ratings(
            np.array([rater for (rater, _), _ in rows], np.int64),
            np.array([note for (_, note), _ in rows], np.int64),
            np.array([value for _, value in rows]),
        )

    def decide(self, note: int, raters: bridging.Ints, placement: sides.Placement) -> str:
        """Nominate, draw and ask in rounds until both sides have decided."""
        rated = {rater for rater, of in self.given if of == note}
        if len(rated) < 5 or sum(self.given[rater, note] == 1 for rater in rated) < 3:
            return "proposed"
        camps = [{int(r) for r in raters[placement.side == side]} for side in (-1, 1)]
        told = [panels.Answers(0, 0), panels.Answers(0, 0)]
        seated: set[int] = set()
        wanted = panels.FIRST
        while True:
            is_left = True
            for at, camp in enumerate(camps):
                reached = told[at].answered + wanted
                while told[at].answered < reached:
                    free = panels.may_be_asked(camp, rated=rated, barred=seated)
                    who = panels.drawn(free, self.asked, 1, self.chance)
                    if not who:
                        is_left = False
                        break
                    seated.add(who[0])
                    self.asked[who[0]] = self.asked.get(who[0], 0) + 1
                    if who[0] in self.attack.raters or self.chance.random() < ANSWERS:
                        self.answers += 1
                        value = self.says(who[0], note)
                        told[at] = panels.Answers(told[at].helpful + value, told[at].answered + 1)
            decision = panels.decide(told, can_ask=is_left)
            if decision != "ask_more":
                return decision
            wanted = panels.MORE


def _calibration(note: int) -> str:
    return {CALIBRATION - 2: "good", CALIBRATION - 1: "bad"}.get(note, "partisan")


def _kind(chance: np.random.Generator) -> str:
    found: str = chance.choice(["good", "partisan", "leaning", "bad"], p=[0.25, 0.45, 0.1, 0.2])
    return str(found)


def forums(
    raters: int, smaller: float, seeds: range, attacked: Callable[[World], Attack] | None = None
) -> Score:
    """Return the shares of several invented forums."""
    score = Score()
    for seed in seeds:
        world = invent(seed, raters, smaller)
        score.add(world, play(world, seed, attacked(world) if attacked else None))
    return score


def pushing(count: int, *, rate_first: bool) -> Callable[[World], Attack]:
    """Return an attack by members of the larger side, who call all that pleases it helpful."""

    def attacked(world: World) -> Attack:
        larger = [n for n, camp in enumerate(world.camp) if camp < 0][:count]
        return Attack(set(larger), lambda w, n: 1.0 if w.leans[n] < 0 else None, rate_first)

    return attacked


def sleeping(share: float) -> Callable[[World], Attack]:
    """Return an attack by a share of the smaller side, who help the larger one's notes."""

    def attacked(world: World) -> Attack:
        smaller = [n for n, camp in enumerate(world.camp) if camp > 0]
        told = set(smaller[: round(len(smaller) * share)])
        return Attack(told, lambda w, n: 1.0 if w.leans[n] < 0 else None)

    return attacked


def refusing(share: float) -> Callable[[World], Attack]:
    """Return an attack by a share of the smaller side, who refuse every good note when drawn."""

    def attacked(world: World) -> Attack:
        smaller = [n for n, camp in enumerate(world.camp) if camp > 0]
        told = set(smaller[: round(len(smaller) * share)])
        return Attack(told, lambda w, n: 0.0 if w.kind[n] == "good" else None)

    return attacked


def many_ratings(count: int, seed: int = 1) -> bridging.Ratings:
    """Return so many ratings of two camps, twelve a rater and a note."""
    chance = np.random.default_rng(seed)
    size = count // 12
    rater, note = chance.integers(0, size, count), chance.integers(0, size, count)
    pairs = np.unique(rater * size + note)
    rater, note = pairs // size, pairs % size
    position = np.where(chance.random(size) < 0.6, -1, 1) + chance.normal(0, 0.35, size)
    kind = chance.choice(4, size, p=[0.25, 0.45, 0.1, 0.2])
    slope = np.array([0.1, 2.6, 1.0, 0.1])[kind] * np.where(chance.random(size) < 0.6, -1, 1)
    base = np.array([1.9, -0.3, 0.5, -1.9])[kind] + chance.normal(0, 0.4, size)
    leniency = chance.normal(0, 0.3, size)
    likes = 1 / (1 + np.exp(-(base[note] + leniency[rater] + position[rater] * slope[note])))
    value = (chance.random(len(pairs)) < likes).astype(np.float64)
    value[chance.random(len(pairs)) < SOMEWHAT] = 0.5
    return bridging.Ratings(rater, note, value)


def _row(name: str, score: Score) -> None:
    print(
        f"{name:44} {score.precision:.2f} {score.recall:.2f} {score.partisan_shown:.3f} "
        f"{score.answers / score.notes:5.1f} {score.closed}",
        flush=True,
    )


def _speed(count: int) -> None:
    ratings = many_ratings(count)
    is_old = np.random.default_rng(2).random(len(ratings.value)) >= 0.01
    old = bridging.Ratings(*(column[is_old] for column in ratings))
    began = time.process_time()
    cold = bridging.fit(bridging.eligible(old))
    took = time.process_time() - began
    began = time.process_time()
    warm = bridging.fit(bridging.eligible(ratings), before=cold)
    print(
        f"{len(ratings.value):9,} ratings: {took:.2f} s of processor, {cold.sweeps} sweeps; "
        f"1 % more, from where it stood: {time.process_time() - began:.2f} s, {warm.sweeps} sweeps",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=10)
    seeds = range(10_000, 10_000 + parser.parse_args().seeds)
    print(f"{'':44} precision, recall, partisan shown, answers a note, forums closed")
    for raters, smaller in (
        (100, 0.5),
        (50, 0.3),
        (100, 0.3),
        (200, 0.3),
        (100, 0.15),
        (500, 0.15),
    ):
        few = seeds if raters < 500 else seeds[:3]
        _row(f"{raters} raters, {smaller:.0%} on a side", forums(raters, smaller, few))
    for count in (10, 50):
        attack = pushing(count, rate_first=True)
        _row(f"150 raters, 40 %, {count} push their own", forums(150, 0.4, seeds, attack))
    for share in (0.09, 0.2, 0.33):
        _row(
            f"150 raters, 40 %, {share:.0%} of it sleepers",
            forums(150, 0.4, seeds, sleeping(share)),
        )
        _row(
            f"150 raters, 40 %, {share:.0%} of it refuse", forums(150, 0.4, seeds, refusing(share))
        )
    for count in (10_000, 100_000, 1_000_000):
        _speed(count)


if __name__ == "__main__":
    main()
