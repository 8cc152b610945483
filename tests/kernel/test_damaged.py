"""A database that is damaged where its tables are described (REL-003)."""

from __future__ import annotations

import copy
import sqlite3

import pytest
from django.db import DatabaseError, connection

from rostra.kernel.sqlite3.base import DatabaseWrapper


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite alone keeps one file")
def test_what_is_not_even_text_is_said_to_be_damage(tmp_path):
    path = tmp_path / "rostra.sqlite3"
    with sqlite3.connect(path) as plain:
        plain.execute("CREATE TABLE kept (words TEXT)")
        plain.execute("PRAGMA writable_schema = ON")
        plain.execute("UPDATE sqlite_master SET sql = CAST(x'435245415445206b657074ce28' AS TEXT)")
    plain.close()
    told = copy.deepcopy(connection.settings_dict) | {"NAME": str(path), "TEST": {"NAME": None}}
    damaged = DatabaseWrapper(told)
    with pytest.raises(DatabaseError, match="malformed"):
        damaged.ensure_connection()
