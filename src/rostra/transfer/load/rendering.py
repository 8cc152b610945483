"""Rendering a batch of imported posts, on all cores; pure work goes out, fragments come back."""

from __future__ import annotations

import gc
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from multiprocessing import forkserver
from types import TracebackType
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

from rostra.content.markup.excerpt import words
from rostra.content.markup.references import Dialect, Known, SmilieRef, Wanted
from rostra.content.markup.render import render, wanted
from rostra.content.markup.smilies import NONE

CHUNK = 50
CHARACTERS = 200_000  # of sources in one chunk
_PRELOADED = [__name__, "rostra.content.markup.plain", "rostra.content.markup.html"]
NOTHING = Wanted()

type Typed = tuple[str, Dialect]
type Later[Out] = Callable[[], list[Out]]


class Source(NamedTuple):
    """What is to be rendered, and what is known of what it refers to."""

    source: str
    dialect: Dialect
    known: Known


class Look(NamedTuple):
    """The first look at a source: its fragment, or what must be looked up before there is one."""

    html: str | None
    wanted: Wanted


def get_ready() -> None:
    """Start what the renderer's processes are forked from; it loads its modules meanwhile."""
    if (os.cpu_count() or 1) > 1:
        multiprocessing.get_context("forkserver").set_forkserver_preload(_PRELOADED)
        forkserver.ensure_running()


def collect_seldom() -> None:
    """Let a batch come and go without being looked through for rings again and again.

    For a process with nothing else to do. What is loaded by now stays, and is not looked at.
    """
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


class Renderer:
    """A pool of processes; with one core everything is done here.

    base_url: addresses under it may be this forum's own pages; smilies: its own.
    """

    def __init__(
        self,
        processes: int | None = None,
        base_url: str = "",
        smilies: Mapping[str, SmilieRef] = NONE,
    ) -> None:
        self.processes = processes if processes is not None else (os.cpu_count() or 1)
        self.base_url = base_url
        self.smilies = smilies
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        if self.processes > 1:
            context = multiprocessing.get_context("forkserver")
            context.set_forkserver_preload(_PRELOADED)
            self._pool = ProcessPoolExecutor(self.processes, mp_context=context, initializer=_begin)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def look(self, posts: Sequence[Typed], *, is_always_rendered: bool = False) -> Later[Look]:
        """Begin to render what refers to nothing; ask of the rest what it refers to.

        is_always_rendered: the rest is rendered too, as if nothing were known.
        """
        work = partial(
            _look,
            base_url=self.base_url,
            is_always_rendered=is_always_rendered,
            smilies=self.smilies,
        )
        return self._begin(work, posts)

    def wanted(self, posts: Sequence[Typed]) -> list[Wanted]:
        """Return what each source refers to."""
        return self._begin(partial(_all_wanted, base_url=self.base_url), posts)()

    def words(self, posts: Sequence[Typed]) -> list[str]:
        """Return each source's plain text, for the check of quotes from it."""
        return self._begin(_words, posts)()

    def render(self, sources: Sequence[Source]) -> Later[str]:
        """Begin to render; the fragments are asked for later."""
        return self._begin(partial(_render, smilies=self.smilies), sources)

    def _begin[In: tuple[Any, ...], Out](
        self, work: Callable[[Sequence[In]], list[Out]], items: Sequence[In]
    ) -> Later[Out]:
        if self._pool is None:
            done = work(items)
            return lambda: done
        futures: list[Future[list[Out]]] = [self._pool.submit(work, c) for c in _chunks(items)]
        return lambda: [found for future in futures for found in future.result()]


def path_of(link: str) -> str:
    """Return a relative link as an old address; other sites' paths are not ours to read."""
    if link[:7].lower() in ("http://", "https:/", "mailto:"):
        return ""
    try:
        parts = urlsplit(link)
    except ValueError:
        return ""
    return parts.path if not parts.netloc and not parts.scheme else ""


def _chunks[In: tuple[Any, ...]](items: Sequence[In]) -> Iterator[Sequence[In]]:
    """Part items whose first field is a source into stretches of bearable length."""
    start = characters = 0
    for at, item in enumerate(items):
        if at - start >= CHUNK or characters > CHARACTERS:
            yield items[start:at]
            start, characters = at, 0
        characters += len(item[0])
    if start < len(items):
        yield items[start:]


def _begin() -> None:
    collect_seldom()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End when the process that reads and writes is killed: nobody else would tell us."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _look(
    posts: Sequence[Typed],
    base_url: str,
    is_always_rendered: bool,
    smilies: Mapping[str, SmilieRef],
) -> list[Look]:
    found, known = [], Known(smilies=smilies)
    for source, dialect in posts:
        refers = _wanted(source, dialect, base_url)
        is_rendered = is_always_rendered or refers == NOTHING
        found.append(Look(render(source, dialect, known).html if is_rendered else None, refers))
    return found


def _wanted(source: str, dialect: Dialect, base_url: str) -> Wanted:
    """Return what a source refers to here: other sites' addresses are left out."""
    if dialect == "plain" and (not base_url or base_url not in source):
        return NOTHING  # mail names nothing but whole addresses
    found = wanted(source, dialect)
    if found.links:
        own = [link for link in found.links if _may_be_own(link, source, base_url)]
        found = Wanted(found.names, found.posts, frozenset(own), found.uploads)
    return found


def _may_be_own(link: str, source: str, base_url: str) -> bool:
    """Tell whether a link may lead to a page of this forum, or of the one that was left."""
    if path_of(link):
        return f"[{link}]" not in source  # "/quote" of a closing tag
    return bool(base_url) and link.startswith(base_url)


def _all_wanted(posts: Sequence[Typed], base_url: str) -> list[Wanted]:
    return [_wanted(source, dialect, base_url) for source, dialect in posts]


def _words(posts: Sequence[Typed]) -> list[str]:
    return [words(render(source, dialect).html) for source, dialect in posts]


def _render(sources: Sequence[Source], smilies: Mapping[str, SmilieRef]) -> list[str]:
    return [
        render(item.source, item.dialect, replace(item.known, smilies=smilies)).html
        for item in sources
    ]
