"""Where the published corpora are, and how a test unpacks one outside the project."""

import os
import tarfile
from pathlib import Path

import pytest

DATA = os.environ.get("ROSTRA_TEST_DATA", "")
needs_data = pytest.mark.skipif(not DATA, reason="ROSTRA_TEST_DATA names no folder of test data")


def corpus(name: str) -> Path:
    return Path(DATA) / "data" / name


def unpacked(name: str, folder: Path) -> Path:
    """Unpack a corpus; return its only folder, or the one made for it."""
    target = folder / "corpus"
    with tarfile.open(corpus(name)) as tar:
        tar.extractall(target, filter="data")
    inner = list(target.iterdir())
    return inner[0] if len(inner) == 1 else target
