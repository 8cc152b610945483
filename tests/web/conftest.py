"""What every test of a page can ask for."""

import pytest


@pytest.fixture
def web(client):
    """A client at the forum's own address."""
    client.defaults["HTTP_HOST"] = "localhost:8000"
    return client
