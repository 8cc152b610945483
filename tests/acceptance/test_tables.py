"""The tables of a new forum, made at once, are those that all migrations one after another make."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
from pathlib import Path

import pytest

from rostra.forum.threads import migrations
from tests.acceptance.beginnings import SERVER, environment, new_database
from tests.acceptance.operating import ROSTRA, run

pytestmark = pytest.mark.django_db  # marks it for the PostgreSQL run; the forums are its own

TABLES = """
import json, re
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
found = {}
with connection.cursor() as cursor:
    for table in connection.introspection.table_names(cursor):
        about = connection.introspection
        columns = [tuple(map(str, column)) for column in about.get_table_description(cursor, table)]
        # What has no name of its own is numbered, by the order of the columns.
        limits = [("" if re.match("__unnamed|fk_[0-9]+$", name) else name, sorted(limit.items()))
                  for name, limit in about.get_constraints(cursor, table).items()]
        relations = [(name, *far[:2]) for name, far in about.get_relations(cursor, table).items()]
        found[table] = [sorted(columns), sorted(limits, key=str), sorted(relations)]
found["applied"] = sorted(MigrationRecorder(connection).applied_migrations())
with connection.cursor() as cursor:
    if connection.vendor == "postgresql":
        cursor.execute("SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint "
                       "WHERE connamespace = current_schema()::regnamespace")
        found["constraints"] = sorted(cursor.fetchall())
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema()")
        found["indexes"] = sorted(cursor.fetchall())
    else:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql <> ''")
        found["indexes"] = sorted(cursor.fetchall())
print(json.dumps(found, default=str))
"""


def test_tables_made_at_once_are_those_of_all_migrations(tmp_path):
    made = []
    for words in ([], ["--one-by-one"]):
        environ = environment(tmp_path / f"var{len(made)}")
        if SERVER:
            name = f"tables_{os.getpid()}_{secrets.token_hex(4)}"
            environ["DATABASE_URL"] = new_database(name)
        command = [*ROSTRA, "manage", "migrate", "-v2", *words]
        said = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
        assert ("Applying" in said.stdout) == bool(words)
        made.append(json.loads(run(TABLES, environ)))
    at_once, one_by_one = made
    assert len(at_once) > 40
    assert at_once.keys() == one_by_one.keys()
    for name, table in one_by_one.items():
        assert at_once[name] == table, name


def test_what_is_there_already_is_migrated(begun):
    """Only where there is nothing are tables made at once: never over somebody's rows."""
    migrate = [*ROSTRA, "manage", "migrate"]
    there, last = sorted(path.stem for path in Path(migrations.__file__).parent.glob("0*.py"))[-2:]
    subprocess.run([*migrate, "-v0", "threads", there], env=begun, check=True)
    said = subprocess.run(migrate, env=begun, capture_output=True, text=True, check=True).stdout
    assert f"Applying threads.{last}" in said
    assert f"Applying threads.{there}" not in said
