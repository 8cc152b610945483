"""The numbers of moderation, a quarter at a time: what everybody may count and compare."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from rostra.forum.appeals.numbers import Decided, decided_between, filed_between
from rostra.forum.appeals.queries import overdue_count
from rostra.forum.cases.numbers import Reports, reports_between, waiting, waits_between
from rostra.forum.modlog.numbers import Acts, acts_between, begun_at, counts_of, numbers_of
from rostra.kernel import clock
from rostra.kernel.errors import NotFound

SHOWN = 8  # quarters beside each other
APPEALS = ("appeal.upheld", "appeal.overturned", "appeal.partly")


class Quarter(NamedTuple):
    """Three months, in UTC."""

    year: int
    number: int  # 1 to 4

    @property
    def name(self) -> str:
        return f"{self.year}-Q{self.number}"

    @property
    def since(self) -> datetime:
        return datetime(self.year, 3 * self.number - 2, 1, tzinfo=UTC)

    @property
    def until(self) -> datetime:
        return self.next.since

    @property
    def next(self) -> Quarter:
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def before(self) -> Quarter:
        return Quarter(self.year - (self.number == 1), (self.number - 2) % 4 + 1)


class Waited(NamedTuple):
    """How long things waited: of so many, half not longer than the median, nine tenths than p90."""

    number: int
    median: timedelta | None
    p90: timedelta | None


class ByRole(NamedTuple):
    """What who acted under one label did, and what became of it."""

    role: str
    by: int | None
    acts: int
    taken_back: int
    appeals: int  # decided in the quarter, against acts of any time
    overturned: int  # of these; partly right ones are not


@dataclass(frozen=True, slots=True)
class NumbersPage:
    """All that is shown; each list adds up to the same acts."""

    quarter: Quarter
    quarters: tuple[Quarter, ...]  # those there are, the latest first
    acts: tuple[Acts, ...]
    by_kind: tuple[tuple[str, int], ...]
    by_rule: tuple[tuple[str, int], ...]
    by_origin: tuple[tuple[str, int], ...]
    by_role: tuple[ByRole, ...]
    reports: tuple[Reports, ...]
    report_waits: Waited
    cases_waiting: int
    appeals_filed: int
    appeals: tuple[tuple[str, int], ...]
    appeal_waits: Waited
    same_person: int  # appeals decided by who had acted, for there was nobody else
    overdue: int
    over_time: tuple[tuple[Quarter, int], ...]  # acts


def quarter_of(moment: datetime) -> Quarter:
    """Return the quarter that a time is in."""
    moment = moment.astimezone(UTC)
    return Quarter(moment.year, (moment.month + 2) // 3)


def quarter_named(name: str) -> Quarter:
    """Return the quarter of a name, "2026-Q4"; raises NotFound for anything else."""
    year, _, number = name.partition("-Q")
    if len(name) != 7 or not (year.isascii() and year.isdecimal() and number in "1234"):
        raise NotFound
    if not 2000 <= int(year) <= 9998:
        raise NotFound
    return Quarter(int(year), int(number))


def waited(times: Sequence[timedelta]) -> Waited:
    """Return the median and the 90th percentile, by nearest rank: times that somebody waited."""
    ordered = sorted(times)

    def at(share: float) -> timedelta | None:
        return ordered[max(math.ceil(share * len(ordered)), 1) - 1] if ordered else None

    return Waited(len(ordered), at(0.5), at(0.9))


def numbers_page(quarter: Quarter | None = None) -> NumbersPage:
    """Gather the numbers of a quarter, this one by default; raises NotFound before the first.

    Twenty queries at most, over what lies in the quarters shown.
    """
    now = quarter_of(clock.now())
    quarter = quarter or now
    quarters = _quarters(now)
    if quarter not in quarters:
        raise NotFound
    span = quarter.since, quarter.until
    acts = [act for act in acts_between(*span) if act.kind not in APPEALS]
    decided = decided_between(*span)
    shown = quarters[:SHOWN][::-1]
    counts = counts_of([(one.since, one.until) for one in shown])
    outcomes = Counter(one.outcome for one in decided)
    return NumbersPage(
        quarter=quarter,
        quarters=quarters,
        acts=tuple(acts),
        by_kind=_summed((act.kind, act.number) for act in acts),
        by_rule=_summed((act.rule, act.number) for act in acts),
        by_origin=_summed((act.origin, act.number) for act in acts),
        by_role=_by_role(acts, decided),
        reports=tuple(reports_between(*span)),
        report_waits=waited(waits_between(*span)),
        cases_waiting=waiting(),
        appeals_filed=filed_between(*span),
        appeals=tuple((name, outcomes[name]) for name in ("upheld", "partly", "overturned")),
        appeal_waits=waited([one.waited for one in decided]),
        same_person=sum(one.is_by_same_person for one in decided),
        overdue=overdue_count(),
        over_time=tuple(zip(shown, counts, strict=True)),
    )


def _quarters(now: Quarter) -> tuple[Quarter, ...]:
    """Return the quarters since the log began, the latest first."""
    begun = begun_at()
    first = quarter_of(begun) if begun is not None else now
    found = [now]
    while found[-1] > first:
        found.append(found[-1].before)
    return tuple(found)


def _summed(counts: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    """Return how many there are of each, the most first."""
    found: Counter[str] = Counter()
    for name, count in counts:
        found[name] += count
    return tuple(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def _by_role(acts: Sequence[Acts], decided: Sequence[Decided]) -> tuple[ByRole, ...]:
    """Return what each label did, and how appeals against its acts ended."""
    done: Counter[tuple[str, int | None]] = Counter()
    back: Counter[tuple[str, int | None]] = Counter()
    for act in acts:
        done[act.role, act.by] += act.number
        back[act.role, act.by] += act.taken_back
    actors = numbers_of([one.log_n for one in decided])
    of = Counter(actors.get(one.log_n) for one in decided)
    lost = Counter(actors.get(one.log_n) for one in decided if one.outcome == "overturned")
    known = {by for _, by in done}
    labels = [*done, *(("", by) for by in of if by not in known)]
    seen: set[int | None] = set()
    rows = []
    for role, by in sorted(labels, key=lambda label: (-done[label], label[0], label[1] or 0)):
        # Who acted in two roles is one person: their appeals are counted once.
        is_first = by not in seen
        seen.add(by)
        appeals = (of[by], lost[by]) if is_first else (0, 0)
        rows.append(ByRole(role, by, done[role, by], back[role, by], *appeals))
    return tuple(rows)
