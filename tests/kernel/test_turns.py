"""Turns are fair, and end with whoever has one; children of a process open their own connections."""

import os
import signal
import threading
from contextlib import closing

import pytest
from django.db import connection, connections

from rostra.kernel import dialect
from rostra.kernel.turns import Turns


def test_who_gives_a_turn_back_comes_behind_who_waits(tmp_path):
    """REL-019."""
    mine = Turns(tmp_path / "x")
    assert mine.take(0)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        other = Turns(tmp_path / "x")
        os._exit(0 if other.take(20) and os.write(writing, b"other") else 1)
    while _is_free(tmp_path / "x-queue"):  # until the other is at the front
        pass
    mine.give()
    assert mine.take(20)
    os.write(writing, b" mine")
    assert os.read(reading, 20) == b"other mine"
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_within_a_process_too(tmp_path):
    with closing(Turns(tmp_path / "x")) as first, closing(Turns(tmp_path / "x")) as second:
        assert first.take(0)
        waiting = threading.Thread(target=lambda: second.take(20))
        waiting.start()
        first.give()
        waiting.join()
        assert second.is_mine
        assert not first.take(0.01)


def _is_free(path):
    import fcntl

    file = os.open(path, os.O_RDWR)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(file)
    return True


def test_patience_ends(tmp_path):
    with closing(Turns(tmp_path / "x")) as first, closing(Turns(tmp_path / "x")) as second:
        assert first.take(0)
        assert not second.take(0.01)
        first.give()
        assert second.take(0.01)
        assert second.take(0), "having it, one has it"


def test_a_killed_holder_holds_nothing(tmp_path):
    """REL-001."""
    ready, told = os.pipe()
    child = os.fork()
    if child == 0:
        theirs = Turns(tmp_path / "x")
        theirs.take(5)
        os.write(told, b"1")
        signal.sigtimedwait([signal.SIGUSR1], 30)
        os._exit(0)
    os.read(ready, 1)
    with closing(Turns(tmp_path / "x")) as mine:
        assert not mine.take(0.01)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        assert mine.take(5)


def test_where_no_file_can_be_made_nobody_waits(tmp_path):
    assert Turns(tmp_path / "nowhere" / "x").take(0)


@pytest.mark.django_db
def test_a_child_opens_a_connection_of_its_own():
    """REL-021: and the parent's goes on after the child has ended."""
    dialect.rows("SELECT 1")
    before = connection.connection
    assert before is not None
    child = os.fork()
    if child == 0:
        os._exit(int(any(c.connection is not None for c in connections.all(initialized_only=True))))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert connection.connection is before
    assert dialect.rows("SELECT 1") == [(1,)]
