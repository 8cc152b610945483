"""The examples of the suites that others wrote: suite, number, source, expected html."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

DATA = os.environ.get("ROSTRA_TEST_DATA", "")
SUITES = Path(DATA or ".") / "suites"
DIFFERENCES = Path(__file__).parents[3] / "docs/reference/markup-differences.toml"

_GFM = re.compile(r"^`{32} example[^\n]*\n(.*?)^\.\n(.*?)^`{32}$", re.M | re.S)
_FIXTURE = re.compile(r"^\.\n(.*?)^\.\n(.*?)^\.$", re.M | re.S)
# Rewriting quotation marks and dashes, GitHub's alerts and switches of the library are not offered.
_NOT_OFFERED = {"smart_punct", "smartquotes", "typographer", "alerts", "disable_code_block"}


class Example(NamedTuple):
    """One example of a suite."""

    suite: str
    number: str
    source: str
    html: str
    dialect: str = "native"


def markdown_examples() -> Iterator[Example]:
    """Give the examples of CommonMark, of GitHub and of markdown-it's own fixtures."""
    for one in json.loads((SUITES / "markdown/commonmark.json").read_text(encoding="utf-8")):
        yield Example("commonmark", str(one["example"]), one["markdown"], one["html"])
    for path in sorted((SUITES / "markdown/gfm").glob("*.txt")):
        yield from _from(path, f"gfm-{path.stem}", _GFM)
    for path in sorted((SUITES / "markdown/port_fixtures").glob("*.md")):
        yield from _from(path, f"fixtures-{path.stem}", _FIXTURE)


def bbcode_examples() -> Iterator[Example]:
    """Give the pairs of two BBCode libraries."""
    pairs = json.loads((SUITES / "bbcode/dcwatson_bbcode_tests.json").read_text(encoding="utf-8"))
    for number, (source, html) in enumerate(pairs["TESTS"], 1):
        yield Example("dcwatson", str(number), source, html, "bbcode")
    for bundle, dialect in (("Forum", "bbcode"), ("MediaPack", "bbcode"), ("Fatdown", "native")):
        for path in sorted((SUITES / "bbcode/s9e_bundles" / bundle).glob("*.txt")):
            html = path.with_suffix(".html").read_text(encoding="utf-8")
            source = path.read_text(encoding="utf-8")
            yield Example(f"s9e-{bundle}", path.stem, source, html, dialect)


def differences() -> dict[tuple[str, str], str]:
    """Return the reason for each example that is known to differ."""
    listed = tomllib.loads(DIFFERENCES.read_text(encoding="utf-8"))
    return {
        (suite, number): reason
        for suite, reasons in listed["differs"].items()
        for reason, numbers in reasons.items()
        for number in numbers
    }


def reasons() -> dict[str, str]:
    """Return the reasons for differing, in words."""
    listed: dict[str, str] = tomllib.loads(DIFFERENCES.read_text(encoding="utf-8"))["reasons"]
    return listed


def _from(path: Path, suite: str, form: re.Pattern[str]) -> Iterator[Example]:
    if path.stem in _NOT_OFFERED:
        return
    for number, found in enumerate(form.finditer(path.read_text(encoding="utf-8")), 1):
        source, html = found[1].replace("→", "\t"), found[2].replace("→", "\t")
        yield Example(suite, str(number), source, html)
