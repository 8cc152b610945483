"""Rivals beside Rostra: python -m bench.rivals FOLDER [--seconds S] [--rounds N] [--forum FORUM].

Installs each rival from the package registry into a folder of its own below FOLDER (once: what is
there is used again), fills it with the posts of a forum of `bench.forum` (FORUM, or one made in
FOLDER), and asks all for the same pages: thread, board and front page, as a guest and as a member.
Each is served by Granian as Rostra is: one worker, four threads, one core, wrk on the other. A
rival's database has the core of its server. Before anything is measured each page is read once: it
must be there, with the 20 posts on the thread's. A rival that does not come so far is told so.
"""

from __future__ import annotations

import argparse
import html
import json
import os
import platform
import re
import signal
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench import speed
from bench.rivals.content import READER, fragments, measured, write_content
from bench.rivals.sites import RIVALS, Rival, Site

POSTS = 6000
PAGES = ("thread", "board", "front")
ROWS = [f"{who}, {page} page" for page in PAGES for who in ("guest", "member")]

type Speeds = dict[str, list[float]]


def main() -> None:
    """Set up, check, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--forum", type=Path, help="a forum of bench.forum; by default one is made")
    parser.add_argument("--only", nargs="*", help="names of rivals", default=list(RIVALS))
    args = parser.parse_args()
    # Whoever ends us ends the servers, too: they would hold the port of the next run.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = args.folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    forum = (args.forum or _forum(folder)).absolute()
    speed.set_up(forum)
    content = folder / "content.json"
    write_content(content)
    ours = _our_pages()
    wanted = fragments(json.loads(content.read_text()))
    sites: dict[str, Site] = {}
    failed: dict[str, str] = {}
    for name in args.only:
        try:
            sites[name] = RIVALS[name].set_up(folder / name, content)
            with _served(sites[name], folder):
                _check(sites[name].pages, wanted, READER if sites[name].is_reader_named else "")
        except (SystemExit, RuntimeError, OSError, subprocess.SubprocessError) as problem:
            failed[name] = _reason(problem)
            sites.pop(name, None)
        print(f"{name}: {failed.get(name, 'ready')}", file=sys.stderr, flush=True)
    with _rostra(folder):
        _check(ours, wanted)
    load = os.getloadavg()[0]
    found: dict[str, Speeds] = {name: {row: [] for row in ROWS} for name in ("Rostra", *sites)}
    for _ in range(args.rounds):
        with _rostra(folder):
            _measure(ours, args.seconds, found["Rostra"])
        for name, site in sites.items():
            with _served(site, folder):
                _measure(site.pages, args.seconds, found[name])
    _print(found, failed, load)


def _forum(folder: Path) -> Path:
    """Return a forum of our own to measure on, made if it is not there."""
    forum = folder / "rostra"
    if not (forum / "made").exists():
        command = [sys.executable, "-m", "bench.forum", str(POSTS), str(forum)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=600)
        (forum / "made").touch()
    return forum


def _our_pages() -> dict[str, str]:
    """Return where the same pages are in Rostra, and a member's cookie."""
    from rostra.forum.boards.models import Board
    from rostra.forum.threads.models import Thread
    from rostra.web import addresses

    ids = measured()
    thread = Thread.objects.get(pk=ids["thread"])
    board = Board.objects.get(pk=ids["board"])
    return {
        "front": "/",
        "board": addresses.board(board.pk, board.title),
        "thread": addresses.thread(thread.pk, thread.title),
        "cookie": speed.signed_in(),
    }


@contextmanager
def _rostra(folder: Path) -> Iterator[None]:
    with speed.serving(speed.ROSTRA, folder / "rostra-errors.txt"):
        yield


@contextmanager
def _served(site: Site, folder: Path) -> Iterator[None]:
    """Have a rival's server, and the database that it wants, run as long as this lasts."""
    command = speed.granian(str(site.python), "site_wsgi:application")
    errors = folder / f"{site.name}-errors.txt"
    with (
        site.database(),
        speed.serving(command, errors, cwd=site.code, environ=site.environ),
    ):
        yield


def _check(pages: dict[str, str], wanted: list[str], reader: str = "") -> None:
    """Read each page as a guest and as the member; raises RuntimeError for what is not as said."""
    for page in PAGES:
        guest, member = (_words(speed.asked(pages[page], who)) for who in ("", pages["cookie"]))
        if guest == member:
            raise RuntimeError(f"the {page} page is the same for the member as for a guest")
        if page == "thread":
            for words in (guest, member):
                missing = [run for run in wanted if words.count(run) < wanted.count(run)]
                if missing:
                    raise RuntimeError(f"of 20 posts {len(missing)} are missing: {missing[0]}")
        if reader.lower() not in member.lower():
            raise RuntimeError(f"{reader} is not signed in on the {page} page")


def _words(body: bytes) -> str:
    """Return a page's text: tags away, blanks made one."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", body.decode())).split())


def _measure(pages: dict[str, str], seconds: float, found: Speeds) -> None:
    for row in ROWS:
        who, _, page = row.removesuffix(" page").partition(", ")
        cookie = pages["cookie"] if who == "member" else ""
        try:
            speed.wrk(pages[page], 1, cookie)
            # What wrk gave up at its end is still worked off: wait, or a slow server is measured
            # at answering nobody.
            for _ in range(4):
                speed.asked(pages[page], cookie)
            found[row].append(speed.wrk(pages[page], seconds, cookie))
        except SystemExit as problem:  # what fails under load counts as nothing, and is told
            print(f"not 200 under load: {problem}", file=sys.stderr, flush=True)
            found[row].append(0.0)


def _reason(problem: BaseException) -> str:
    """Return the last lines of what went wrong."""
    said = str(problem)
    for output in (getattr(problem, "stderr", None), getattr(problem, "output", None)):
        if output:
            said += "\n" + (output if isinstance(output, str) else output.decode())
    return " / ".join(line.strip() for line in said.strip().splitlines()[-3:])[-500:]


def _print(found: dict[str, Speeds], failed: dict[str, str], load: float) -> None:
    """Print requests a second of all, and how many times the best rival's ours are."""
    speeds: dict[str, dict[str, float]] = {
        name: {row: statistics.median(each) for row, each in rows.items()}
        for name, rows in found.items()
    }
    print(
        f"{datetime.now(UTC):%Y-%m-%d}, Rostra {version('rostra')}, Python "
        f"{platform.python_version()}, Django {version('django')}, {os.cpu_count()} cores, "
        f"load before {load:.1f}; every forum: the same {_posts():,} posts, 20 on a page\n"
    )
    names = list(speeds)
    print(f"| {'requests/s':18} | {' | '.join(f'{name:>8}' for name in names)} | Rostra : best |")
    print(f"|{'-' * 20}|{'|'.join('-' * 9 + ':' for _ in names)}|{'-' * 14}:|")
    for row in ROWS:
        best = max((speeds[name][row] for name in names[1:]), default=0.0)
        times = f"{speeds['Rostra'][row] / best:.1f}" if best else "-"
        cells = " | ".join(f"{speeds[name][row]:8,.0f}" for name in names)
        print(f"| {row:18} | {cells} | {times:>14} |")
    print()
    for name, rival in RIVALS.items():
        if name in speeds:
            print(f"- {name}: {_told(rival)}")
        elif name in failed:
            print(f"- {name}: {_told(rival)} could not be measured here: {failed[name]}")


def _told(rival: Rival) -> str:
    return f"{', '.join(rival.packages)} on Python {rival.python}, {rival.note}"


def _posts() -> Any:
    from rostra.forum.threads.models import Post

    return Post.objects.count()


if __name__ == "__main__":
    main()
