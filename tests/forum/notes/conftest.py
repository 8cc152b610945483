import pytest

from rostra.kernel import jobs


@pytest.fixture(autouse=True)
def _no_clock(monkeypatch):
    """Leave what the clock starts to the tests: panels would be worked on in between."""
    monkeypatch.setattr(jobs, "clockworks", [])
