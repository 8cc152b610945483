"""REL-044: programs read the whole forum from thousands of addresses; members notice nothing."""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from bench.faults.place import ROOT, Drill, child, ended

POSTS = 10_000
AT_ONCE = 200  # connections of the programs
SLOWEST = 1000.0  # milliseconds, for 99 of 100 pages of a member
OVER_WITHIN = 30.0  # seconds
FREE = ("/robots.txt", "/sitemap.xml", "/")
ASK = """
import json, pathlib, sys
from bench import speed
speed.set_up(pathlib.Path(sys.argv[1]))
from rostra.kernel import dialect
from rostra.web import addresses
found = dialect.rows("SELECT id, title, last_number FROM threads_thread ORDER BY id")
pages = [
    addresses.thread(pk, title, page) for pk, title, last in found
    for page in range(1, (last + 19) // 20 + 1)
]
print(json.dumps([speed.signed_in(), pages]))
"""


def run(drill: Drill) -> dict[str, Any]:
    """Send a storm of so many thousand addresses as there are rounds, with guests waiting."""
    _rostra_of(drill, "-m", "bench.forum", str(POSTS), str(drill.data))
    found = _rostra_of(drill, "-c", ASK, str(drill.data))
    cookie, pages = json.loads(found.splitlines()[-1])
    # Hardly a page is kept, as of a forum that is much larger.
    environ = {
        "ROSTRA_GUESTS_WAIT": "on", "ROSTRA_KEPT_PAGES": "1",
        "ROSTRA_TRUSTED_PROXIES": "127.0.0.0/8",
    }  # fmt: skip
    file = drill.folder / "storm.json"
    with drill.serving("--no-jobs", ROSTRA_LOG_LEVEL="warning", **environ):
        storm = child(_storm, drill.port, pages, drill.rounds * 1000, drill.seed, file)
        waits, wrong = _read_as_member(drill, cookie, pages, file)
        drill.need(ended(storm) == 0, "the storm ended in an error")
        over = _until_over(drill, pages)
    answers = Counter(dict(json.loads(file.read_text())["answers"]))
    drill.need(not wrong, f"a member or a program that may got {wrong[:5]}")
    drill.need(set(answers) <= {"200", "503"}, f"the programs got {answers}")
    drill.need(answers["503"] > 0, f"nobody waited: {answers}")
    p99 = round(waits[int(len(waits) * 0.99)], 1)
    drill.need(p99 <= SLOWEST, f"members waited {p99} ms")
    log = (drill.folder / "server.log").read_text()
    drill.need(log.count("a rush:") == log.count("rush is over") == 1, log[-300:])
    return {
        "addresses": drill.rounds * 1000, "asked": answers.total(), "made": answers["200"],
        "waited": answers["503"], "member_pages": len(waits),
        "member_p50_ms": round(waits[len(waits) // 2], 1), "member_p99_ms": p99,
        "over_after_s": round(over, 1),
    }  # fmt: skip


def _rostra_of(drill: Drill, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=False, timeout=300
    )
    drill.need(done.returncode == 0, done.stderr[-300:])
    return done.stdout


def _read_as_member(
    drill: Drill, cookie: str, pages: list[str], until: Path
) -> tuple[list[float], list[object]]:
    """Read as one member does who is in a hurry, until the storm is over: milliseconds, sorted."""
    waits, wrong = [], []
    while not until.exists():
        began = time.monotonic()
        status, text = drill.get(drill.random.choice(pages), Cookie=cookie)
        waits.append((time.monotonic() - began) * 1000)
        if status != 200 or "/account/logout" not in text:
            wrong.append(status)
        if len(waits) % 20 == 0:
            wrong += [(path, got) for path in FREE if (got := drill.get(path)[0]) != 200]
        time.sleep(0.05)
    return sorted(waits), wrong


def _until_over(drill: Drill, pages: list[str]) -> float:
    """Return after how many seconds a guest need not wait any more."""
    began = time.monotonic()
    # With a query no page is kept.
    while drill.get(f"{drill.random.choice(pages)}?anew")[0] != 200:
        drill.need(time.monotonic() - began < OVER_WITHIN, "guests still wait")
        time.sleep(1.0)
    return time.monotonic() - began


def _storm(port: int, pages: list[str], addresses: int, seed: int, file: Path) -> None:
    chance = random.Random(seed)
    wanted = [
        (f"198.{18 + (n >> 16)}.{n >> 8 & 255}.{n & 255}", chance.randint(1, 3))
        for n in range(addresses)
    ]
    answers: Counter[str] = Counter()

    async def crawl() -> None:
        while wanted:
            address, times = wanted.pop()
            for _ in range(times):
                path = chance.choice(pages)
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(
                    f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nX-Forwarded-For: {address}"
                    "\r\nAccept: text/html\r\nConnection: close\r\n\r\n".encode()
                )
                answer = await reader.read(-1)
                writer.close()
                answers[answer[9:12].decode() or "none"] += 1

    async def all_at_once() -> None:
        await asyncio.gather(*(crawl() for _ in range(AT_ONCE)))

    asyncio.run(all_at_once())
    whole = file.with_suffix(".part")
    whole.write_text(json.dumps({"answers": sorted(answers.items())}))
    whole.rename(file)
