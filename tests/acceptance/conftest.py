"""What the tests of the whole can ask for."""

from __future__ import annotations

import os
import secrets

import pytest

from tests.acceptance.beginnings import SERVER, begin, environment, new_database


@pytest.fixture
def environ(tmp_path):
    """A place for a forum of its own: a folder on SQLite, a new database on PostgreSQL."""
    found = environment(tmp_path / "var")
    if SERVER:
        found["DATABASE_URL"] = new_database(f"whole_{os.getpid()}_{secrets.token_hex(4)}")
    return found


@pytest.fixture
def begun(environ):
    """That place with a forum in it that has all tables and nothing else."""
    begin(environ)
    return environ
