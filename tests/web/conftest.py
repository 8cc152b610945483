"""What every test of a page can ask for."""

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from rostra.effects.search.actions import catch_up
from tests.web.door import Door


@pytest.fixture
def web(client):
    """A client at the forum's own address."""
    client.defaults["HTTP_HOST"] = "localhost:8000"
    return client


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
