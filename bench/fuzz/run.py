"""A long run: shares of posts on all cores, samples of them in a browser, kept as it goes."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from bench.fuzz.browser import BATCH, Window, faults_of, window
from bench.fuzz.inputs import Input, Maker
from bench.fuzz.judge import judge
from bench.fuzz.smaller import smaller

SHARE = 2_000
_MOST_FAILURES = 20
_TOLD_EVERY = 15  # seconds


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be run: so many posts of a seed, and so many of them in the browser."""

    inputs: int
    seed: int
    chromium: int

    def shares(self) -> range:
        """Return the numbers of the shares."""
        return range((self.inputs + SHARE - 1) // SHARE)

    def numbers(self, share: int) -> range:
        """Return the numbers of the posts in a share."""
        return range(share * SHARE, min((share + 1) * SHARE, self.inputs))

    def shown(self, share: int) -> frozenset[int]:
        """Return which posts of a share are shown to the browser."""
        first, last = (self.chromium * at // len(self.shares()) for at in (share, share + 1))
        chance = random.Random(f"{self.seed}:shown:{share}")
        numbers = self.numbers(share)
        return frozenset(chance.sample(numbers, min(last - first, len(numbers))))


class Failure(NamedTuple):
    """A post that failed, and how."""

    number: int
    fault: str


class Share(NamedTuple):
    """What came of a share: times in tenths of milliseconds, the slowest, failures, samples."""

    number: int
    times: dict[int, int]
    slowest: tuple[float, int]
    failures: list[Failure]
    samples: list[tuple[int, str]]


@dataclass
class Tally:
    """All that was run so far."""

    times: Counter[int] = field(default_factory=Counter)
    slowest: tuple[float, int] = (0.0, -1)
    done: set[int] = field(default_factory=set)
    shown: int = 0
    failures: list[Failure] = field(default_factory=list)

    def add(
        self, share: int, times: dict[int, int], slowest: tuple[float, int], shown: int
    ) -> None:
        """Count one more share."""
        self.times.update(times)
        self.slowest = max(self.slowest, slowest)
        self.done.add(share)
        self.shown += shown

    @property
    def inputs(self) -> int:
        """Return how many posts were run."""
        return self.times.total()

    def ms_at(self, part: float) -> float:
        """Return what the given part of all posts took at most, in milliseconds."""
        left = part * self.inputs
        for tenths in sorted(self.times):
            left -= self.times[tenths]
            if left <= 0:
                return (tenths + 1) / 10
        return 0.0


def run_share(plan: Plan, number: int) -> Share:
    """Make, render and judge the posts of a share."""
    maker = Maker(plan.seed)
    shown = plan.shown(number)
    times: Counter[int] = Counter()
    slowest = (0.0, -1)
    failures: list[Failure] = []
    samples: list[tuple[int, str]] = []
    for post in plan.numbers(number):
        judged = judge(maker.make(post))
        times[int(judged.ms * 10)] += 1
        slowest = max(slowest, (judged.ms, post))
        failures += [Failure(post, fault) for fault in judged.faults[:1]]
        if post in shown:
            samples.append((post, judged.html))
    return Share(number, dict(times), slowest, failures, samples)


def run(plan: Plan, resume: Path | None = None, *, quiet: bool = False) -> Tally:
    """Run what is left of a plan; what is done is kept in a file, if one is named."""
    tally = _read(plan, resume)
    left = [number for number in plan.shares() if number not in tally.done]
    began = told = time.monotonic()
    before = tally.inputs
    with ExitStack() as stack:
        opened = stack.enter_context(window()) if plan.chromium else None
        waiting: list[Share] = []
        for share in _shares(plan, left, stack):
            waiting.append(share)
            is_batch = sum(len(one.samples) for one in waiting) >= BATCH
            if opened is None or is_batch or len(tally.done) + len(waiting) == len(plan.shares()):
                _take(plan, waiting, opened, tally, resume)
                waiting = []
            if len(tally.failures) >= _MOST_FAILURES:
                break
            if not quiet and time.monotonic() - told > _TOLD_EVERY:
                told = time.monotonic()
                _tell(plan, tally, (tally.inputs - before) / (told - began))
        for number, fault in tally.failures:
            if not quiet:
                _explain(plan, number, fault, opened)
    return tally


def _shares(plan: Plan, left: list[int], stack: ExitStack) -> Iterator[Share]:
    if len(left) < 2:
        yield from (run_share(plan, number) for number in left)
        return
    context = multiprocessing.get_context("spawn")
    pool = stack.enter_context(context.Pool(os.cpu_count()))
    waiting: list[multiprocessing.pool.AsyncResult[Share]] = []
    for number in left:
        waiting.append(pool.apply_async(run_share, (plan, number)))
        if len(waiting) > 2 * (os.cpu_count() or 1):
            yield waiting.pop(0).get()
    for one in waiting:
        yield one.get()


def _take(
    plan: Plan, shares: list[Share], opened: Window | None, tally: Tally, resume: Path | None
) -> None:
    """Show the samples of some shares, count them, and keep those without a failure."""
    samples = [sample for share in shares for sample in share.samples]
    failures = [failure for share in shares for failure in share.failures]
    for at in range(0, len(samples) if opened else 0, BATCH):
        assert opened is not None
        failures += _shown(opened, samples[at : at + BATCH])
    failed = {failure.number // SHARE for failure in failures}
    tally.failures += failures
    for share in shares:
        tally.add(share.number, share.times, share.slowest, len(share.samples))
        if resume and share.number not in failed:
            row = {**share._asdict(), "samples": len(share.samples)}
            with resume.open("a") as file:
                file.write(json.dumps(row) + "\n")


def _shown(opened: Window, samples: list[tuple[int, str]]) -> list[Failure]:
    """Show a batch; where something is wrong with the whole of it, find out with which part."""
    found = faults_of(opened, [html for _, html in samples])
    failures = [Failure(samples[at][0], f"browser: {fault}") for at, fault in found if at >= 0]
    if any(at < 0 for at, _ in found):
        alone = [
            Failure(number, f"browser: {fault}")
            for number, html in samples
            for _, fault in faults_of(opened, [html])
        ]
        failures += alone or [Failure(samples[0][0], f"browser, in company: {found[0][1]}")]
    return failures


def _read(plan: Plan, resume: Path | None) -> Tally:
    tally = Tally()
    head = {"inputs": plan.inputs, "seed": plan.seed, "chromium": plan.chromium}
    if resume is None:
        return tally
    if not resume.exists():
        resume.write_text(json.dumps(head) + "\n")
        return tally
    first, *rows = resume.read_text().splitlines()
    if json.loads(first) != head:
        sys.exit(f"{resume} is of another run: {first}")
    for row in map(json.loads, rows):
        times = {int(tenths): count for tenths, count in row["times"].items()}
        tally.add(row["number"], times, tuple(row["slowest"]), row["samples"])
    return tally


def _tell(plan: Plan, tally: Tally, rate: float) -> None:
    left = (plan.inputs - tally.inputs) / max(rate, 1)
    print(
        f"{tally.inputs:,} of {plan.inputs:,}, {rate:,.0f}/s, {left / 60:.1f} min left, "
        f"in the browser {tally.shown:,}, p99 {tally.ms_at(0.99):.1f} ms, "
        f"max {tally.slowest[0]:.0f} ms, failures {len(tally.failures)}",
        flush=True,
    )


def _explain(plan: Plan, number: int, fault: str, opened: Window | None) -> None:
    """Print a failure with a post made small that fails in the same way."""
    post = Maker(plan.seed).make(number)
    kind = fault[:24]

    def still_fails(source: str) -> bool:
        judged = judge(Input(source, post.dialect))
        if not fault.startswith("browser"):
            return any(one[:24] == kind for one in judged.faults)
        return opened is not None and bool(faults_of(opened, [judged.html]))

    small = smaller(post.source, still_fails) if still_fails(post.source) else post.source
    print(
        f"seed={plan.seed} number={number} {post.dialect}: {fault}\n    {small[:2000]!r}",
        flush=True,
    )
