"""Requests a second on one core: python -m bench.speed FOLDER [--seconds S] [--rounds N].

FOLDER holds a forum of `bench.forum`. Each answer is asked for by wrk with 16 connections from
another core; the rows are measured in turn, round after round, so that what else the machine does
falls on all of them, and each row keeps its median.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

SERVER_CORE, CLIENT_CORE = "0", "1"
CONNECTIONS = 16
PORT = 8765
HOST = f"localhost:{PORT}"
NGINX = """
worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log /dev/null;
events {{ worker_connections 256; }}
http {{ access_log off; sendfile on; server {{ listen 127.0.0.1:{port}; root {folder}; }} }}
"""


class Row(NamedTuple):
    """One line of the table: what is asked of which server, with whose cookie."""

    name: str
    server: str
    path: str
    is_member: bool = False


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    os.environ |= {
        "ROSTRA_DATA": str(args.folder.absolute()),
        "ROSTRA_BASE_URL": f"http://{HOST}",
        "ROSTRA_REQUESTS_PER_MINUTE": "1000000",
        "ROSTRA_LISTEN": f"127.0.0.1:{PORT}",
        "ROSTRA_LOG_LEVEL": "error",
        "ROSTRA_WORKERS": "1",
        "DJANGO_SETTINGS_MODULE": "rostra.project.settings",
    }
    import django

    django.setup()
    cookie, rows = _signed_in(), _rows()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["BENCH_BODY"] = str(folder / "page.html")
        with _served("rostra", folder):
            body = _body(rows[0].path)
        (folder / "page.html").write_bytes(body)
        _print_head(args.folder, len(body))
        speeds: dict[str, list[float]] = {row.name: [] for row in rows}
        memory = 0.0
        for _ in range(args.rounds):
            for server in dict.fromkeys(row.server for row in rows):
                with _served(server, folder) as process:
                    for row in (row for row in rows if row.server == server):
                        headers = ["-H", f"Cookie: {cookie}"] if row.is_member else []
                        _wrk(row.path, 0.5, headers)
                        speeds[row.name].append(_wrk(row.path, args.seconds, headers))
                    if server == "rostra":
                        memory = max(memory, _resident_mb(process))
    _print_table(rows, {name: statistics.median(found) for name, found in speeds.items()})
    print(f"\nOne worker after all this: {memory:.0f} MB resident")


def _rows() -> list[Row]:
    """Return what is measured, at the addresses of this forum."""
    from rostra.forum.boards.models import Board
    from rostra.forum.threads.listing import Key
    from rostra.forum.threads.models import Thread
    from rostra.kernel.paging import page_count
    from rostra.web import addresses, query

    long = Thread.objects.order_by("-last_number")[0]
    middle = Thread.objects.filter(last_number__gte=20).exclude(pk=long.pk).order_by("id")[0]
    large = Board.objects.get(title="Board 1")
    oldest = Thread.objects.filter(board=large).order_by("bumped_at", "id")[20]
    thread = addresses.thread(middle.pk, middle.title)
    board = addresses.board(large.pk, large.title)
    last_page = addresses.thread(long.pk, long.title, page_count(long.last_number))
    older = query.key_text(Key(oldest.bumped_at, oldest.pk))
    return [
        Row("guest, thread page kept", "rostra", thread),
        Row("ceiling: bare WSGI answer of that size", "bare", "/"),
        Row("ceiling: nginx, file of that size", "nginx", "/page.html"),
        Row("ceiling: Django's empty view, guest", "empty", "/empty"),
        Row("ceiling: Django's empty view, member", "empty", "/empty", True),
        Row("guest, front page kept", "rostra", "/"),
        Row("guest, board page kept", "rostra", board),
        Row("guest, thread page afresh", "afresh", thread),
        Row("member, thread page afresh", "afresh", thread, True),
        Row("member, thread page", "rostra", thread, True),
        Row("member, front page", "rostra", "/", True),
        Row("member, board page", "rostra", board, True),
        Row("member, What's new", "rostra", "/whats-new", True),
        Row(
            "member, long thread, first page", "rostra", addresses.thread(long.pk, long.title), True
        ),
        Row("member, long thread, last page", "rostra", last_page, True),
        Row("member, large board, page 50", "rostra", f"{board}?page=50", True),
        Row("member, large board, oldest page", "rostra", f"{board}?older={older}", True),
    ]


def _signed_in() -> str:
    """Return the cookie of a plain member's session."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from rostra.forum.members.models import Member
    from rostra.forum.members.sessions import SessionStore

    member = Member.objects.order_by("id")[7]
    session = SessionStore()
    session[SESSION_KEY] = str(member.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = member.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


@contextmanager
def _served(server: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Have a server run on one core as long as this lasts."""
    if server == "nginx":
        (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=PORT))
        command = [shutil.which("nginx") or "nginx", "-c", str(folder / "nginx.conf")]
        folder.chmod(0o755)
    elif server == "rostra":
        command = [sys.executable, "-m", "rostra.project.cli", "serve", "--no-jobs"]
    else:
        command = [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(PORT)),
            *("--workers", "1", "--blocking-threads", "4", "--log-level", "error"),
            *("--http1-pipeline-flush", f"bench.apps:{server}"),
        ]
    process = subprocess.Popen(
        ["taskset", "-c", SERVER_CORE, *command],
        stdout=subprocess.DEVNULL,
        stderr=(folder / "errors.txt").open("wb"),
        start_new_session=True,
    )
    try:
        if not _is_up():
            raise SystemExit(f"{server} did not start: {(folder / 'errors.txt').read_text()}")
        yield process
    finally:
        os.killpg(process.pid, 15)
        process.wait()


def _is_up() -> bool:
    for _ in range(300):
        try:
            urllib.request.urlopen(f"http://{HOST}/", timeout=5).read()
        except urllib.error.HTTPError:
            return True
        except OSError:
            time.sleep(0.1)
        else:
            return True
    return False


def _body(path: str) -> bytes:
    found: bytes = urllib.request.urlopen(f"http://{HOST}{path}", timeout=10).read()
    return found


def _wrk(path: str, seconds: float, headers: list[str]) -> float:
    """Return requests a second; stops where an answer is not 200."""
    lasting = f"-d{max(1, round(seconds))}s"
    done = subprocess.run(
        ["taskset", "-c", CLIENT_CORE, "wrk", "-t1", f"-c{CONNECTIONS}", lasting, *headers,
         f"http://{HOST}{path}"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    if "Non-2xx" in done.stdout:
        raise SystemExit(f"{path}: {done.stdout}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    if found is None:
        raise SystemExit(done.stdout + done.stderr)
    return float(found[1])


def _resident_mb(process: subprocess.Popen[bytes]) -> float:
    """Return the resident memory of the largest process below the server's."""
    from bench.operator import family

    sizes = []
    for pid in family(process.pid):
        status = Path(f"/proc/{pid}/status").read_text()
        sizes += [int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")]
    return max(sizes) / 1024


def _print_head(forum: Path, size: int) -> None:
    from rostra.forum.threads.models import Post

    print(
        f"{datetime.now(UTC):%Y-%m-%d}, Rostra {version('rostra')}, Python "
        f"{platform.python_version()}, Django {version('django')}, Granian {version('granian')}, "
        f"{os.cpu_count()} cores, load before {os.getloadavg()[0]:.1f}\n"
        f"{Post.objects.count():,} posts; thread page of {size:,} bytes\n"
    )


def _print_table(rows: list[Row], speeds: dict[str, float]) -> None:
    bare = speeds["ceiling: bare WSGI answer of that size"]
    empty = speeds["ceiling: Django's empty view, guest"]
    print(f"| {'what answers':40} | {'requests/s':>10} | {'of bare':>7} | {'of empty':>8} |")
    print(f"|{'-' * 42}|{'-' * 11}:|{'-' * 8}:|{'-' * 9}:|")
    for row in rows:
        speed = speeds[row.name]
        print(f"| {row.name:40} | {speed:10,.0f} | {speed / bare:7.2f} | {speed / empty:8.2f} |")


if __name__ == "__main__":
    main()
