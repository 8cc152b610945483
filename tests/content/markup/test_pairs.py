"""Every pair of a source and its html comes out byte for byte."""

from pathlib import Path

import pytest
from bench.fuzz.dangers import dangers

from rostra.content.markup.references import Dialect
from tests.content.markup.pairs import html_of, sources


@pytest.mark.parametrize(
    ("dialect", "path"),
    sources(),
    ids=lambda value: value.stem if isinstance(value, Path) else value,
)
def test_pair(dialect: Dialect, path: Path) -> None:
    html = html_of(dialect, path)
    assert html == path.with_suffix(".html").read_text(encoding="utf-8")
    assert dangers(html) == []
