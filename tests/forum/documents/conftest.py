import pytest

from tests.forum.documents import press


@pytest.fixture
def courier(monkeypatch, settings):
    found = press.begin(monkeypatch, settings)
    yield found
    found.close()
