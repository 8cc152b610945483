"""How the parts of the forum do: each part says so itself, whoever asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

type State = Literal["good", "note", "wrong"]


class Told(NamedTuple):
    """What a part says of itself; `words` are for who runs the machine, in no language but one."""

    state: State
    words: str = ""


_parts: dict[str, Callable[[], Told]] = {}


def part[F: Callable[[], Told]](name: str) -> Callable[[F], F]:
    """Decorator: ask this function how the part of this name does."""

    def register(ask: F) -> F:
        _parts[name] = ask
        return ask

    return register


def ask_all() -> list[tuple[str, Told]]:
    """Return what every part says of itself, in the order of their names."""
    return [(name, _parts[name]()) for name in sorted(_parts)]
