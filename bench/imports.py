"""Speed and memory of imports, export and restoration: python -m bench.imports DATA_DIR."""

from __future__ import annotations

import json
import os
import platform
import sys
import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.operator import NAMES, Corpus, Finished, Forum, unpack

HEAD = (
    f"{'corpus':22}{'there':>9}{'posts':>9}{'load s':>9}{'posts/s':>9}{'all s':>8}"
    f"{'main MB':>9}{'worker MB':>11}"
)


def main(arguments: list[str]) -> int:
    """Import each corpus into an empty forum, then all into one; export that, restore it."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    print(
        f"{datetime.now(UTC):%Y-%m-%d}, Rostra {version('rostra')}, "
        f"Python {platform.python_version()}, Django {version('django')}, "
        f"{os.cpu_count()} cores, load before {os.getloadavg()[0]:.1f}"
    )
    with tempfile.TemporaryDirectory() as folder:
        _measure(Path(arguments[0]), Path(folder))
    return 0


def _measure(data: Path, folder: Path) -> None:
    corpora = [unpack(name, data, folder / "corpora") for name in NAMES]
    print(f"\nEach into an empty forum\n{HEAD}")
    for corpus in corpora:
        _imported(Forum(folder / f"empty-{corpus.name}"), corpus, 0)
    print(f"\nAll into one forum, the first once more\n{HEAD}")
    forum, there = Forum(folder / "one"), 0
    for corpus in corpora:
        there += _imported(forum, corpus, there)
    _imported(forum, corpora[0], there, "--name", "again")
    print(f"\n{'':22}{'posts':>9}{'all s':>9}{'posts/s':>9}{'main MB':>9}{'worker MB':>11}")
    out = folder / "archive"
    posts = there + _posts_of(json.loads(forum.bring_in(corpora[0], "--name", "again").out), "read")
    _line("export", posts, forum.run("export", "archive", out, "--quiet"))
    empty = Forum(folder / "restored")
    _line("restoration", posts, empty.run("import", "archive", out, "--quiet"))


def _imported(forum: Forum, corpus: Corpus, there: int, *words: str) -> int:
    done = forum.bring_in(corpus, *words)
    if done.code:
        raise SystemExit(done.err)
    report = json.loads(done.out)
    posts = _posts_of(report, "written")
    seconds = max(report["seconds"], 0.1)
    print(
        f"{corpus.name:22}{there:>9,}{posts:>9,}{seconds:>9.1f}{posts / seconds:>9,.0f}"
        f"{done.seconds:>8.1f}{done.main_mb:>9.0f}{done.worker_mb:>11.0f}",
        flush=True,
    )
    return posts


def _posts_of(report: dict[str, dict[str, dict[str, int]]], what: str) -> int:
    return report["counts"]["post"][what] - report["counts"]["post"]["skipped"] * (what == "read")


def _line(name: str, posts: int, done: Finished) -> None:
    if done.code:
        raise SystemExit(done.err)
    print(
        f"{name:22}{posts:>9,}{done.seconds:>9.1f}{posts / done.seconds:>9,.0f}"
        f"{done.main_mb:>9.0f}{done.worker_mb:>11.0f}",
        flush=True,
    )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
