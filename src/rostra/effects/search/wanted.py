"""What the index is asked for: terms and facts, before any database's own language. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from rostra.effects.search.parse import Term


@dataclass(frozen=True, slots=True)
class Wanted:
    """All of `terms`, one of each row of `facts`, none of the others; between two places."""

    terms: tuple[Term, ...] = ()
    excluded: tuple[Term, ...] = ()
    facts: tuple[tuple[str, ...], ...] = ()
    excluded_facts: tuple[str, ...] = ()
    titles_only: bool = False
    lowest: int = 0
    highest: int = 2**63 - 1
