"""A forum of its own for a drill, in this process and in children of it."""

from __future__ import annotations

import json
import os
import random
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[2]
WHY = "Done by a drill, in public as all else."


class Failed(Exception):
    """A drill found something; the argument says what."""


class Unfit(Exception):
    """This machine lacks something that the drill needs; the argument says what."""


class Drill:
    """What a drill is given: a folder, a database, how many rounds, and a seed."""

    def __init__(self, database: str, rounds: int, seed: int) -> None:
        self.database, self.rounds, self.seed = database, rounds, seed
        self.random = random.Random(seed)
        memory = Path("/dev/shm")  # noqa: S108 (a disk as fast as memory, where there is one)
        where = memory if os.access(memory, os.W_OK) else None
        self.folder = Path(tempfile.mkdtemp(prefix="rostra-drill-", dir=where))
        self.data = self.folder / "var"
        self._made: list[tuple[str, str]] = []
        self.port = _free_port()
        os.environ.update(
            ROSTRA_DATA=str(self.data),
            ROSTRA_LOG_LEVEL="error",
            ROSTRA_POSTING_LIMITS="off",
            ROSTRA_GUESTS_WAIT="off",
            ROSTRA_LISTEN=f"127.0.0.1:{self.port}",
            ROSTRA_BASE_URL=f"http://localhost:{self.port}",
            PYTHONPATH=os.pathsep.join([str(ROOT), str(ROOT / "src")]),
            DATABASE_URL=self.new_database() if database == "postgresql" else "",
        )
        for name in ("ROSTRA_CONFIG", "DJANGO_SETTINGS_MODULE"):
            os.environ.pop(name, None)
        os.chdir(self.folder)  # no rostra.toml lies here

    def new_database(self) -> str:
        """Make a database where ROSTRA_TEST_DATABASE_URL leads; return its address."""
        server = os.environ.get("ROSTRA_TEST_DATABASE_URL")
        if not server:
            raise Unfit("ROSTRA_TEST_DATABASE_URL names no server of PostgreSQL")
        import psycopg

        name = f"drill_{os.getpid()}_{secrets.token_hex(4)}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        self._made.append((server, name))
        return urlsplit(server)._replace(path=f"/{name}").geturl()

    def set_up(self) -> dict[str, int]:
        """Make the forum of the tests' cast; return ids by name. No connection stays open."""
        from rostra.project.cli.base import ready

        ready(migrate=True)

        def build() -> dict[str, int]:
            from tests.cast import assemble

            cast = assemble()
            from rostra.forum.members.ties import set_tie
            from rostra.kernel.jobs import run_due

            # So that they may write to one another from their first day on.
            for one, other in ((cast.quay, cast.hill), (cast.hill, cast.quay)):
                set_tie(one.pk, other.pk, "follow")

            while run_due():
                pass
            return {
                "barrier": cast.barrier.pk, "harbour": cast.harbour.pk, "region": cast.region.pk,
                "quay": cast.quay.pk, "hill": cast.hill.pk, "mod": cast.mod.pk,
                "ada": cast.admin.pk,
            }  # fmt: skip

        close_all()
        # Known before the first child is made, so that each need not find it anew.
        import tests.cast  # noqa: F401

        made: dict[str, int] = in_child(build)
        return made

    def close(self) -> None:
        """Remove everything that was made."""
        os.chdir("/")
        shutil.rmtree(self.folder, ignore_errors=True)
        for server, name in self._made:
            import psycopg

            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())

    def rostra(self, *words: str | Path, **more: Any) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "rostra.project.cli", *map(str, words)],
            capture_output=True, text=True, check=False, timeout=300, **more,
        )  # fmt: skip

    def need(self, what: bool, otherwise: str) -> None:
        """Fail the drill unless it is so."""
        if not what:
            raise Failed(otherwise)

    @contextmanager
    def serving(self, *words: str, prefix: tuple[str, ...] = (), **environ: str) -> Iterator[Any]:
        """Run a server until the end of the block; yields it, and the seconds to the first 200."""
        started = time.monotonic()
        with (self.folder / "server.log").open("a") as log:
            server = subprocess.Popen(
                [*prefix, sys.executable, "-m", "rostra.project.cli", "serve", *words],
                env=os.environ | environ, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        try:
            while time.monotonic() - started < 60:
                if self.get("/")[0] == 200:
                    break
                if server.poll() is not None:
                    raise Failed((self.folder / "server.log").read_text()[-300:])
                time.sleep(0.02)
            yield server, time.monotonic() - started
        finally:
            kill_group(server)

    def get(self, path: str, data: bytes | None = None, **headers: str) -> tuple[int, str]:
        """Ask the server; return status and text, (0, "") where nobody answers."""
        request = urllib.request.Request(f"http://localhost:{self.port}{path}", data, headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 (ours)
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""


def kill_group(process: subprocess.Popen[Any]) -> None:
    """Kill a process and all that it started, with signal 9."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def close_all() -> None:
    """Close every connection, and the pools they come from."""
    from django.db import connections

    connections.close_all()
    for connection in connections.all(initialized_only=True):
        if hasattr(connection, "close_pool"):
            connection.close_pool()


def child(work: Callable[..., Any], *arguments: Any) -> int:
    """Do something in a child; return its number."""
    sys.stdout.flush()
    sys.stderr.flush()
    number = os.fork()
    if number == 0:
        _end_with(work, *arguments)
    return number


def _end_with(work: Callable[..., Any], *arguments: Any) -> NoReturn:
    code = 1
    try:
        work(*arguments)
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def ended(number: int) -> int:
    """Wait for a child; return its exit code, negative for the signal that killed it."""
    return os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])


def in_child(work: Callable[..., Any], *arguments: Any) -> Any:
    """Do something in a child; return what it returned."""
    reading, writing = os.pipe()

    def tell() -> None:
        os.close(reading)
        answer = json.dumps(work(*arguments)).encode()
        close_all()
        with os.fdopen(writing, "wb") as file:
            file.write(answer)

    number = child(tell)
    os.close(writing)
    with os.fdopen(reading, "rb") as file:
        answer = file.read()
    code = ended(number)
    if code:
        raise Failed(f"a child ended with {code}")
    return json.loads(answer)


def ask(sql: str) -> list[tuple[Any, ...]]:
    """Ask the forum's own database, of either kind."""
    from rostra.kernel import dialect

    return dialect.rows(sql)


def unsound() -> list[str]:
    """Return what `rostra doctor` finds, and posts that nothing will ever index."""
    from rostra.transfer.integrity import examine

    found = [str(finding) for finding in examine() if finding.check != "search index"]
    indexed = {row[0] for row in ask("SELECT post_id FROM search_entry")}
    queued = {
        json.loads(row[0])["post_id"] if isinstance(row[0], str) else row[0]["post_id"]
        for row in ask("SELECT payload FROM kernel_job WHERE name = 'threads.post_published'")
    }
    forgotten = {row[0] for row in ask("SELECT id FROM threads_post")} - indexed - queued
    if forgotten:
        found.append(f"posts that no event tells of: {sorted(forgotten)[:5]}")
    return found


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port
