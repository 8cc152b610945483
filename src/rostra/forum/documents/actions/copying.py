"""Copying the pictures of other sites that posts show already, at an operator's word."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Any

from rostra.content.media import remote
from rostra.forum.documents.actions.picturing import keep, take_turn_at
from rostra.kernel.errors import TooMany

AT_ONCE = 20
REST = 0.2  # seconds, where all hosts were just asked


def copy_due(progress: Callable[[int], Any]) -> tuple[int, int]:
    """Copy all pictures whose turn has come; return how many are here now, and how many are not.

    May be ended and called again: what is copied stays, and what was taken in hand has its turn
    within the hour. What cannot be had now is tried again later by the worker, so often.
    """
    had = missed = 0
    while due := deque(remote.take_due(AT_ONCE)):
        waited = 0
        while due:
            row = due.popleft()
            made = remote.kept_here(row)
            try:
                if made is None:
                    take_turn_at(row)
                found = remote.fetch(row.url) if made is None else remote.Fetched(made)
                keep(row, found)
            except TooMany:  # its host was just asked, or all decoders are at work
                due.append(row)
                waited += 1
                if waited >= len(due):
                    time.sleep(REST)
                    waited = 0
                continue
            waited = 0
            had += found.made is not None
            missed += found.made is None
            progress(1)
    return had, missed
