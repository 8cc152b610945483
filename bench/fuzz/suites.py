"""What others collected against forums: XSS suites and naughty strings, where they are."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

# html5sec leaves open what its script is to do.
_OPEN = {
    "%js_uri_alert%": "javascript:alert(1)",
    "%js_alert%": "alert(1)",
    "%js_write%": "document.write('x')",
    "%js_alert_only%": "alert(1)",
    "%js_alert_entities%": "&#97;lert(1)",
    "%js_focus%": "focus()",
    "%js_alert_template%": "alert(1)",
    "%html_alert_encoded%": "&lt;img src=x onerror=alert(1)&gt;",
}


def data_folder() -> Path | None:
    """Return the folder that ROSTRA_TEST_DATA names, or None."""
    named = os.environ.get("ROSTRA_TEST_DATA")
    return Path(named) if named else None


def attacks(data: Path | None) -> list[str]:
    """Return the payloads of html5sec, OWASP and DOMPurify, each once; none without a folder."""
    return [text for text in dict.fromkeys(_attacks(data / "suites/xss")) if text] if data else []


def naughty(data: Path | None) -> list[str]:
    """Return the strings that have broken other programs, each once; none without a folder."""
    if data is None:
        return []
    return [
        text for text in dict.fromkeys(_read(data / "suites/naughty_strings/blns.json")) if text
    ]


def _attacks(xss: Path) -> Iterator[str]:
    for item in _read(xss / "h5sc_items.json"):
        for text in strings(item):
            if "<" in text or ":" in text:
                yield _filled(text)
    yield from (xss / "h5sc_vectors.txt").read_text(encoding="utf-8").splitlines()
    yield from (xss / "h5sc_rss_vectors.txt").read_text(encoding="utf-8").splitlines()
    yield from strings(_read(xss / "owasp_payloads.json"))
    yield from (item["payload"] for item in _read(xss / "dompurify_expect.json"))


def strings(value: object) -> Iterator[str]:
    """Give every text in a value read from JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from strings(one)


def _filled(text: str) -> str:
    for name, script in _OPEN.items():
        text = text.replace(name, script)
    return text


def _read(path: Path) -> list:  # type: ignore[type-arg]
    found: list = json.loads(path.read_text(encoding="utf-8"))  # type: ignore[type-arg]
    return found
