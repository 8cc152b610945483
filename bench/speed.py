"""Requests a second on one core: python -m bench.speed FOLDER [--seconds S] [--rounds N].

FOLDER holds a forum of `bench.forum`. Each answer is asked for by wrk with 16 connections from
another core. A shared machine is now fast, now slow: all servers stand ready at once on the same
core, the rows are measured in short turns, round after round, and each row keeps the median of its
speeds and of its ratios to the ceilings of the same round. With --writes N a process on the
client's core posts N replies a second into other threads and boards meanwhile (they stay in the
forum: measure on a copy); --json FILE keeps the figures for `bench.plot`.
"""

from __future__ import annotations

import argparse
import json
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
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

SERVER_CORE, CLIENT_CORE = "0", "1"
CONNECTIONS = 16
PORT = 8765  # of the first server; each further one has the next
HOST = f"localhost:{PORT}"
ROSTRA = [sys.executable, "-m", "rostra.project.cli", "serve", "--no-jobs"]
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
    parser.add_argument("--seconds", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--writes", type=float, default=0, help="replies a second meanwhile")
    parser.add_argument("--json", type=Path, help="a file to write the figures to")
    args = parser.parse_args()
    set_up(args.folder)
    cookie, rows = signed_in(), _rows()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["BENCH_BODY"] = str(folder / "page.html")
        with _served("rostra", folder, PORT):
            body = asked(rows[0].path)
        (folder / "page.html").write_bytes(body)
        head = _head(len(body), args.writes)
        print(_title(head))
        with ExitStack() as stack:
            ports = {}
            for port, server in enumerate(dict.fromkeys(row.server for row in rows), PORT):
                process = stack.enter_context(_served(server, folder, port))
                ports[server] = port
                if server == "rostra":
                    rostra = process
            stack.enter_context(_writing(args, rows) if args.writes else nullcontext())
            rounds = [
                {
                    row.name: wrk(
                        row.path, args.seconds, cookie if row.is_member else "", ports[row.server]
                    )
                    for row in rows
                }
                for _ in range(args.rounds + 1)
            ][1:]  # the first one warms up
            memory = _resident_mb(rostra)
    found = [_figures(row.name, rounds) for row in rows]
    _print_table(found)
    print(f"\nOne worker after all this: {memory:.0f} MB resident")
    if args.json:
        kept = {**head, "resident_mb": round(memory), "rows": found}
        args.json.write_text(json.dumps(kept, indent=1))


def set_up(forum: Path) -> None:
    """Set Django up for the forum in a folder, with the settings that it is measured under."""
    os.environ |= {
        "ROSTRA_DATA": str(forum.absolute()),
        "ROSTRA_BASE_URL": f"http://{HOST}",
        "ROSTRA_REQUESTS_PER_MINUTE": "1000000",
        "ROSTRA_GUESTS_WAIT": "off",
        "ROSTRA_POSTING_LIMITS": "off",
        "ROSTRA_LISTEN": f"127.0.0.1:{PORT}",
        "ROSTRA_LOG_LEVEL": "error",
        "ROSTRA_WORKERS": "1",
        "DJANGO_SETTINGS_MODULE": "rostra.project.settings",
    }
    import django

    django.setup()


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
    # The fiftieth page is the last that is numbered; a forum of less than 10,000 posts has fewer.
    numbered = min(50, page_count(Thread.objects.filter(board=large).count()))
    older = query.key_text(Key(oldest.bumped_at, oldest.pk))
    return [
        Row("guest, thread page kept", "rostra", thread),
        Row("ceiling: bare WSGI answer of that size", "bare", "/"),
        Row("ceiling: nginx, file of that size", "nginx", "/page.html"),
        Row("ceiling: Django's empty view, guest", "empty", "/empty"),
        Row("ceiling: Django's empty view, member", "empty", "/empty", True),
        Row("guest, front page kept", "rostra", "/"),
        Row("guest, board page kept", "rostra", board),
        Row("guest, poll of an open thread", "rostra", f"/live?thread={middle.pk}&after=9"),
        Row("member, poll of an open thread", "rostra", f"/live?thread={middle.pk}&after=9", True),
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
        Row(f"member, large board, page {numbered}", "rostra", f"{board}?page={numbered}", True),
        Row("member, large board, oldest page", "rostra", f"{board}?older={older}", True),
    ]


def signed_in() -> str:
    """Return a plain member's cookies: of the session, and of the forms that were sent before."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.middleware.csrf import CSRF_SECRET_LENGTH
    from django.utils.crypto import get_random_string

    from rostra.forum.members.models import Member
    from rostra.forum.members.sessions import SessionStore

    member = Member.objects.order_by("id")[7]
    session = SessionStore()
    session[SESSION_KEY] = str(member.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = member.get_session_auth_hash()
    session.save()
    secret = get_random_string(CSRF_SECRET_LENGTH)
    return (
        f"{settings.SESSION_COOKIE_NAME}={session.session_key}; "
        f"{settings.CSRF_COOKIE_NAME}={secret}"
    )


@contextmanager
def _served(server: str, folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Have a server of the table run as long as this lasts."""
    environ = {**os.environ, "ROSTRA_LISTEN": f"127.0.0.1:{port}"}
    if server == "nginx":
        (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port))
        command = [shutil.which("nginx") or "nginx", "-c", str(folder / "nginx.conf")]
        folder.chmod(0o755)
    elif server == "rostra":
        command = ROSTRA
    else:
        command = granian(sys.executable, f"bench.apps:{server}", port)
    errors = folder / f"errors-{server}.txt"
    with serving(command, errors, environ=environ, port=port) as process:
        yield process


def granian(python: str, application: str, port: int = PORT) -> list[str]:
    """Return the command that serves a WSGI application as `rostra serve` does ours."""
    return [
        *(python, "-m", "granian", "--interface", "wsgi", "--port", str(port)),
        *("--workers", "1", "--blocking-threads", "4", "--log-level", "error"),
        *("--http1-pipeline-flush", application),
    ]


@contextmanager
def serving(
    command: list[str],
    errors: Path,
    *,
    cwd: Path | None = None,
    environ: dict[str, str] | None = None,
    port: int = PORT,
) -> Iterator[subprocess.Popen[bytes]]:
    """Have a server run on one core as long as this lasts; what it complains of goes to a file."""
    with errors.open("wb") as file:
        process = subprocess.Popen(
            ["taskset", "-c", SERVER_CORE, *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=file,
            start_new_session=True,
            cwd=cwd,
            env=environ,
        )
    try:
        if not _is_up(process, port):
            raise SystemExit(f"{command[-1]} did not start: {errors.read_text()[-2000:]}")
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, 15)
        process.wait()


def _is_up(process: subprocess.Popen[bytes], port: int) -> bool:
    """Wait until our server answers; whoever else listens there must not be measured for it."""
    for _ in range(300):
        if process.poll() is not None:
            return False
        try:
            urllib.request.urlopen(f"http://localhost:{port}/", timeout=5).read()
        except urllib.error.HTTPError:
            return True
        except OSError:
            time.sleep(0.1)
        else:
            return True
    return False


def asked(path: str, cookie: str = "") -> bytes:
    """Return the body that the server gives at a path."""
    headers = {"Cookie": cookie} if cookie else {}
    request = urllib.request.Request(f"http://{HOST}{path}", headers=headers)
    found: bytes = urllib.request.urlopen(request, timeout=30).read()  # noqa: S310
    return found


def wrk(path: str, seconds: float, cookie: str = "", port: int = PORT) -> float:
    """Return requests a second, of a guest or with a cookie; stops where an answer is not 200."""
    lasting = f"-d{max(1, round(seconds))}s"
    headers = ["-H", f"Host: {HOST}", *(["-H", f"Cookie: {cookie}"] if cookie else [])]
    done = subprocess.run(
        ["taskset", "-c", CLIENT_CORE, "wrk", "-t1", f"-c{CONNECTIONS}", lasting, *headers,
         f"http://localhost:{port}{path}"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    if "Non-2xx" in done.stdout:
        raise SystemExit(f"{path}: {done.stdout}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    if found is None:
        raise SystemExit(done.stdout + done.stderr)
    return float(found[1])


@contextmanager
def _writing(args: argparse.Namespace, rows: list[Row]) -> Iterator[None]:
    """Have a process post replies elsewhere than the rows look, as long as this lasts."""
    threads = re.findall(r"/threads/(\d+)", " ".join(row.path for row in rows))
    writer = subprocess.Popen(
        ["taskset", "-c", CLIENT_CORE, sys.executable, "-m", "bench.writes",
         str(args.folder), str(args.writes), *dict.fromkeys(threads)],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert writer.stdout is not None
        writer.stdout.readline()  # it tells when it has posted for the first time
        yield
        if writer.poll() is not None:
            raise SystemExit("who writes has ended before the measuring did")
    finally:
        writer.terminate()
        writer.wait()


def _resident_mb(process: subprocess.Popen[bytes]) -> float:
    """Return the resident memory of the largest process below the server's."""
    from bench.operator import family

    sizes = []
    for pid in family(process.pid):
        status = Path(f"/proc/{pid}/status").read_text()
        sizes += [int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")]
    return max(sizes) / 1024


def _head(size: int, writes: float) -> dict[str, Any]:
    """Return what was measured, by what: the forum's posts, the versions, the machine."""
    from rostra.forum.threads.models import Post

    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "rostra": version("rostra"),
        "python": platform.python_version(),
        "django": version("django"),
        "granian": version("granian"),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "posts": Post.objects.count(),
        "page_bytes": size,
        "writes_a_second": writes,
    }


def _title(head: dict[str, Any]) -> str:
    meanwhile = f", {head['writes_a_second']:g} replies a second" if head["writes_a_second"] else ""
    return (
        f"{head['date']}, Rostra {head['rostra']}, Python {head['python']}, "
        f"Django {head['django']}, Granian {head['granian']}, "
        f"{head['cores']} cores, load before {head['load']:.1f}\n"
        f"{head['posts']:,} posts; thread page of {head['page_bytes']:,} bytes{meanwhile}\n"
    )


def _figures(name: str, rounds: list[dict[str, float]]) -> dict[str, Any]:
    """Return a row's requests a second, and their ratio to the two ceilings of the same round."""

    def of(ceiling: str) -> float:
        return round(statistics.median(each[name] / each[ceiling] for each in rounds), 3)

    return {
        "name": name,
        "requests_per_second": round(statistics.median(each[name] for each in rounds), 1),
        "of_bare": of("ceiling: bare WSGI answer of that size"),
        "of_empty": of("ceiling: Django's empty view, guest"),
    }


def _print_table(found: list[dict[str, Any]]) -> None:
    print(f"| {'what answers':40} | {'requests/s':>10} | {'of bare':>7} | {'of empty':>8} |")
    print(f"|{'-' * 42}|{'-' * 11}:|{'-' * 8}:|{'-' * 9}:|")
    for row in found:
        speed, bare, empty = row["requests_per_second"], row["of_bare"], row["of_empty"]
        print(f"| {row['name']:40} | {speed:10,.0f} | {bare:7.2f} | {empty:8.2f} |")


if __name__ == "__main__":
    main()
