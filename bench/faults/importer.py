"""REL-056: an import killed at many points, begun again each time; the same as one that was not."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from bench.faults.place import Drill, Failed


def run(drill: Drill) -> dict[str, Any]:
    """Import a group of messages in two forums, one of which is killed again and again."""
    source = drill.folder / "group"
    source.mkdir()
    count = 300 + 100 * drill.rounds
    for n in range(count):
        (source / f"{n:05}").write_bytes(_message(n))
    forums = []
    for name in ("whole", "killed"):
        place = drill.folder / name
        environ = os.environ | {"ROSTRA_DATA": str(place)}
        if drill.database == "postgresql":
            environ["DATABASE_URL"] = drill.new_database()
        done = drill.rostra("manage", "migrate", "-v0", env=environ)
        drill.need(done.returncode == 0, done.stderr[-300:])
        forums.append(environ)
    words = ("import", "usenet", str(source), "--quiet", "--json")
    began = time.monotonic()
    done = drill.rostra(*words, env=forums[0])
    seconds = time.monotonic() - began
    drill.need(done.returncode == 0, done.stderr[-300:])
    kills = 0
    for _ in range(drill.rounds):
        process = subprocess.Popen(
            [sys.executable, "-m", "rostra.project.cli", *words], env=forums[1],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        try:
            process.wait(drill.random.uniform(0.3, 0.9) * seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            kills += 1
        process.wait()
    again = [drill.rostra(*words, env=forums[1]) for _ in range(2)]
    drill.need(all(one.returncode == 0 for one in again), again[0].stderr[-300:])
    second = json.loads(again[1].stdout)
    drill.need(second["counts"]["post"]["written"] == 0, "a second run wrote something")
    for environ in forums:
        clean = drill.rostra("doctor", env=environ)
        drill.need(clean.stdout == "clean\n", clean.stdout + clean.stderr[-200:])
    one, two = (
        _digest(drill, environ, drill.folder / f"out{n}") for n, environ in enumerate(forums)
    )
    drill.need(one == two, f"what came of it differs: {[k for k in one if one[k] != two.get(k)]}")
    return {"kills": kills, "messages": count, "same": True}


def _message(n: int) -> bytes:
    """A message; every third begins a thread, the others answer it."""
    first = n - n % 3
    lines = [f"From: person{n % 17}@example.org (Person {n % 17})", "Newsgroups: talk.barrier",
             f"Date: Sun, {1 + n % 27} Mar 2020 10:{n % 60:02}:00 +0000",
             f"Message-ID: <m{n}@example.org>",
             f"Subject: {'' if n == first else 'Re: '}Question {first}"]  # fmt: skip
    if n != first:
        lines.append(f"References: <m{first}@example.org>")
    return "\n".join([*lines, "", f"What I say is number {n}.", "> and quoted", ""]).encode()


def _digest(drill: Drill, environ: dict[str, str], place: Path) -> dict[str, Any]:
    done = drill.rostra("export", "archive", place, "--quiet", env=environ)
    if done.returncode:
        raise Failed(done.stderr[-300:])
    found: dict[str, Any] = json.loads((place / "archive.json").read_text())["files"]
    # A killed run may have taken numbers, which are given once: all but them is compared.
    del found["posts"], found["old_ids"]
    if environ.get("DATABASE_URL"):
        import psycopg

        with psycopg.connect(environ["DATABASE_URL"]) as connection:
            found["words"] = connection.execute(_WORDS).fetchall()
    else:
        with closing(sqlite3.connect(Path(environ["ROSTRA_DATA"]) / "rostra.sqlite3")) as database:
            found["words"] = database.execute(_WORDS).fetchall()
    shutil.rmtree(place)
    return found


_WORDS = """
SELECT t.title, p.number, p.source, p.html, p.state, p.created_at, m.name
FROM threads_post p JOIN threads_thread t ON t.id = p.thread_id
LEFT JOIN members_member m ON m.id = p.author_id ORDER BY t.title, p.number
"""
