"""Lighthouse over the demo forum: python -m bench.lighthouse [--folder FOLDER] [--times N].

Serves the demo on a free port from a temporary folder, has Lighthouse (installed from npm into
FOLDER, by default a temporary one) visit the front, a board and a thread page in Debian's Chromium,
and prints the scores and every audit below 1. A page keeps the median of its visits' scores.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

LIGHTHOUSE = "lighthouse@12.8.2"  # the last that Debian's Node 20 runs
CHROMIUM = "/usr/bin/chromium"
# As the journeys of the tests start it (tests/journeys/conftest.py), without a window.
FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
)
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")


def main() -> None:
    """Install, visit, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="where Lighthouse is, or shall be, installed")
    parser.add_argument("--times", type=int, default=3, help="visits of each page")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        program = installed(args.folder or folder / "npm")
        with demo(folder) as url:
            visits = {
                page: [_visited(program, address, folder) for _ in range(args.times)]
                for page, address in pages(url).items()
            }
    _print_scores(visits)
    _print_below(visits)


def installed(folder: Path) -> Path:
    """Return Lighthouse's program in a folder, installed there if it is not yet."""
    program = folder.absolute() / "node_modules/.bin/lighthouse"
    if not program.exists():
        folder.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--silent", "--no-audit", "--no-fund", LIGHTHOUSE]
        subprocess.run(command, cwd=folder, check=True, timeout=600, stdin=subprocess.DEVNULL)
    return program


@contextmanager
def demo(folder: Path) -> Iterator[str]:
    """Have the demo forum served as long as this lasts; gives its address."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
    url = f"http://localhost:{port}"
    environ = os.environ | {
        "ROSTRA_DATA": str(folder / "forum"),
        "ROSTRA_LISTEN": f"127.0.0.1:{port}",
        "ROSTRA_BASE_URL": url,
        "ROSTRA_REQUESTS_PER_MINUTE": "1000000",
        "ROSTRA_GUESTS_WAIT": "off",
    }
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "rostra.project.cli", "serve", "--demo"],
            env=environ, cwd=folder, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    try:
        for _ in range(240):
            try:
                _text(f"{url}/health/live")
                break
            except OSError:
                time.sleep(0.5)
        else:
            raise SystemExit((folder / "server.log").read_text())
        yield url
    finally:
        server.terminate()
        server.wait(20)


def pages(url: str) -> dict[str, str]:
    """Return the addresses of the front page, its first board, and that board's longest thread."""
    front = _text(f"{url}/")
    board = urljoin(url, _links(front, "boards")[0])
    thread = urljoin(url, _links(_text(board), "threads")[0])
    return {"front": f"{url}/", "board": board, "thread": thread}


def _links(page: str, kind: str) -> list[str]:
    found = re.findall(rf'href="((?:https?://[^/"]+)?/{kind}/[^"?#]+)"', page)
    if not found:
        raise SystemExit(f"no link to /{kind}/ on the page")
    return found


def _text(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 (our own)
        found: bytes = answer.read()
    return found.decode()


def _visited(program: Path, url: str, folder: Path) -> dict[str, Any]:
    """Return Lighthouse's report on one visit."""
    report = folder / "report.json"
    command = [
        *(str(program), url, "--quiet", "--output=json", f"--output-path={report}"),
        *(f"--chrome-flags={FLAGS}", f"--only-categories={','.join(CATEGORIES)}"),
    ]
    environ = os.environ | {"CHROME_PATH": CHROMIUM}
    with (folder / "lighthouse.log").open("wb") as log:
        done = subprocess.run(
            command, env=environ, cwd=folder, stdout=log, stderr=log,
            stdin=subprocess.DEVNULL, timeout=180, check=False,
        )  # fmt: skip
    if done.returncode or not report.exists():
        raise SystemExit((folder / "lighthouse.log").read_text())
    found: dict[str, Any] = json.loads(report.read_text())
    report.unlink()
    return found


def _print_scores(visits: dict[str, list[dict[str, Any]]]) -> None:
    print(f"{LIGHTHOUSE}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    print(f"| page   | {' | '.join(CATEGORIES)} |")
    print(f"|--------|{'|'.join('-' * (len(name) + 1) + ':' for name in CATEGORIES)}|")
    for page, reports in visits.items():
        cells = []
        for name in CATEGORIES:
            found = [report["categories"][name]["score"] or 0 for report in reports]
            cells.append(f"{100 * statistics.median(found):{len(name)}.0f}")
        print(f"| {page:6} | {' | '.join(cells)} |")


def _print_below(visits: dict[str, list[dict[str, Any]]]) -> None:
    """Print every audit that one of the visits of a page gave less than 1, with its reason."""
    print("\nAudits below 1 (the least of the visits):\n")
    for page, reports in visits.items():
        worst: dict[str, dict[str, Any]] = {}
        for report in reports:
            for name, audit in report["audits"].items():
                score = audit.get("score")
                if score is not None and score < worst.get(name, {"score": 1})["score"]:
                    worst[name] = audit
        for name, audit in sorted(worst.items()):
            said = audit.get("displayValue") or audit["title"]
            print(f"- {page}: {name} {audit['score']:.2f}: {said}{_where(audit)}")
        if not worst:
            print(f"- {page}: none")


def _where(audit: dict[str, Any]) -> str:
    """Return the first things that an audit points at: an element, or an address."""
    items = (audit.get("details") or {}).get("items") or []
    found = []
    for item in items[:3]:
        if isinstance(item, dict):
            node = item.get("node") or {}
            label = node.get("snippet") or item.get("url") or item.get("description")
            if isinstance(label, str):
                found.append(label[:120])
    return f" ({'; '.join(found)})" if found else ""


if __name__ == "__main__":
    main()
