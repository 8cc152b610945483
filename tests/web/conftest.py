"""What every test of a page can ask for."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from rostra.effects.search.actions import catch_up
from rostra.forum.notes.releases import FOLDER
from tests.web.door import Door

HERE = Path(__file__).parent
# What of the pages PostgreSQL is asked for by day: who sees what, what each screen costs, what is
# found. Their actions run on both databases always, the rest of the pages by night.
BY_DAY_ON_POSTGRESQL = ("test_matrix", "test_screens", "test_visibility", "test_search")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == HERE and item.path.stem not in BY_DAY_ON_POSTGRESQL:
            item.add_marker(pytest.mark.postgresql_by_night)


@pytest.fixture
def web(client):
    """A client at the forum's own address."""
    client.defaults["HTTP_HOST"] = "localhost:8000"
    return client


@pytest.fixture(autouse=True)
def _nothing_published():
    """Releases lie in the data folder, which no test rolls back: one of a later day would win."""
    shutil.rmtree(settings.ROSTRA.data / FOLDER, ignore_errors=True)


@pytest.fixture
def indexed(cast):
    """The cast in the index, as a worker would have put it a moment after it was written."""
    catch_up()


@pytest.fixture
def door(cast):
    """A door whose requests leave the connection open: the test's transaction is on it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield Door()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
