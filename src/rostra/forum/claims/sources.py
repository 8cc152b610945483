"""Who stands for whom: speakers of one root are one source, whoever carries them. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from rostra.kernel import text

DEEPEST = 20  # owners above each other


def root_of(speaker: str, publisher: int | None, owners: Mapping[int, int | None]) -> str:
    """Return the root of a speaker.

    A publisher speaks for its top owner (`owners` leads from each to the next); anybody else for
    themselves, by their name without regard to case and spaces. Owners in a circle are one root.
    """
    if publisher is None:
        return f"speaker:{text.one_line(speaker).casefold()}"
    seen = [publisher]
    while len(seen) < DEEPEST:
        owner = owners.get(seen[-1])
        if owner is None:
            return f"publisher:{seen[-1]}"
        if owner in seen:
            return f"publisher:{min(seen[seen.index(owner) :])}"
        seen.append(owner)
    return f"publisher:{seen[-1]}"


def unknown_origin(publisher: int) -> str:
    """Return the root of what a publisher carries without saying whose word it is."""
    return f"unknown:{publisher}"
