"""A real forum for the journeys: `rostra serve` on an empty folder with its demo, and Chromium."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from bench import chromium
from playwright.sync_api import expect

from tests.acceptance.beginnings import SERVER, new_database

ROOT = Path(__file__).parents[2]

# A busy machine is slow, not wrong: what comes at all comes within this.
expect.set_options(timeout=20_000)  # milliseconds


@dataclass
class Site:
    """A running forum: where it is, its one-time link, its data."""

    url: str
    setup: str
    environ: dict[str, str]

    def rostra(self, *words: str, stdin: str = "") -> str:
        """Run a command of the forum's operator; return what it says."""
        done = subprocess.run(
            [sys.executable, "-m", "rostra.project.cli", *words],
            env=self.environ, input=stdin, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(tmp_path_factory.mktemp("site"), f"site_{os.getpid()}") as found:
        yield found


@contextmanager
def served(folder: Path, database: str, **more: str) -> Iterator[Site]:
    """Serve a forum of its own with its demo; `more` are settings."""
    port = _free_port()
    environ = {
        "PATH": os.environ["PATH"],
        "ROSTRA_DATA": str(folder / "var"),
        "ROSTRA_LISTEN": f"127.0.0.1:{port}",
        "ROSTRA_BASE_URL": f"http://localhost:{port}",
        "ROSTRA_REQUESTS_PER_MINUTE": "100000",
        "ROSTRA_GUESTS_WAIT": "off",
        "ROSTRA_POSTING_LIMITS": "off",  # who has just joined would wait between two steps
        "DATABASE_URL": new_database(database) if SERVER else "",
        "PYTHONUNBUFFERED": "1",
        **more,
    }
    with subprocess.Popen(
        [sys.executable, "-m", "rostra.project.cli", "serve", "--demo"],
        env=environ, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    ) as server:  # fmt: skip
        said = ""
        assert server.stdout is not None
        for line in server.stdout:
            said += line
            if "Started worker" in line:
                break
        link = re.search(r"http://\S+/setup/\S+", said)
        assert link, said
        # Whatever the server says from now on must not fill the pipe.
        log = (folder / "log").open("w")
        drain = subprocess.Popen(["cat"], stdin=server.stdout, stdout=log)
        found = Site(f"http://localhost:{port}", link.group(), environ)
        with urllib.request.urlopen(f"{found.url}/health/live") as answer:  # noqa: S310 (our own)
            assert answer.read() == b"ok\n"
        yield found
        server.terminate()
        server.wait(20)
        drain.wait(20)
        log.close()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, "executable_path": chromium.PATH, "args": chromium.FLAGS}


@pytest.fixture
def page(page, site):
    """A page that tells of every request to another host and every error of a script."""
    page.foreign = []
    page.errors = []
    page.on("request", lambda r: page.foreign.append(r.url) if not _is_own(r.url, site) else None)
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.on("console", lambda m: page.errors.append(m.text) if m.type == "error" else None)
    return page


def _is_own(url: str, site: Site) -> bool:
    return url.startswith((site.url, "data:", "blob:"))
