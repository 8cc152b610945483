"""A data folder for each test: who is erased is written down in it."""

import dataclasses

import pytest


@pytest.fixture(autouse=True)
def _of_its_own(tmp_path, settings):
    settings.ROSTRA = dataclasses.replace(settings.ROSTRA, data=tmp_path)
