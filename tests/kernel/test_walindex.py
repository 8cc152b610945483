"""Whether a database has changed, seen without asking it."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from rostra.kernel.walindex import WalIndex

WRITE = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('INSERT INTO t VALUES (1)'); c.commit()"


@pytest.fixture
def database(tmp_path):
    """A database in WAL mode with a character in its name that addresses need quoted."""
    path = tmp_path / "forum of 100% ?.sqlite3"
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("PRAGMA journal_mode=WAL")
    writer.execute("CREATE TABLE t (n)")
    yield path, writer
    writer.close()


@pytest.fixture
def index(database):
    watching = WalIndex(database[0])
    yield watching
    watching.close()


def test_nothing_written_is_nothing_changed(database, index):
    _path, writer = database
    before = index.state()
    assert before is not None
    writer.execute("SELECT * FROM t").fetchall()
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("INSERT INTO t VALUES (1)")
    writer.execute("ROLLBACK")
    assert index.state() == before


def test_each_commit_is_a_change(database, index):
    _path, writer = database
    states = [index.state()]
    for _ in range(50):
        writer.execute("INSERT INTO t VALUES (1)")
        states.append(index.state())
    assert len(set(states)) == 51


def test_a_commit_of_another_process_is_a_change(database, index):
    path, _ = database
    before = index.state()
    subprocess.run([sys.executable, "-c", WRITE, str(path)], check=True)
    assert index.state() != before


def test_it_outlives_everybody_else_and_the_return_to_an_empty_log(database, index):
    """The file is not made anew while one connection is open, nor forgotten after a checkpoint."""
    path, writer = database
    writer.execute("INSERT INTO t VALUES (1)")
    writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    writer.close()
    states = {index.state()}
    for _ in range(3):
        subprocess.run([sys.executable, "-c", WRITE, str(path)], check=True)
        states.add(index.state())
    assert len(states) == 4


def test_watching_takes_no_lock_from_those_who_write(database):
    """Closing a file would give up the locks of the process: what watches never closes it."""
    path, writer = database
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("INSERT INTO t VALUES (1)")
    watching = WalIndex(path)  # opened while somebody writes
    watching.state()
    refused = subprocess.run(
        [sys.executable, "-c", WRITE.replace("sys.argv[1])", "sys.argv[1], timeout=0)"), str(path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "database is locked" in refused.stderr
    writer.execute("COMMIT")
    watching.close()


def test_there_is_none_without_a_database_in_wal_mode(tmp_path):
    with pytest.raises(sqlite3.Error):
        WalIndex(tmp_path / "nothing.sqlite3")
    path = tmp_path / "plain.sqlite3"
    with closing(sqlite3.connect(path)) as plain:
        plain.execute("CREATE TABLE t (n)")
    with pytest.raises(OSError, match="shm"):
        WalIndex(path)
    assert not (tmp_path / "nothing.sqlite3").exists()


def test_an_answer_stands_until_the_next_commit(tmp_path):
    """What one process recalls is what the database would say, whoever writes and from where."""
    environ = {
        **os.environ,
        "ROSTRA_DATA": str(tmp_path),
        "ROSTRA_BASE_URL": "http://localhost:8000",
    }
    for name in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE"):
        environ.pop(name, None)
    command = [sys.executable, "-m", "rostra.project.cli", "manage"]
    subprocess.run([*command, "migrate", "-v0"], env=environ, check=True)
    said = subprocess.run(
        [*command, "shell", "-v0", "-c", RECALLED], env=environ, check=True, capture_output=True, text=True
    ).stdout  # fmt: skip
    assert said.split() == ["0", "0", "asked-once", "1", "2", "2", "3", "2", "2"]


RECALLED = """
import os
import sqlite3
from django.conf import settings
from django.db import connection, transaction
from rostra.kernel import dialect, versions
from rostra.kernel.versions import current, raise_version
print(current("x") or current("x"))  # the first asking may open the file
asked = []
real, dialect._ask = dialect._ask, lambda *words: asked.append(1) or real(*words)
print(current("x"), "asked-once" if not asked else "asked-again")
raise_version("x")
print(current("x"))
other = sqlite3.connect(settings.DATABASES["default"]["NAME"])
other.execute("UPDATE kernel_version SET value = 2 WHERE name = 'x'")
other.commit()
print(current("x"), current("x"))
with transaction.atomic():
    raise_version("x")
    print(current("x"))
    transaction.set_rollback(True)
print(current("x"), current("x"))
"""


def test_who_come_at_once_find_one(monkeypatch):
    """REL-001: the end of a second one would give up the locks that SQLite holds on the file."""
    import threading

    from rostra.kernel import dialect

    found = []
    barrier = threading.Barrier(8)

    def find():
        found.append(1)
        may_go_on.wait(1)
        return False

    may_go_on = threading.Event()
    monkeypatch.setattr(dialect, "_walindex", None)
    monkeypatch.setattr(dialect, "_find_walindex", find)

    def come():
        barrier.wait()
        dialect.state()

    coming = [threading.Thread(target=come) for _ in range(8)]
    for one in coming:
        one.start()
    while not found:
        pass
    may_go_on.set()
    for one in coming:
        one.join()
    assert found == [1]
