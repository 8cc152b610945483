"""PostgreSQL: dumping in one snapshot, and reading a dump as data only.

A dump holds statements, and whoever wrote it may have put any there. So none of them is run:
`pg_restore` turns it into text, of which only the rows are taken, into tables that our own
migrations made.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection as forum
from psycopg import sql
from psycopg.conninfo import make_conninfo

from rostra.transfer.backup import chain
from rostra.transfer.backup.children import MISSING, CannotGoOn, tool
from rostra.transfer.backup.container import BrokenBackup

_COPY = re.compile(rb'COPY (?:"?\w+"?\.)?"?(\w+)"? \(([\w", ]+)\) FROM stdin;\n')
_SEQUENCE = re.compile(
    rb"SELECT pg_catalog\.setval\('(?:\w+\.)?\"?(\w+)\"?', (\d+), (true|false)\);\n"
)
_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
WITHOUT_MODELS = frozenset({"django_migrations", "search_words"})


def parameters() -> dict[str, Any]:
    """Return what psycopg needs to reach the forum's database."""
    found = dict(forum.get_connection_params())
    names = ("host", "port", "user", "password", "dbname", "options")
    kept = {name: found[name] for name in names if found.get(name)}
    return kept | {name: found[name] for name in found if name.startswith("ssl")}


@contextmanager
def snapshot() -> Iterator[tuple[psycopg.Connection[Any], str]]:
    """Hold the forum as it is at one moment; yield a connection to it and the moment's name."""
    with psycopg.connect(**parameters()) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        yield connection, str(row[0] if row else "")


def tables(connection: psycopg.Connection[Any]) -> list[str]:
    """Return all tables in the schema where the forum is."""
    found = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"
    )
    return [name for (name,) in found]


def ours() -> set[str]:
    """Return the tables that this program's migrations make."""
    return set(forum.introspection.django_table_names()) | WITHOUT_MODELS


def facts(
    connection: psycopg.Connection[Any], names: list[str]
) -> tuple[dict[str, int], list[tuple[str, str]], chain.Head]:
    """Return rows by table, the migrations that were applied, and the head of the log."""
    counts = {}
    for name in names:
        asked = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))
        row = connection.execute(asked).fetchone()
        counts[name] = int(row[0]) if row else 0
    applied = connection.execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall()
    head = connection.execute("SELECT n, hash FROM modlog_loghead WHERE id = 1").fetchone()
    return counts, applied, head or (0, chain.FIRST_PREV)


def dump(
    connection: psycopg.Connection[Any], moment: str, target: Path, without: list[str]
) -> None:
    """Write the forum's schema into a file of pg_dump's own format, as it was at the moment."""
    row = connection.execute("SELECT current_schema()").fetchone()
    reach = parameters()
    password = reach.pop("password", None)
    words = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={moment}"]
    words += [f"--schema={row[0] if row else 'public'}", f"--file={target}"]
    words += [f"--exclude-table={name}" for name in without]
    tool(
        "pg_dump",
        [*words, f"--dbname={make_conninfo(**reach)}"],
        {"PGPASSWORD": str(password)} if password else {},
    )


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one table as they stand in a dump; read before the next table is asked for."""

    table: str
    columns: tuple[str, ...]
    lines: Iterator[bytes]


@dataclass(frozen=True, slots=True)
class Sequence:
    """How far the ids of a table had come."""

    name: str
    value: int
    is_called: bool


def read(path: Path) -> Iterator[Rows | Sequence]:
    """Yield what a dump holds as data; raises BrokenBackup where it cannot be read."""
    words = ["pg_restore", "--data-only", "--file=-", str(path)]
    try:
        process = subprocess.Popen(  # noqa: S603 (its words are ours)
            words, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
    except FileNotFoundError:
        raise CannotGoOn(MISSING.format("pg_restore")) from None
    with process:
        assert process.stdout is not None and process.stderr is not None  # noqa: S101 (pipes)
        for line in process.stdout:
            if found := _COPY.fullmatch(line):
                names = tuple(name.strip(' "') for name in found[2].decode().split(","))
                rows = Rows(found[1].decode(), names, _until_the_end(process.stdout))
                yield rows
                for _ in rows.lines:
                    pass
            elif found := _SEQUENCE.fullmatch(line):
                yield Sequence(found[1].decode(), int(found[2]), found[3] == b"true")
        said = process.stderr.read(2000).decode(errors="replace").strip().splitlines()
    if process.returncode:
        raise BrokenBackup(f"holds a dump that cannot be read: {' '.join(said[:2])}")


def _until_the_end(lines: Any) -> Iterator[bytes]:
    for line in lines:
        if line == b"\\.\n":
            return
        yield line
    raise BrokenBackup("holds a dump that is cut off")


def values_of(line: bytes) -> tuple[str | None, ...]:
    """Return the values of one row of COPY's text form."""
    return tuple(_value(word) for word in line.decode().rstrip("\n").split("\t"))


def _value(word: str) -> str | None:
    if word == "\\N":
        return None
    if "\\" not in word:
        return word
    return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), word)
