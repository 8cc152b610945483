"""What every test can ask for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import invariants, kept_cast
from tests.cast import Cast
from tests.forgetting import forget_everything

# A busy machine is slow, not wrong.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Build the assets before anybody reads them: the first server of a test would, meanwhile."""
    if not hasattr(session.config, "workerinput"):
        from rostra.web import assets

        if not assets.is_current():
            assets.build()


@pytest.fixture(autouse=True)
def _nothing_kept():
    forget_everything()


@pytest.fixture(autouse=True)
def _words_forgotten(request):
    """Empty the table of words after tests that commit: Django flushes only its own."""
    if "transactional_db" in request.fixturenames:
        request.getfixturevalue("transactional_db")
    yield
    if "transactional_db" in request.fixturenames:
        from rostra.effects.search.backends import backend

        backend().create_anew()


@pytest.fixture(autouse=True)
def _the_log_holds(request):
    """Whatever a test did, every restriction has its statement, and no entry tells too much."""
    touches = {"db", "transactional_db"} & set(request.fixturenames)
    for name in touches:
        request.getfixturevalue(name)  # it is rolled back after this has looked
    yield
    if touches and "breaks_the_log" not in request.keywords:
        assert invariants.of_the_log() == []


@pytest.fixture
def cast(db) -> Cast:
    return kept_cast.cast()


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The folder of real data and other people's suites; without it the test is skipped."""
    if "ROSTRA_TEST_DATA" not in os.environ:
        pytest.skip("ROSTRA_TEST_DATA is not set: no corpora, no suites")
    return Path(os.environ["ROSTRA_TEST_DATA"])


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave long tests to bin/nightly; on PostgreSQL run what touches a database.

    The longest come first, so that no worker is left with one when the others have ended.
    """
    items.sort(key=_how_soon)
    if "NIGHTLY" not in os.environ:
        by_night = ["nightly"]
        if "ROSTRA_TEST_DATABASE_URL" in os.environ:
            by_night.append("postgresql_by_night")
        left = [item for item in items if any(map(item.get_closest_marker, by_night))]
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]
    if "ROSTRA_TEST_DATABASE_URL" not in os.environ or config.getoption("-m") != "not journey":
        return
    kept: dict[bool, list[pytest.Item]] = {True: [], False: []}
    for item in items:
        kept[_touches_a_database(item)].append(item)
    config.hook.pytest_deselected(items=kept[False])
    items[:] = kept[True]


def _how_soon(item: pytest.Item) -> int:
    if item.get_closest_marker("long"):
        return 0
    return 1 if "/acceptance/" in item.nodeid else 2


def _touches_a_database(item: pytest.Item) -> bool:
    names = set(getattr(item, "fixturenames", ()))
    is_marked = item.get_closest_marker("django_db") is not None
    return is_marked or bool(names & {"db", "transactional_db", "site"})
