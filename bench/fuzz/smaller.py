"""A failing post made short."""

from __future__ import annotations

import time
from collections.abc import Callable

_LONGEST = 20.0  # seconds


def smaller(source: str, still_fails: Callable[[str], bool]) -> str:
    """Return the shortest text found, by leaving parts out, that fails as the source does."""
    until = time.monotonic() + _LONGEST
    step = max(len(source) // 2, 1)
    while time.monotonic() < until:
        at = 0
        is_shorter = False
        while at < len(source) and time.monotonic() < until:
            candidate = source[:at] + source[at + step :]
            if still_fails(candidate):
                source, is_shorter = candidate, True
            else:
                at += step
        if step == 1 and not is_shorter:
            break
        step = max(step // 2, 1)
    return source
