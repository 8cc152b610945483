"""Limits that hold exactly: shared by all processes, right under parallel tries.

A try is taken before what it is for is looked at, under a lock on its row, and given back where it
was none that counts. Rows are named by a keyed hash: no address of anybody stands in the table.
(What may be off by a few and must cost nothing is counted in memory: rostra.kernel.ratelimit.)
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from django.db import transaction
from django.utils.crypto import salted_hmac

from rostra.kernel import clock
from rostra.kernel.errors import TooMany
from rostra.kernel.models import Tries


class Rule(NamedTuple):
    """So many within so many seconds."""

    most: int
    seconds: int


class Taken(NamedTuple):
    """What was taken, to be given back: rows and the moment."""

    keys: tuple[str, ...]
    at: float


@transaction.atomic
def take(wanted: Mapping[str, Sequence[Rule]]) -> Taken:
    """Take one try of each key, all or none; raises TooMany naming the longest wait."""
    now = clock.now()
    moment = now.timestamp()
    rules = {_hash_of(key): found for key, found in wanted.items()}
    keys = sorted(rules)
    Tries.objects.bulk_create([Tries(key=key, until=now) for key in keys], ignore_conflicts=True)
    rows = {row.key: row for row in Tries.objects.select_for_update().filter(key__in=keys)}
    wait = 0.0
    for key in keys:
        row, longest = rows[key], max(rule.seconds for rule in rules[key])
        row.times = [at for at in row.times if at > moment - longest]
        for most, seconds in rules[key]:
            within = [at for at in row.times if at > moment - seconds]
            if len(within) >= most:
                wait = max(wait, sorted(within)[len(within) - most] + seconds - moment)
    if wait > 0:
        raise TooMany(max(1, math.ceil(wait)))
    for key in keys:
        row = rows[key]
        row.times.append(moment)
        row.until = now + timedelta(seconds=max(rule.seconds for rule in rules[key]))
        row.save(update_fields=["times", "until"])
    return Taken(tuple(keys), moment)


@transaction.atomic
def give_back(taken: Taken) -> None:
    """Undo a try that turned out to be none that counts."""
    rows = Tries.objects.select_for_update().filter(key__in=taken.keys).order_by("key")
    for row in rows:
        if taken.at in row.times:
            row.times.remove(taken.at)
            row.save(update_fields=["times"])


def forget(*keys: str) -> None:
    """Let these begin anew."""
    Tries.objects.filter(key__in=[_hash_of(key) for key in keys]).delete()


def clear_expired() -> None:
    """Delete rows that limit nobody any more."""
    Tries.objects.filter(until__lt=clock.now()).delete()


def _hash_of(key: str) -> str:
    return salted_hmac("rostra.kernel.tries", key, algorithm="sha256").hexdigest()
