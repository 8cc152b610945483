"""The archive's lines: one way to write a record, and a sentence for what is not one."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.transfer.archive_format import CLASSES, canonical, kind_of, line_of, record_of
from rostra.transfer.records import OtherRecord, PostRecord, ReactionRecord, ThreadRecord

WHEN = datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_what_is_as_by_default_is_left_out() -> None:
    assert line_of(ReactionRecord(post="1")) == '{"post":"1"}'
    assert line_of(OtherRecord(kind="grant")) == '{"kind":"grant"}'


def test_keys_are_sorted_and_characters_stay() -> None:
    thread = ThreadRecord(id="1", board="b", title="مرحبا", created_at=WHEN, addresses=("/a",))
    assert line_of(thread) == (
        '{"addresses":["/a"],"board":"b","created_at":"2020-01-02T03:04:05Z","id":"1",'
        '"title":"مرحبا"}'
    )


def test_times_are_utc_with_microseconds_only_where_there_are_some() -> None:
    zone = timezone(timedelta(hours=2))
    at = datetime(2020, 1, 2, 5, 4, 5, 60, tzinfo=zone)
    assert (
        line_of(ReactionRecord(post="1", at=at))
        == '{"at":"2020-01-02T03:04:05.000060Z","post":"1"}'
    )


@pytest.mark.parametrize(
    ("kind", "line", "sentence"),
    [
        ("post", "nonsense", "is not JSON"),
        ("post", "[]", "not a JSON object"),
        ("board", '{"id":"1"}', "lacks its field “title”"),
        ("board", '{"id":"1","title":"t","color":1}', "no field “color”"),
        ("board", '{"id":1,"title":"t"}', "The field “id”"),
        ("board", '{"id":"1","title":"t","position":true}', "The field “position”"),
        ("board", '{"id":"1","title":"t","is_private":1}', "The field “is_private”"),
        ("thread", '{"id":"1","board":"b","title":"t","state":"gone"}', "The field “state”"),
        ("thread", '{"id":"1","board":"b","title":"t","created_at":"2020"}', "“created_at”"),
        ("thread", '{"id":"1","board":"b","title":"t","addresses":[1]}', "“addresses”"),
        ("thread", '{"id":"1","board":"b","title":null}', "“title”"),
        ("post", '{"id":"1","thread":"t","source":"\\ud800","dialect":"plain"}', "“source”"),
        ("other", '{"kind":"x","data":[]}', "“data”"),
    ],
)
def test_what_is_not_a_record_is_refused_with_a_sentence(
    kind: str, line: str, sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        record_of(kind, line)  # type: ignore[arg-type]


TEXT = st.text(st.characters(codec="utf-8"), max_size=10)
TIMES = st.none() | st.datetimes(timezones=st.just(UTC))


@given(TEXT, TEXT, TIMES, st.none() | TEXT, st.booleans(), st.lists(TEXT).map(tuple))
def test_every_record_comes_back(a: str, b: str, at: object, c: object, d: bool, e: object) -> None:
    post = PostRecord(
        id=a, thread=b, source=a, dialect="plain", created_at=at, author=c,
        is_edited_by_moderator=d, addresses=e,
    )  # fmt: skip
    assert record_of("post", line_of(post)) == post
    assert line_of(record_of("post", line_of(post))) == line_of(post)


def test_every_kind_has_a_class_whose_fields_can_be_read() -> None:
    for kind, found in CLASSES.items():
        required = {
            item.name: "x" for item in fields(found) if item.name in ("id", "title", "board")
        }
        required |= {
            item.name: "x" for item in fields(found) if item.name in ("name", "post", "kind")
        }
        if kind == "thread":
            required["kind"] = "news"
        if kind == "post":
            required |= {"thread": "x", "source": "x", "dialect": "plain"}
        assert kind_of(record_of(kind, canonical(required))) == kind
