"""JSON that parsers differ about, in what forums are brought in from (SEC-107)."""

from __future__ import annotations

import json

import pytest

from rostra.transfer.archive_format import record_of
from rostra.transfer.importers.discourse_json import items, load_json, number, text

THREAD = '"board":"b","title":"t","author":"m","id":"1"'
ODD = {
    "deep lists": "[" * 100_000 + "]" * 100_000,
    "deep objects": '{"a":' * 100_000 + "1" + "}" * 100_000,
    "deep within a field": '{"id":' + "[" * 100_000,
    "a million digits": '{"id":' + "9" * 1_000_000 + "}",
    "not a number": '{"id":NaN}',
    "infinity": '{"id":-Infinity}',
    "beyond a double": '{"id":1e999999}',
    "lone surrogate": '{"id":"\\ud800"}',
    "lone surrogate as a name": '{"\\udfff":1}',
    "nul": '{"id":"a\\u0000b"}',
    "raw control": '{"id":"a\x00b"}',
    "same key twice": '{"id":"1","id":"2"}',
    "a prototype": '{"__proto__":{"id":"1"},"constructor":1}',
    "nothing": "",
    "a word": "null",
    "a list": "[]",
    "two values": '{"id":"1"}{"id":"2"}',
    "cut off": '{"id":"1"',
    "byte order mark": '\ufeff{"id":"1"}',
    "comment": '{"id":"1"/*x*/}',
    "bool for a number": '{"id":true}',
}


@pytest.mark.parametrize("kind", ["board", "member", "thread", "post", "reaction"])
@pytest.mark.parametrize("case", ODD)
def test_a_line_is_a_record_or_says_why_not(kind, case):
    """SEC-107: a sentence, never another error; what comes through holds what a database takes."""
    try:
        record = record_of(kind, ODD[case])
    except ValueError as error:
        assert len(str(error)) < 300
        assert str(error).isprintable()
    else:
        words = json.dumps(
            vars(record) if hasattr(record, "__dict__") else repr(record), default=str
        )
        assert "\\u0000" not in words


@pytest.mark.parametrize("case", ODD)
def test_a_file_is_read_or_left_out(tmp_path, case):
    """SEC-107: what another forum wrote; wrong types count as absent."""
    file = tmp_path / "1.json"
    file.write_bytes(ODD[case].encode("utf-8", "surrogatepass"))
    data = load_json(file)
    assert items(data, "posts") == []
    if isinstance(data, dict):
        found = text(data, "id")
        assert "\x00" not in found
        found.encode()
        assert number(data.get("id")) is None or abs(number(data["id"])) < 1 << 62
