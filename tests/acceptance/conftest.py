"""What the tests of the whole can ask for."""

from __future__ import annotations

import os
import secrets
from urllib.parse import urlsplit

import pytest


@pytest.fixture
def environ(tmp_path):
    """A forum of its own: a folder on SQLite, a new database on PostgreSQL."""
    found = {
        "PATH": os.environ["PATH"],
        "ROSTRA_DATA": str(tmp_path / "var"),
        "PYTHONPATH": os.getcwd(),
        "ROSTRA_LOG_LEVEL": "error",
        "ROSTRA_POSTING_LIMITS": "off",
    }
    server = os.environ.get("ROSTRA_TEST_DATABASE_URL")
    if server:
        import psycopg

        name = f"whole_{os.getpid()}_{secrets.token_hex(4)}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        found["DATABASE_URL"] = urlsplit(server)._replace(path=f"/{name}").geturl()
    return found
