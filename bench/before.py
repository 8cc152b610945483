"""Thread pages before a commit and now: python -m bench.before REVISION [--posts N] [--rounds N].

The revision is checked out beside this checkout, and each builds the same forum with its own code.
Both serve it at once on one core; their pages are asked for in turns of a second, now the one first
and now the other, since a shared machine is now fast, now slow. Printed are the processor's
milliseconds of the serving process for a request, which others at work disturb least, and requests
a second: of each page the median of the rounds, and that of the rounds' own ratios. A page costs
what it cost where that is 1.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from bench.operator import family
from bench.speed import CLIENT_CORE, HOST, PORT, granian, serving

ROOT = Path(__file__).parents[1]
PAGES = (
    "guest, thread page kept",
    "guest, thread page afresh",
    "member, thread page",
    "member, thread page afresh",
)
TICKS = os.sysconf("SC_CLK_TCK")
# Asked in each checkout: by its own code, at its own addresses, as a member of its own forum.
ASK = """
import json, pathlib, sys
from bench import speed
speed.set_up(pathlib.Path(sys.argv[1]))
rows = [row for row in speed._rows() if row.name in sys.argv[2:]]
print(json.dumps([speed.signed_in(), [list(row) for row in rows]]))
"""


class Cost(NamedTuple):
    """What a page took: the processor's milliseconds for a request, and requests a second."""

    milliseconds: float
    a_second: float


class Side(NamedTuple):
    """A checkout that serves its forum: the members' cookie, its pages, and its servers by port."""

    cookie: str
    pages: dict[str, tuple[str, str, bool]]  # server, path, whether a member asks
    servers: dict[str, tuple[int, int]]  # port, process


def main() -> None:
    """Build, measure in turns, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("revision")
    parser.add_argument("--posts", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=9)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        before = stack.enter_context(_checked_out(args.revision, folder / "before"))
        trees = {"before": before, "now": ROOT}
        sides = {
            side: _side(stack, tree, folder / f"forum-{side}", args.posts, PORT + 10 * number)
            for number, (side, tree) in enumerate(trees.items())
        }
        rounds = [
            {page: {side: _asked(sides[side], page) for side in _turn(number)} for page in PAGES}
            for number in range(args.rounds + 1)
        ][1:]  # the first one warms up
    print(f"before {args.revision}: {args.posts:,} posts, {args.rounds} rounds")
    print(f"load after {os.getloadavg()[0]:.1f}\n")
    print("| page | CPU ms before | now | ratio | requests/s before | now | ratio |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for page in PAGES:
        print(f"| {page} | {_line([each[page] for each in rounds])} |")


@contextmanager
def _checked_out(revision: str, folder: Path) -> Iterator[Path]:
    git = ["git", "-C", str(ROOT), "worktree"]
    subprocess.run([*git, "add", "--quiet", "--detach", str(folder), revision], check=True)
    try:
        _run(folder, "-m", "rostra.project.translations")
        yield folder
    finally:
        subprocess.run([*git, "remove", "--force", str(folder)], check=True)


def _side(stack: ExitStack, tree: Path, forum: Path, posts: int, port: int) -> Side:
    """Have a checkout build its forum and serve it."""
    _run(tree, "-m", "bench.forum", str(posts), str(forum))
    cookie, rows = json.loads(_run(tree, "-c", ASK, str(forum), *PAGES).splitlines()[-1])
    pages = {name: (server, path, is_member) for name, server, path, is_member in rows}
    servers = {}
    for number, server in enumerate(sorted({page[0] for page in pages.values()}), port):
        command = (
            [sys.executable, "-m", "rostra.project.cli", "serve", "--no-jobs"]
            if server == "rostra"
            else granian(sys.executable, f"bench.apps:{server}", number)
        )
        environ = {
            **_environ(tree),
            "ROSTRA_DATA": str(forum),
            "ROSTRA_BASE_URL": f"http://{HOST}",
            "ROSTRA_REQUESTS_PER_MINUTE": "1000000",
            "ROSTRA_LISTEN": f"127.0.0.1:{number}",
            "ROSTRA_LOG_LEVEL": "error",
            "ROSTRA_WORKERS": "1",
            "DJANGO_SETTINGS_MODULE": "rostra.project.settings",
        }
        if (tree / "src/rostra/web/rush.py").exists():  # older ones know no such setting
            environ["ROSTRA_GUESTS_WAIT"] = "off"
        errors = forum.parent / f"errors-{number}.txt"
        running = serving(command, errors, cwd=tree, environ=environ, port=number)
        servers[server] = (number, stack.enter_context(running).pid)
    return Side(cookie, pages, servers)


def _run(tree: Path, *words: str) -> str:
    """Run this Python with a checkout's own code; return what it printed."""
    command = [sys.executable, *words]
    return subprocess.run(
        command, cwd=tree, env=_environ(tree), check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def _environ(tree: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": f"{tree}{os.pathsep}{tree / 'src'}"}


def _turn(number: int) -> list[str]:
    return ["before", "now"] if number % 2 else ["now", "before"]


def _asked(side: Side, page: str) -> Cost:
    """Ask for a page for a second."""
    server, path, is_member = side.pages[page]
    port, process = side.servers[server]
    cookie = ["-H", f"Cookie: {side.cookie}"] if is_member else []
    began = _ticks(process)
    done = subprocess.run(
        ["taskset", "-c", CLIENT_CORE, "wrk", "-t1", "-c4", "-d1s", "-H", f"Host: {HOST}", *cookie,
         f"http://localhost:{port}{path}"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    spent = _ticks(process) - began
    answers = re.search(r"(\d+) requests in", done)
    speed = re.search(r"Requests/sec:\s+([\d.]+)", done)
    if "Non-2xx" in done or answers is None or speed is None:
        raise SystemExit(f"{path}: {done}")
    return Cost(1000 * spent / TICKS / int(answers[1]), float(speed[1]))


def _ticks(process: int) -> int:
    """Return how long a server and all that it started have had the processor."""
    total = 0
    for pid in family(process):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total


def _line(rounds: list[dict[str, Cost]]) -> str:
    found = []
    for field, form in (("milliseconds", ".3f"), ("a_second", ",.0f")):
        pairs = [(getattr(each["before"], field), getattr(each["now"], field)) for each in rounds]
        old, new = (statistics.median(values) for values in zip(*pairs, strict=True))
        ratio = statistics.median(now / before for before, now in pairs)
        found += [format(old, form), format(new, form), f"{ratio:.2f}"]
    return " | ".join(found)


if __name__ == "__main__":
    main()
