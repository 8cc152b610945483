"""One post rendered and judged without a browser."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NamedTuple

from bench.fuzz.dangers import dangers, dangers_of_any
from bench.fuzz.inputs import Input
from bench.fuzz.pieces import KNOWN

from rostra.content.markup.render import render, wanted
from rostra.content.markup.sanitize import clean
from rostra.content.markup.text import tidy

MOST_MS = 500.0
_HANGS_AFTER = 20  # seconds


class Judged(NamedTuple):
    """What came of a post: its html, what it took, and what is wrong with it."""

    html: str
    ms: float
    faults: list[str]


def judge(post: Input) -> Judged:
    """Render a post and return it with its faults: none, it is hoped.

    It is wrong to raise, to take more than half a second, to hold what no fragment may hold, to
    change when cleaned again; the same goes for the source itself cleaned as if it were html.
    """
    try:
        with within(_HANGS_AFTER):
            html, ms = _timed(post)
            if ms > MOST_MS:  # the machine may have been busy: the best of three counts
                ms = min(ms, _timed(post)[1], _timed(post)[1])
            wanted(post.source, post.dialect)
            raw = clean(tidy(post.source))
    except Exception as error:
        return Judged("", 0.0, [f"raises {type(error).__name__}: {error}"])
    faults = [f"takes {ms:.0f} ms"] if ms > MOST_MS else []
    faults += dangers(html)
    faults += [f"cleaned source: {fault}" for fault in dangers_of_any(raw)]
    return Judged(html, ms, faults)


def _timed(post: Input) -> tuple[str, float]:
    began = time.thread_time()
    html = render(post.source, post.dialect, KNOWN).html
    return html, (time.thread_time() - began) * 1000


@contextmanager
def within(seconds: int) -> Iterator[None]:
    """Raise where something takes far too long."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise TimeoutError(f"more than {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
