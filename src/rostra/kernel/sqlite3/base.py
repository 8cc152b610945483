"""What Django's backend lacks for a database that several processes write to.

*Turns.* SQLite lets whoever happens to look at the right moment write next, and looks ever more
seldom the longer one waits: writers without a pause keep another from writing for seconds. Here
they stand in a queue before they ask SQLite.

*Flushing.* After an fsync that failed the system holds as written what is not on the disk, and
the next fsync says that all is well. So the process ends without an answer, and nobody writes
again before everything that the journal holds has been put into the database and flushed anew.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import weakref
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import DatabaseError

from rostra.kernel.turns import Turns

PATIENCE = 10.0  # seconds for a turn
ENDED = 70  # exit code of a process whose writing could not be flushed
UNFLUSHED = (sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_DIR_FSYNC)
CHANGING = ("INSERT", "UPDATE", "DELETE", "REPLAC", "CREATE", "DROP T", "DROP I", "ALTER ")


class Connection(sqlite3.Connection):
    """One that can be referred to without being kept."""


_open: weakref.WeakSet[Connection] = weakref.WeakSet()
_of_parents: list[sqlite3.Connection] = []


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose writing transactions wait for their turn."""

    transaction_mode: str | None
    turns: Turns | None = None
    marker = ""

    def get_new_connection(self, conn_params: dict[str, Any]) -> sqlite3.Connection:
        """Open the database, and the turns where it is a file."""
        opened: list[Connection] = []

        def opening(*args: Any, **options: Any) -> Connection:
            opened.append(Connection(*args, **options))
            return opened[0]

        try:
            connection: Connection = super().get_new_connection(conn_params | {"factory": opening})
        except UnicodeDecodeError as error:
            opened[0].close()
            # What is said of a damaged schema quotes it, and the damage with it.
            raise sqlite3.DatabaseError("database disk image is malformed") from error
        _open.add(connection)
        self.forget_turns()
        if not self.is_in_memory_db():
            path = Path(self.settings_dict["NAME"]).resolve()
            self.turns, self.marker = Turns(path), f"{path}-unflushed"
        return connection

    def forget_turns(self) -> None:
        """Let go of the files of the turns."""
        turns, self.turns = self.turns, None
        if turns is not None:
            turns.close()

    def create_cursor(self, name: str | None = None) -> Any:
        """Return a cursor whose statements outside transactions take their turns as well."""
        cursor = self.connection.cursor(factory=_Cursor)
        cursor.wrapper = self
        return cursor

    def _start_transaction_under_autocommit(self) -> None:
        if self.transaction_mode == "IMMEDIATE":
            with self.wrap_database_errors:
                self._take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._give_turn()
            raise

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]
        except DatabaseError as error:
            self.end_where_unflushed(error.__cause__)
            raise
        finally:
            self._give_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._give_turn()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self.forget_turns()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Have the turn for one statement outside a transaction."""
        self._take_turn()
        try:
            yield
        except sqlite3.Error as error:
            self.end_where_unflushed(error)
            raise
        finally:
            self._give_turn()

    def _take_turn(self) -> None:
        if self.turns is None:
            return
        if not self.turns.take(PATIENCE):
            raise sqlite3.OperationalError("database is locked: others have been writing too long")
        if os.path.exists(self.marker):
            try:
                self._flush_anew()
            except BaseException:
                self.turns.give()
                raise

    def _give_turn(self) -> None:
        """Give the turn back unless the transaction still goes on."""
        if self.turns is not None and not (self.connection and self.connection.in_transaction):
            self.turns.give()

    def _flush_anew(self) -> None:
        """Empty the journal into the database: what of it is not on the disk is written again."""
        try:
            busy = self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except sqlite3.Error as error:
            self.end_where_unflushed(error)
            raise
        if busy:
            raise sqlite3.OperationalError("database is locked: its journal must be emptied first")
        with suppress(FileNotFoundError):
            os.unlink(self.marker)

    def end_where_unflushed(self, error: BaseException | None) -> None:
        """End the process where what it wrote could not be flushed: nobody gets an answer.

        The mark for the others needs no flushing: if it is lost with the machine's memory, so is
        what the system wrongly holds as written.
        """
        if self.marker and getattr(error, "sqlite_errorcode", None) in UNFLUSHED:
            with suppress(OSError):
                os.close(os.open(self.marker, os.O_WRONLY | os.O_CREAT, 0o600))
            with suppress(OSError):
                os.write(sys.stderr.fileno(), b"rostra: fsync failed: this process ends\n")
            os._exit(ENDED)


class _Cursor(base.SQLiteCursorWrapper):
    """A cursor that knows its connection."""

    wrapper: DatabaseWrapper

    def execute(self, query: str, params: Any = None) -> Any:
        if self.wrapper.in_atomic_block or not query.startswith(CHANGING):
            return super().execute(query, params)
        with self.wrapper.turn():
            return super().execute(query, params)

    def executemany(self, query: str, param_list: Iterable[Any]) -> Any:
        if self.wrapper.in_atomic_block:
            return super().executemany(query, param_list)
        with self.wrapper.turn():
            return super().executemany(query, param_list)


def keep_from_children() -> Callable[[], None]:
    """Keep every open connection from being closed in a child; return what to do in the child.

    Closing it there would delete the journal under the parent, or copy it as nobody may.
    """
    kept = list(_open)

    def in_child() -> None:
        _of_parents.extend(kept)
        _open.clear()

    return in_child
