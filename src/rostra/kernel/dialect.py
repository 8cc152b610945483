"""The one place that asks: SQLite or PostgreSQL?"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from threading import Lock, local
from typing import Any, Literal

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections

from rostra.kernel.keeping import Kept
from rostra.kernel.walindex import WalIndex

MEMORY = 6 * 2**20  # bytes of answers

type Dialect = Literal["sqlite", "postgresql"]


def _moment(stored: bytes) -> datetime:
    return datetime.fromisoformat(stored.decode()).replace(tzinfo=UTC)


# Statements of our own get aware times from SQLite as they do from PostgreSQL; Django's own
# reading takes them as they are.
sqlite3.register_converter("datetime", _moment)

_walindex: WalIndex | Literal[False] | None = None
# Two who find it at once would make two of it, and the end of the one that is not kept would give
# up every lock that this process holds on the file: SQLite's own among them.
_finding = Lock()
_answers: Kept[tuple[str, tuple[Any, ...]], tuple[bytes, list[tuple[Any, ...]]]] = Kept(MEMORY)
_here = local()  # finding the connection costs more than asking it


def current() -> Dialect:
    """Return which database answers."""
    return "postgresql" if connection.vendor == "postgresql" else "sqlite"


def rows(sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Run one reading statement; return its rows. `sql` never holds a value, only %s."""
    wrapper = _connection()
    values = [_kept(value) for value in params]
    if _is_direct(wrapper):
        with wrapper.wrap_database_errors:
            return _ask(wrapper, sql, values).fetchall()
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def recall(sql: str, params: Sequence[Any] = ()) -> Sequence[tuple[Any, ...]]:
    """Return the rows of a reading statement of the hot path; nobody changes them.

    An answer stands until the next commit, of anybody; on PostgreSQL within `one_moment` only.
    SQLite is asked around Django's wrappers, which cost more than a look-up itself, unless they
    have something to do: to count statements, to refuse them after an error, to name an error.
    """
    wrapper = _connection()
    if not _is_plain(wrapper):
        return rows(sql, params)
    values = [_kept(value) for value in params]
    if wrapper.vendor == "sqlite":
        if wrapper.connection is not None:
            with suppress(sqlite3.Error):
                return _answer(state(), lambda: _ask(wrapper, sql, values).fetchall(), sql, values)
    elif (snapshot := _snapshot(wrapper)) is not None:
        return _answer(snapshot, lambda: rows(sql, params), sql, values)
    return rows(sql, params)


@contextmanager
def one_moment() -> Iterator[None]:
    """Within the block ask PostgreSQL but once whether anything was committed.

    What is recalled in it is as it was at its beginning, or is now. It ends with the first `write`;
    what the ORM writes in it is to be read by other means than `recall`. SQLite tells each time.
    """
    _here.snapshot = b""
    try:
        yield
    finally:
        _here.snapshot = None


def read[Row](make: Callable[[tuple[Any, ...]], Row], sql: str, params: Sequence[Any]) -> list[Row]:
    """Return what `make` makes of each row of a reading statement of the hot path."""
    return list(map(make, recall(sql, params)))


def glance(sql: str, params: Sequence[Any]) -> tuple[Any, ...] | None:
    """Run one reading statement outside any request; return its first row, None for none.

    Raises DatabaseError.
    """
    wrapper = _connection()
    if wrapper.vendor == "sqlite":
        if wrapper.connection is None:
            wrapper.ensure_connection()
        try:
            first: tuple[Any, ...] | None = _ask(wrapper, sql, params).fetchone()
        except sqlite3.Error as error:
            raise DatabaseError from error
        return first
    try:
        return next(iter(rows(sql, params)), None)
    finally:
        give_back()


def give_back() -> None:
    """Give the connection back into the pool of PostgreSQL, after asking outside any request."""
    wrapper = _connection()
    if wrapper.vendor == "postgresql" and not wrapper.in_atomic_block:
        wrapper.close()


def state() -> bytes | None:
    """Return what changes with every commit to the database; None where asking is the only way.

    Nothing that was read after this returned one value is out of date while it returns the same.
    """
    global _walindex
    if _walindex is None:
        with _finding:
            if _walindex is None:
                _walindex = _find_walindex()
    return _walindex.state() if _walindex else None


def forget_parent() -> object:
    """Forget, in a child, what this process's parent watches; return it, not to be closed here."""
    global _walindex, _finding
    found, _walindex, _finding = _walindex, None, Lock()
    return found


def write(sql: str, params: Sequence[Any]) -> None:
    """Run one writing statement. `sql` never holds a value, only %s."""
    _here.snapshot = None
    wrapper = _connection()
    values = [_kept(value) for value in params]
    if _is_direct(wrapper):
        with wrapper.wrap_database_errors:
            _ask(wrapper, sql, values)
        return
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def write_many(sql: str, rows_: Iterable[Sequence[Any]]) -> int:
    """Run one writing statement for many rows; return how many it changed.

    Times are put as the database keeps them.
    """
    values = [[_kept(v) if isinstance(v, datetime) else v for v in row] for row in rows_]
    if not values:
        return 0
    _here.snapshot = None
    with connection.cursor() as cursor:
        cursor.executemany(sql, values)
        changed: int = cursor.rowcount
    return changed


def one_at_a_time(what: str, number: int) -> None:
    """Wait until nobody else holds this, and hold it until the transaction ends.

    SQLite has one writer at a time anyway. Take it before any row is locked, and only one.
    """
    if connection.vendor == "postgresql":
        space = int.from_bytes(sha256(what.encode()).digest()[:4], signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [space, number % 2**32 - 2**31])


def is_true(column: str) -> str:
    """Return the condition that a boolean column holds, as in the condition of an index of it."""
    return f"{column} = 1" if connection.vendor == "sqlite" else column


def listed(column: str) -> str:
    """Return the expression that makes one text of a column of numbers, with commas between."""
    if connection.vendor == "sqlite":
        return f"GROUP_CONCAT({column}, ',')"
    return f"STRING_AGG({column}::text, ',')"


def padded(ids: Iterable[int], to: int = 20) -> list[int]:
    """Return ids with zeros behind, so that lists of many lengths share one prepared statement."""
    found = list(ids)
    return found + [0] * (-len(found) % to)


def marks(values: Sequence[Any]) -> str:
    """Return as many placeholders as values: `%s, %s, %s`."""
    return ", ".join(["%s"] * len(values))


def _connection() -> Any:
    """Return the connection of whoever runs this, as Django wraps it."""
    wrapper = getattr(_here, "wrapper", None)
    if wrapper is None:
        wrapper = _here.wrapper = connections[DEFAULT_DB_ALIAS]
    return wrapper


def _find_walindex() -> WalIndex | Literal[False]:
    """Return the wal-index of the database, False where there is none, as of one in memory."""
    wrapper = _connection()
    if wrapper.vendor == "sqlite" and not wrapper.is_in_memory_db():
        wrapper.ensure_connection()
        with suppress(OSError, ValueError, sqlite3.Error):
            return WalIndex(Path(wrapper.settings_dict["NAME"]))
    return False


def _is_plain(wrapper: Any) -> bool:
    """Return whether nobody counts, refuses or wraps statements, and no transaction is open."""
    return (
        not wrapper.queries_logged and not wrapper.in_atomic_block and not wrapper.execute_wrappers
    )


def _is_direct(wrapper: Any) -> bool:
    """Return whether SQLite may be told around Django's wrappers: in a transaction that goes on.

    There the turn is had, and nobody counts, refuses or wraps statements.
    """
    return (
        wrapper.vendor == "sqlite"
        and wrapper.in_atomic_block
        and not wrapper.needs_rollback
        and not wrapper.queries_logged
        and not wrapper.execute_wrappers
    )


def _snapshot(wrapper: Any) -> bytes | None:
    """Return what changes with every commit, as PostgreSQL says once a moment; None outside.

    Two snapshots that are the same see the same rows: it is the transactions they do not see.
    """
    known: bytes | None = getattr(_here, "snapshot", None)
    if known == b"":
        found: str = rows("SELECT pg_current_snapshot()::text")[0][0]
        known = _here.snapshot = found.encode()
    return known


def _answer(
    now: bytes | None, ask: Callable[[], list[tuple[Any, ...]]], sql: str, values: list[Any]
) -> list[tuple[Any, ...]]:
    """Return what is answered, or was in the state that the database is in `now`.

    That was found out before asking: what is committed meanwhile makes the answer count as older.
    """
    key = sql, tuple(values)
    known = _answers.find(key)
    if known is not None and known[0] == now:
        return known[1]
    found = ask()
    if now is not None:
        texts = sum(len(value) for row in found for value in row if isinstance(value, str))
        _answers.keep(key, (now, found), 2 * texts + 300 * len(found) + 1000)
    return found


def _ask(wrapper: Any, sql: str, values: Sequence[Any]) -> sqlite3.Cursor:
    cursor: sqlite3.Cursor = wrapper.connection.execute(sql.replace("%s", "?"), values)
    return cursor


def _kept(value: Any) -> Any:
    """Return a value as the database keeps it: SQLite keeps times as texts."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value
