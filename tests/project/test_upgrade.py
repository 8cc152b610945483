"""From the tables of each release to those of now, and back; one server to a folder."""

from __future__ import annotations

import lzma
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from rostra.forum.threads import migrations
from tests.acceptance.beginnings import begin
from tests.acceptance.forums import PAGES

FIXTURES = sorted((Path(__file__).parents[1] / "fixtures").glob("rostra-*.sqlite3.xz"))
STEPS = sorted(path.stem for path in Path(migrations.__file__).parent.glob("0*.py"))
COMMAND = [sys.executable, "-m", "rostra.project.cli"]


@pytest.fixture
def environ(tmp_path):
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
    return {
        "PATH": os.environ["PATH"], "ROSTRA_DATA": str(tmp_path / "var"), "PYTHONUNBUFFERED": "1",
        "ROSTRA_LISTEN": f"127.0.0.1:{port}", "ROSTRA_BASE_URL": f"http://localhost:{port}",
        "ROSTRA_LOG_LEVEL": "error",
    }  # fmt: skip


@pytest.fixture
def run(environ, tmp_path):
    def run(*words):
        return subprocess.run(
            [*COMMAND, *words], env=environ, cwd=tmp_path,
            capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip

    return run


@contextmanager
def serving(environ, folder, *words):
    """Run a server until the end of the block; it answers when this begins."""
    log = (folder / "log").open("w")
    server = subprocess.Popen(
        [*COMMAND, "serve", "--no-jobs", *words], env=environ, cwd=folder, stdout=log, stderr=log,
        start_new_session=True,
    )  # fmt: skip
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{environ['ROSTRA_BASE_URL']}/health/live").close()  # noqa: S310
                break
            except OSError:
                assert server.poll() is None, (folder / "log").read_text()
                time.sleep(0.1)
        yield server
    finally:
        server.terminate()
        server.wait(30)
        with suppress(ProcessLookupError):  # web workers that a killed server left
            os.killpg(server.pid, signal.SIGTERM)
        log.close()


def put(fixture: Path, environ) -> None:
    data = Path(environ["ROSTRA_DATA"])
    data.mkdir(parents=True)
    (data / "rostra.sqlite3").write_bytes(lzma.decompress(fixture.read_bytes()))


def as_if_older(data: Path) -> None:
    """Take the last migration of the threads back, as a release before it had left the tables."""
    subprocess.run(
        [*COMMAND, "manage", "migrate", "-v0", "threads", STEPS[-2]], check=True,
        env={"PATH": os.environ["PATH"], "ROSTRA_DATA": str(data)}, cwd=data,
    )  # fmt: skip


def test_there_is_a_fixture_of_each_release_and_it_is_small():
    assert FIXTURES
    assert [path for path in FIXTURES if path.stat().st_size > 200_000] == []


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.name)
def test_a_forum_of_a_release_is_brought_up_to_date(fixture, environ, run):
    """REL-047, REL-049."""
    put(fixture, environ)
    answer = run("upgrade", "--quiet")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "now: " in answer.stdout
    assert answer.stdout.endswith("clean\n")
    environ["ROSTRA_BASE_URL"] = "http://localhost:8000"
    assert run("manage", "shell", "-v0", "-c", PAGES).stdout.strip() == "{200}"


def test_an_upgrade_backs_up_first_and_so_does_a_server(environ, run, tmp_path):
    begin(environ)
    data = Path(environ["ROSTRA_DATA"])
    as_if_older(data)
    answer = run("upgrade", "--quiet")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert f"threads.{STEPS[-1][:4]}" in answer.stdout
    made = list((data / "backups").glob("rostra-*.tar"))
    assert made
    as_if_older(data)
    with serving(environ, tmp_path):
        assert len(list((data / "backups").glob("rostra-*.tar"))) == len(made) + 1
    # A backup of older tables is restored and brought up to date.
    answer = run("restore", str(max(made)), "--replace", "--quiet")
    assert "brought up to date" in answer.stdout, answer.stdout + answer.stderr
    assert run("doctor").stdout == "clean\n"


def test_a_program_older_than_its_tables_does_not_run(environ, run):
    begin(environ)
    database = Path(environ["ROSTRA_DATA"]) / "rostra.sqlite3"
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('threads', '9999_later', '')"
        )
    for command in (["serve"], ["upgrade", "--quiet"]):
        answer = run(*command)
        assert answer.returncode == 1
        assert "newer than this program" in answer.stderr
        assert "threads.9999_later" in answer.stderr
        assert "Traceback" not in answer.stderr


def test_one_server_to_a_folder_and_no_restoring_under_it(environ, run, tmp_path):
    """REL-021: a second start is refused; a restart is not, also after a server was killed."""
    run("seed")
    run("backup", str(tmp_path / "one.tar"), "--quiet")
    with serving(environ, tmp_path) as server:
        answer = run("serve")
        assert answer.returncode == 1
        assert f"another `rostra serve` (process {server.pid})" in answer.stderr
        for words in (["restore", str(tmp_path / "one.tar"), "--replace"], ["upgrade"]):
            answer = run(*words, "--quiet")
            assert answer.returncode == 1
            assert "stop it first" in answer.stderr
        assert run("backup", "--quiet").returncode == 0
        assert run("doctor").returncode == 0
        server.send_signal(signal.SIGKILL)
        server.wait(10)
        with serving(environ, tmp_path):
            pass
