"""REL-024: the n-th call fails, once and for ever, in each way of writing that exists.

Statements fail before they reach the database; calls for files fail in a preloaded library. Each
time everything or nothing has happened, nothing is left open, and what follows works.
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import os
import subprocess
import sys
from typing import Any

from bench.faults.acts import acts, first_acts
from bench.faults.place import Drill, Failed, child, ended, in_child, unsound
from bench.faults.power import FSYNC, OPEN, TRUNCATE, WRITE, _build

ERRORS = {
    WRITE: (errno.EIO, errno.ENOSPC),
    FSYNC: (errno.EIO,),
    OPEN: (errno.EMFILE,),
    TRUNCATE: (errno.EIO,),
}
UNFLUSHED = 70
MOST = 120  # calls of one act
SHORT = 10


def run(drill: Drill) -> dict[str, Any]:
    """Run in a process that the library was loaded into."""
    ids = drill.set_up()
    environ = dict(os.environ)
    if drill.database == "sqlite":
        shim = _build(drill.folder)
        environ |= {"LD_PRELOAD": str(shim), "RECORD_OF": f"{drill.data.resolve()}/"}
    done = subprocess.run(
        [sys.executable, "-m", "bench.faults.calls", repr((ids, drill.rounds))],
        env=environ, capture_output=True, text=True, check=False, timeout=900,
    )  # fmt: skip
    if done.returncode:
        raise Failed((done.stdout + done.stderr)[-1500:])
    return dict(word.split("=") for word in done.stdout.splitlines()[-1].split())


def main(words: str) -> None:
    """Go through all acts; print how many there were."""
    import ast

    ids, most = ast.literal_eval(words)
    from rostra.project.cli.base import ready

    ready()
    counts = dict.fromkeys(("acts", "statements", "files", "ended_unflushed"), 0)
    chosen = acts if most >= SHORT else first_acts
    for name in in_child(lambda: sorted(chosen(ids))):
        counts["acts"] += 1
        counts["statements"] += in_child(_statements, name, ids, most)
        # The short part has files fail for some acts only: each try is a process.
        if os.environ.get("RECORD_OF") and (most >= SHORT or name[0] in "agd"):
            for kind, errors in ERRORS.items():
                for error in errors:
                    for is_for_ever in (0, 1) if most >= SHORT else (kind == FSYNC,):
                        _files(name, ids, kind, error, is_for_ever, most, counts)
    found = in_child(unsound)
    if found:
        sys.exit(f"at the end: {found}")
    print(*(f"{key}={value}" for key, value in counts.items()))


def _digest() -> str:
    """Return what all tables hold, in a child whose calls do not fail."""
    from django.db import connection

    from rostra.kernel import dialect

    whole = hashlib.sha256()
    for table in sorted(connection.introspection.table_names()):
        if not table.startswith("search_words"):
            rows = sorted(map(repr, dialect.rows(f'SELECT * FROM "{table}"')))  # noqa: S608 (ours)
            whole.update(repr((table, rows)).encode())
    return whole.hexdigest()


class _Failing:
    """Has the n-th statement fail, and those after it."""

    def __init__(self, n: int, is_for_ever: bool) -> None:
        self.n, self.is_for_ever, self.count = n, is_for_ever, 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        from django.db import OperationalError

        self.count += 1
        if self.count == self.n or (self.is_for_ever and self.count > self.n):
            raise OperationalError("the drill says no")
        return execute(sql, params, many, context)


def _statements(name: str, ids: dict[str, int], most: int) -> int:
    """Have each statement fail in turn; nothing may have happened, and it works when none does."""
    from django.db import OperationalError, connection

    act = acts(ids)[name]
    before = _digest()
    for n in range(1, min(most, MOST) + 1):
        for is_for_ever in (False, True):
            failing = _Failing(n, is_for_ever)
            try:
                with connection.execute_wrapper(failing):
                    act()
            except OperationalError:
                if _digest() != before:
                    raise Failed(f"{name}: half of it after statement {n} failed") from None
                turns = getattr(connection, "turns", None)
                if connection.in_atomic_block or (turns and turns.is_mine):
                    raise Failed(f"{name}: something is held after statement {n}") from None
            else:
                if failing.count < n:
                    return n - 1
                before = _digest()  # it caught the error itself and went on
    act()
    return most


def _files(
    name: str,
    ids: dict[str, int],
    kind: int,
    error: int,
    is_for_ever: int,
    most: int,
    counts: dict[str, int],
) -> None:
    """Have the n-th call of a kind fail in a child, until one is done without meeting it."""
    for n in range(1, min(most, MOST) + 1):
        before = in_child(_digest)
        code = ended(child(_armed, name, ids, kind, n, error, is_for_ever))
        after = in_child(_digest)
        counts["files"] += 1
        counts["ended_unflushed"] += code == UNFLUSHED
        was_done = code == 10
        # One that ends without an answer may have been done or not, whole.
        if code == 11 and after != before and kind != FSYNC and name not in ("y mend",):
            sys.exit(
                f"{name}: refused, and yet something changed (call {n} of kind {kind}, {error})"
            )
        if code not in (10, 11, 12, UNFLUSHED):
            sys.exit(f"{name}: ended with {code} (call {n} of kind {kind}, {error})")
        found = in_child(unsound) if code != 12 else []
        if found:
            sys.exit(f"{name}: call {n} of kind {kind} failed: {found}")
        if code == 12 or (was_done and n > 40):
            return


def _armed(name: str, ids: dict[str, int], kind: int, n: int, error: int, is_for_ever: int) -> None:
    """End with 10: done in spite of it, 11: refused with an error, 12: the call was never met."""
    from django.db import DatabaseError

    from rostra.kernel import dialect
    from rostra.kernel.errors import RostraError

    library = ctypes.CDLL(None)
    act = acts(ids)[name]
    dialect.rows("SELECT 1")
    files_before = len(os.listdir("/proc/self/fd"))
    library.rostra_arm(kind, ctypes.c_long(n), error, is_for_ever)
    code = 10
    try:
        act()
    except (DatabaseError, OSError, RostraError):
        code = 11
    calls = library.rostra_calls(kind)
    library.rostra_arm(-1, ctypes.c_long(0), 0, 0)
    files = len(os.listdir("/proc/self/fd")) - files_before
    if code == 11:
        dialect.rows("SELECT count(*) FROM threads_post")  # and reading goes on
    if files > 3:  # those of turns and of memory shared with others stay open for the next act
        code = 1
    os._exit(12 if calls < n else code)


if __name__ == "__main__":
    main(sys.argv[1])
