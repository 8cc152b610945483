"""Something happened: rooms emit facts, other rooms listen. The only way upstairs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, NamedTuple

from rostra.kernel import clock, rows
from rostra.kernel.models import Job


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A fact, named in the past tense, carrying ids and nothing else."""

    name: ClassVar[str]


type Listener[E: Event] = Callable[[E], None]


class Hearing(NamedTuple):
    """A listener, told of one event at a time or of several at once."""

    tell: Callable[[Any], None]
    takes_many: bool


event_types: dict[str, type[Event]] = {}
listeners: dict[str, dict[str, Hearing]] = defaultdict(dict)


def event[E: Event](cls: type[E]) -> type[E]:
    """Class decorator: make an event known by its name."""
    event_types[cls.name] = cls
    return cls


def after[E: Event](event_type: type[E]) -> Callable[[Listener[E]], Listener[E]]:
    """Decorator: run this function in the background after the event is committed.

    A listener is called at least once and must be harmless when called twice.
    """

    def register(listener: Listener[E]) -> Listener[E]:
        listeners[event_type.name][_path(listener)] = Hearing(listener, takes_many=False)
        return listener

    return register


def after_many[F: Callable[..., None]](event_type: type[Event]) -> Callable[[F], F]:
    """Decorator: as `after`, for a function that takes a sequence of events, in their order.

    Where it fails it is called again, with each of them alone.
    """

    def register(listener: F) -> F:
        listeners[event_type.name][_path(listener)] = Hearing(listener, takes_many=True)
        return listener

    return register


def emit(happened: Event) -> None:
    """Write the event down. Call inside the transaction: if it rolls back, nobody hears."""
    now = clock.now()
    rows.insert(Job(name=happened.name, payload=asdict(happened), created_at=now, run_at=now))


def _path(listener: Callable[..., None]) -> str:
    return f"{listener.__module__}.{listener.__qualname__}"
