"""Posts that refer to what is not here yet: kept in a file, looked at again when all is here."""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, cast

from django.db import transaction

from rostra.content.markup.references import Dialect, Wanted
from rostra.forum.threads.models import Post
from rostra.kernel import dialect
from rostra.transfer.load.mapping import CHUNK, Map
from rostra.transfer.load.quoting import resolve
from rostra.transfer.load.rendering import Renderer, Source
from rostra.transfer.records import PostRecord


class Waiting:
    """The ids of such posts, on disk before the posts are: a killed import loses none."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "waiting"

    def add(self, post_ids: Sequence[int]) -> None:
        """Keep the ids of posts that are about to be written."""
        if post_ids:
            with self._path.open("a") as file:
                file.writelines(f"{post_id}\n" for post_id in post_ids)
                file.flush()
                os.fsync(file.fileno())

    def resolve(self, mapping: Map, renderer: Renderer) -> None:
        """Render them anew, now that everything they may refer to is here."""
        if not self._path.exists():
            return
        with self._path.open() as file:
            ids = array("q", sorted({int(line) for line in file if line.strip().isdecimal()}))
        for start in range(0, len(ids), CHUNK):
            _render_anew(ids[start : start + CHUNK].tolist(), mapping, renderer)
        self._path.unlink()


def lacking(chosen: Iterable[tuple[int, Wanted]], sources: Iterable[Source]) -> list[int]:
    """Return the ids of those that refer to a post or a page that is not known."""
    return [
        post_id
        for (post_id, wanted), source in zip(chosen, sources, strict=True)
        if len(source.known.posts) < len(wanted.posts)
        or len(source.known.local) < len(wanted.links)
    ]


def _render_anew(post_ids: list[int], mapping: Map, renderer: Renderer) -> None:
    columns = ("id", "thread_id", "source", "dialect", "html")
    rows = list(Post.objects.filter(id__in=post_ids, edit_count=0).values_list(*columns))
    typed = [(source, cast(Dialect, named)) for _, _, source, named, _ in rows]
    records = [PostRecord(id="", thread="", source=s, dialect=d) for s, d in typed]
    sources = resolve(list(zip(records, renderer.wanted(typed), strict=True)), mapping, renderer)
    changed: list[tuple[Any, ...]] = []
    threads: set[int] = set()
    for (post_id, thread_id, source, _, before), html in zip(
        rows, renderer.render(sources)(), strict=True
    ):
        if html != before:
            changed.append((html, post_id, source))
            threads.add(thread_id)
    with transaction.atomic():
        dialect.write_many(
            "UPDATE threads_post SET html = %s WHERE id = %s AND source = %s", changed
        )
        dialect.write_many(
            "UPDATE threads_thread SET version = version + 1 WHERE id = %s",
            [(thread_id,) for thread_id in sorted(threads)],
        )
