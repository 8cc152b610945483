"""What is remembered of PostgreSQL's answers. SQLite's: `test_walindex.py`."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from rostra.kernel import dialect
from rostra.kernel.versions import current, raise_version

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite tells without being asked"),
]


def _elsewhere(what):
    """Do something on a connection of its own, to its end."""

    def run():
        try:
            what()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


@pytest.fixture
def asked(monkeypatch):
    """The statements that were sent; the snapshot is `asked.snapshot`, whatever others commit."""

    class Asked(list):
        snapshot = "1:1:"

    sent = Asked()
    rows = dialect.rows

    def noted(sql, params=()):
        sent.append(sql)
        return [(sent.snapshot,)] if "pg_current_snapshot" in sql else rows(sql, params)

    monkeypatch.setattr(dialect, "rows", noted)
    return sent


def test_what_is_recalled_is_what_was_committed():
    """Each moment begins with what all others have committed, and never goes back."""
    found = []
    for _ in range(3):
        with dialect.one_moment():
            found += [current("x"), current("x")]
        _elsewhere(lambda: raise_version("x"))
    with dialect.one_moment(), transaction.atomic():
        raise_version("x")
        found.append(current("x"))
        transaction.set_rollback(True)
    with dialect.one_moment():
        found.append(current("x"))
    assert found == [0, 0, 1, 1, 2, 2, 4, 3]


def test_a_moment_ends_with_what_is_written_in_it():
    raise_version("x")
    with dialect.one_moment():
        before = current("x")
        dialect.write("UPDATE kernel_version SET value = 7 WHERE name = %s", ["x"])
        assert (before, current("x")) == (1, 7)


def test_it_is_asked_once_a_moment_while_nobody_writes(asked):
    raise_version("x")
    for _ in range(3):
        with dialect.one_moment():
            assert (current("x"), current("x")) == (1, 1)
    assert len(asked) == 3 + 1  # one a moment, and once what it is
    asked.snapshot = "1:2:"
    with dialect.one_moment():
        assert current("x") == 1
    assert len(asked) == 4 + 2


def test_what_is_not_yet_committed_is_not_taken_for_known():
    """A transaction that began before an answer was kept, and ends after it, is a change."""
    raise_version("x")
    wrote, may_end = threading.Event(), threading.Event()

    def write_slowly():
        with transaction.atomic():
            raise_version("x")
            wrote.set()
            may_end.wait(10)

    thread = threading.Thread(target=lambda: _elsewhere(write_slowly))
    thread.start()
    wrote.wait(10)
    with dialect.one_moment():
        during = current("x")
    may_end.set()
    thread.join()
    with dialect.one_moment():
        assert (during, current("x")) == (1, 2)


def test_outside_a_moment_nothing_is_out_of_date():
    raise_version("x")
    first = current("x")
    _elsewhere(lambda: raise_version("x"))
    assert (first, current("x")) == (1, 2)
