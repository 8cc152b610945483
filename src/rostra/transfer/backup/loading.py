"""Loading the rows of a dump into a fresh PostgreSQL schema of ours, then switching to it."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, LiteralString
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import psycopg
from django.conf import settings
from django.db import connections
from psycopg import sql

from rostra.transfer.backup import children, migrations, postgres
from rostra.transfer.backup.children import CannotGoOn
from rostra.transfer.backup.container import BrokenBackup, Manifest, Progress

BATCH = 256 << 10
_CONSTRAINTS = """
SELECT c.conrelid::regclass::text, quote_ident(c.conname), pg_get_constraintdef(c.oid)
FROM pg_constraint c WHERE c.contype = 'f' AND c.connamespace = %s::regnamespace
"""
_INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
JOIN pg_class k ON k.oid = i.indexrelid WHERE NOT i.indisunique
AND k.relnamespace = %s::regnamespace
"""
_OTHERS: LiteralString = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
    " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
)
_LOOKS = 20  # a tenth of a second apart: who has just gone is still there for a moment


def is_empty() -> bool:
    """Return whether there is no table where the forum shall be."""
    with psycopg.connect(**postgres.parameters()) as connection:
        return not postgres.tables(connection)


def check_nobody_is_there() -> None:
    """Raise CannotGoOn while others are connected: servers of other machines hold no file here.

    This process lets go of its own connections first.
    """
    connections.close_all()
    ours: Any = connections["default"]
    ours.close_pool()
    with psycopg.connect(**postgres.parameters(), autocommit=True) as connection:
        for _ in range(_LOOKS):
            others = len(connection.execute(_OTHERS).fetchall())
            if not others:
                return
            time.sleep(0.1)
    raise CannotGoOn(
        f"{others} other connections use this database: stop all servers and workers first"
    )


@contextmanager
def fresh_schema() -> Iterator[str]:
    """Give a schema to restore into; it is gone afterwards, whatever happened."""
    name = f"restoring_{secrets.token_hex(6)}"
    _run(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
    try:
        yield name
    finally:
        _run(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(name)))


def address_of(schema: str) -> str:
    """Return the forum's database address with a search path of this schema alone."""
    parts = urlsplit(settings.ROSTRA.database_url)
    options = dict(parse_qsl(parts.query))
    options["options"] = f"{options.get('options', '')} -csearch_path={schema}".strip()
    return parts._replace(query=urlencode(options, quote_via=quote)).geturl()


def build(schema: str, manifest: Manifest, dump: Path, data: Path, progress: Progress) -> None:
    """Make the tables as they were when the backup was made, fill them, bring them up to date."""
    address = address_of(schema)
    older = {app for app, _ in migrations.state_of(manifest.migrations).pending}
    last = dict(sorted(manifest.migrations))
    until = [f"{app}.{last[app]}" for app in sorted(older & set(last))]
    words = ["--until", *until, *sorted(set(last) - older)] if older else []
    children.rostra("manage", "migrate", "-v0", *words, data=data, database_url=address)
    with _connected(schema) as connection:
        _load(connection, schema, dump, progress)
    if older:
        children.rostra("manage", "migrate", "-v0", data=data, database_url=address)


def switch(schema: str) -> None:
    """Put the tables of a schema in the place of the forum's, all at once."""
    with psycopg.connect(**postgres.parameters()) as connection:
        row = connection.execute("SELECT current_schema()").fetchone()
        target = sql.Identifier(str(row[0] if row else "public"))
        old = [name for name in postgres.tables(connection) if name in postgres.ours()]
        if old:
            names = sql.SQL(", ").join(sql.SQL(".").join((target, sql.Identifier(n))) for n in old)
            connection.execute(sql.SQL("DROP TABLE {} CASCADE").format(names))
        for name in _tables_of(connection, schema):
            connection.execute(
                sql.SQL("ALTER TABLE {}.{} SET SCHEMA {}").format(
                    sql.Identifier(schema), sql.Identifier(name), target
                )
            )


def _load(connection: psycopg.Connection[Any], schema: str, dump: Path, progress: Progress) -> None:
    columns = _columns_of(connection, schema)
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    connection.execute(sql.SQL("TRUNCATE {} CASCADE").format(names))
    # Rows come in no order of ours, and faster without what looks at each of them.
    keys = connection.execute(_CONSTRAINTS, (schema,)).fetchall()
    indexes = connection.execute(_INDEXES, (schema,)).fetchall()
    for table, key, _ in keys:
        connection.execute(_ours(f"ALTER TABLE {table} DROP CONSTRAINT {key}"))
    for index, _ in indexes:
        connection.execute(_ours(f"DROP INDEX {index}"))
    for rows in postgres.read(dump):
        if isinstance(rows, postgres.Sequence):
            _set_sequence(connection, schema, rows)
            continue
        strange = set(rows.columns) - columns.get(rows.table, set())
        if rows.table not in columns or strange:
            raise BrokenBackup(f"holds rows of {rows.table} that have no place: {sorted(strange)}")
        _copy(connection, rows, progress)
    for _, definition in indexes:
        connection.execute(_ours(definition))
    try:
        for table, key, definition in keys:
            connection.execute(_ours(f"ALTER TABLE {table} ADD CONSTRAINT {key} {definition}"))
    except psycopg.errors.ForeignKeyViolation as error:
        raise BrokenBackup(
            f"holds rows that refer to missing ones: {error.diag.message_detail}"
        ) from error


def _copy(connection: psycopg.Connection[Any], rows: postgres.Rows, progress: Progress) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(rows.table), sql.SQL(", ").join(map(sql.Identifier, rows.columns))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as into:
        batch: list[bytes] = []
        size = 0
        for line in rows.lines:
            batch.append(line)
            size += len(line)
            if size > BATCH:
                into.write(b"".join(batch))
                progress(size)
                batch, size = [], 0
        into.write(b"".join(batch))
        progress(size)


def _set_sequence(
    connection: psycopg.Connection[Any], schema: str, sequence: postgres.Sequence
) -> None:
    known = connection.execute(
        "SELECT 1 FROM pg_sequences WHERE schemaname = %s AND sequencename = %s",
        (schema, sequence.name),
    ).fetchone()
    if known:
        connection.execute(
            "SELECT setval(quote_ident(%s)::regclass, %s, %s)",
            (sequence.name, sequence.value, sequence.is_called),
        )


def _columns_of(connection: psycopg.Connection[Any], schema: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {name: set() for name in _tables_of(connection, schema)}
    rows = connection.execute(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = %s",
        (schema,),
    )
    for table, column in rows:
        found.setdefault(table, set()).add(column)
    return found


def _tables_of(connection: psycopg.Connection[Any], schema: str) -> list[str]:
    found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", (schema,))
    return sorted(name for (name,) in found)


@contextmanager
def _connected(schema: str) -> Iterator[psycopg.Connection[Any]]:
    """Connect with a search path of this schema alone; one transaction."""
    reach = postgres.parameters()
    reach["options"] = f"{reach.get('options', '')} -csearch_path={schema}".strip()
    with psycopg.connect(**reach) as connection:
        yield connection


def _run(statement: sql.Composed) -> None:
    with psycopg.connect(**postgres.parameters(), autocommit=True) as connection:
        connection.execute(statement)


def _ours(statement: str) -> LiteralString:
    """Say that a statement is of our own migrations: the catalogue of the fresh schema gave it."""
    return statement
