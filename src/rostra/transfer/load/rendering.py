"""Rendering a batch of imported posts, on all cores; pure work goes out, fragments come back."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from types import TracebackType
from typing import NamedTuple, Self

from rostra.content.markup.excerpt import words
from rostra.content.markup.references import Dialect, Known, Wanted
from rostra.content.markup.render import render, wanted

CHUNK = 40


class Source(NamedTuple):
    """What is to be rendered, and what is known of what it refers to."""

    source: str
    dialect: Dialect
    known: Known


class Renderer:
    """A pool of processes; with one core everything is done here."""

    def __init__(self, processes: int | None = None) -> None:
        self.processes = processes if processes is not None else (os.cpu_count() or 1)
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        if self.processes > 1:
            context = multiprocessing.get_context("forkserver")
            self._pool = ProcessPoolExecutor(self.processes, mp_context=context)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def wanted(self, posts: Sequence[tuple[str, Dialect]]) -> list[Wanted]:
        """Return what each source refers to."""
        return [found for chunk in self._map(_wanted, posts) for found in chunk]

    def words(self, posts: Sequence[tuple[str, Dialect]]) -> list[str]:
        """Return each source's plain text, for the check of quotes from it."""
        return [found for chunk in self._map(_words, posts) for found in chunk]

    def render(self, sources: Sequence[Source]) -> list[str]:
        """Return each source's fragment."""
        return [html for chunk in self._map(_render, sources) for html in chunk]

    def _map[In, Out](
        self, work: Callable[[Sequence[In]], list[Out]], items: Sequence[In]
    ) -> list[list[Out]]:
        chunks = [items[start : start + CHUNK] for start in range(0, len(items), CHUNK)]
        if self._pool is None:
            return [work(chunk) for chunk in chunks]
        return list(self._pool.map(work, chunks))


def _wanted(posts: Sequence[tuple[str, Dialect]]) -> list[Wanted]:
    return [wanted(source, dialect) for source, dialect in posts]


def _words(posts: Sequence[tuple[str, Dialect]]) -> list[str]:
    return [words(render(source, dialect).html) for source, dialect in posts]


def _render(sources: Sequence[Source]) -> list[str]:
    return [render(item.source, item.dialect, item.known).html for item in sources]
