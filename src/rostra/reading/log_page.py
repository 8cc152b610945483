"""The moderation log, as a simple list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rostra.forum.access.viewer import Viewer
from rostra.forum.modlog import queries
from rostra.forum.modlog.queries import LogRow
from rostra.forum.threads.queries import Reference, references

LISTED = 50


@dataclass(frozen=True, slots=True)
class LogPage:
    """All the template needs. A place the viewer may not see is missing from `threads`."""

    entries: list[LogRow]
    threads: Mapping[int, Reference]
    posts: Mapping[int, Reference]
    head: tuple[int, str]
    kind: str
    older: int | None
    newer: int | None


def log_page(
    viewer: Viewer, *, kind: str = "", before: int | None = None, after: int | None = None
) -> LogPage:
    """Gather one page of the log. Three queries, four with places to name."""
    found = queries.entries(before=before, after=after, kind=kind, limit=LISTED + 1)
    if after is not None:
        has_newer, entries = len(found) > LISTED, found[-LISTED:]
        has_older = True
    else:
        has_older, entries = len(found) > LISTED, found[:LISTED]
        has_newer = before is not None
    threads, posts = references(
        viewer,
        {entry.thread_id for entry in entries if entry.thread_id is not None},
        {entry.post_id for entry in entries if entry.post_id is not None},
    )
    return LogPage(
        entries=entries,
        threads=threads,
        posts=posts,
        head=queries.head(),
        kind=kind,
        older=entries[-1].n if entries and has_older else None,
        newer=entries[0].n if entries and has_newer else None,
    )
