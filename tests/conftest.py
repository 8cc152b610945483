"""What every test can ask for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cast import Cast, assemble


@pytest.fixture(autouse=True)
def _nothing_kept():
    """Drop what a process keeps in memory: tests roll back the versions it depends on."""
    from rostra.forum.access import queries as access
    from rostra.forum.boards import queries as boards

    access.forget()
    boards.forget()


@pytest.fixture
def cast(db) -> Cast:
    return assemble()


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The folder of real data and other people's suites; without it the test is skipped."""
    if "ROSTRA_TEST_DATA" not in os.environ:
        pytest.skip("ROSTRA_TEST_DATA is not set: no corpora, no suites")
    return Path(os.environ["ROSTRA_TEST_DATA"])
