"""What every test of a page can ask for."""

import pytest

from rostra.effects.search.actions import catch_up


@pytest.fixture
def web(client):
    """A client at the forum's own address."""
    client.defaults["HTTP_HOST"] = "localhost:8000"
    return client


@pytest.fixture(autouse=True)
def _indexed(request):
    """Index the cast, as a worker would have done a moment after it was written."""
    if "cast" in request.fixturenames:
        request.getfixturevalue("cast")
        catch_up()
