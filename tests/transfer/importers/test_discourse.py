"""Discourse topics: what is kept, what stays hidden, what stays out."""

import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rostra.transfer.importers.discourse import DiscourseReader
from rostra.transfer.importers.discourse_json import number, text, time_of
from rostra.transfer.records import (
    BoardRecord,
    MemberRecord,
    PostRecord,
    ReactionRecord,
    Record,
    Skipped,
    ThreadRecord,
)
from tests.transfer.importers.corpora import needs_data, unpacked


def post(post_id: int, number: int, **more: Any) -> dict[str, Any]:
    return {
        "id": post_id,
        "post_number": number,
        "post_type": 1,
        "user_id": 7,
        "username": "dana",
        "name": "",
        "created_at": "2014-08-12T03:20:44.000Z",
        "updated_at": "2014-08-13T03:20:44.500Z",
        "version": 1,
        "cooked": f"<p>Words {post_id}</p>",
        "reply_to_post_number": None,
        "actions_summary": [],
        **more,
    }


def topic(topic_id: int, posts: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {
        "id": topic_id,
        "title": "Locks",
        "slug": "locks",
        "category_id": 3,
        "archetype": "regular",
        "created_at": "2014-08-12T03:20:44.000Z",
        "post_stream": {"posts": posts},
        **more,
    }


def read(root: Path, *pages: Any, **how: Any) -> list[Record | Skipped]:
    root = root / "topics"
    root.mkdir(exist_ok=True)
    for at, page in enumerate(pages):
        (root / f"{at}.json").write_text(json.dumps(page))
    return list(
        DiscourseReader(root, root.parent / f"w{random.getrandbits(60):x}", **how).records()
    )


def of[T](records: list[Record | Skipped], kind: type[T]) -> list[T]:
    return [record for record in records if isinstance(record, kind)]


def test_a_topic_becomes_a_thread(tmp_path: Path) -> None:
    posts = [
        post(20, 1, actions_summary=[{"id": 2, "count": 3}, {"id": 3, "count": 9}]),
        post(21, 2, reply_to_post_number=1, version=2, user_id=8, username="Milo"),
        post(22, 5, reply_to_post_number=4, accepted_answer=True),
    ]
    found = read(tmp_path, topic(12, posts, closed=True, pinned=True))
    assert [type(record).__name__ for record in found] == [
        "BoardRecord",
        *["MemberRecord"] * 2,
        "ThreadRecord",
        "PostRecord",
        "ReactionRecord",
        *["PostRecord"] * 2,
    ]
    (thread,) = of(found, ThreadRecord)
    assert (thread.is_locked, thread.is_pinned, thread.answer) == (True, True, "22")
    assert thread.addresses == ("/t/locks/12", "/t/12")
    first, second, third = of(found, PostRecord)
    assert (first.edited_at, second.reply_to, third.reply_to) == (None, "20", None)
    assert second.edited_at is not None
    assert second.edited_at.isoformat() == "2014-08-13T03:20:44.500000+00:00"
    assert first.addresses == ("/t/12/1", "/t/locks/12/1")
    assert first.dialect == "html"
    assert of(found, ReactionRecord) == [ReactionRecord(post="20", count=3)]


def test_raw_text_is_preferred(tmp_path: Path) -> None:
    (found,) = of(read(tmp_path, topic(1, [post(1, 1, raw="**Words**")])), PostRecord)
    assert (found.source, found.dialect) == ("**Words**", "native")


def test_pages_of_a_topic_are_merged(tmp_path: Path) -> None:
    first = topic(1, [post(1, 1), post(2, 2)])
    second = topic(1, [post(2, 2), post(3, 3)])
    del second["title"]
    found = read(tmp_path, second, first)
    assert [record.id for record in of(found, PostRecord)] == ["1", "2", "3"]
    assert of(found, ThreadRecord)[0].title == "Locks"
    assert [skipped.why for skipped in of(found, Skipped)] == ["duplicate_post"]


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ({}, "visible"),
        ({"hidden": True}, "hidden"),
        ({"user_deleted": True}, "withdrawn"),
        ({"deleted_at": "2015-01-01T00:00:00Z"}, "removed"),
        ({"post_type": 2}, "visible"),
    ],
)
def test_states(tmp_path: Path, more: dict[str, Any], state: str) -> None:
    (found,) = of(read(tmp_path, topic(1, [post(1, 1, **more)])), PostRecord)
    assert found.state == state


@pytest.mark.parametrize(("kind", "why"), [(3, "small_action"), (4, "whisper")])
def test_log_entries_and_whispers_stay_out(tmp_path: Path, kind: int, why: str) -> None:
    posts = [post(1, 1), post(2, 2, post_type=kind, cooked="<p>secret</p>")]
    found = read(tmp_path, topic(1, posts))
    assert [skipped.why for skipped in of(found, Skipped)] == [why]
    assert "secret" not in repr(found)


def test_private_messages_stay_out(tmp_path: Path) -> None:
    found = read(tmp_path, topic(1, [post(1, 1)], archetype="private_message"))
    assert found == [Skipped("topic 1", "private_message")]


def test_unlisted_and_deleted_topics_are_not_visible(tmp_path: Path) -> None:
    pages = [topic(1, [post(1, 1)], visible=False), topic(2, [post(2, 1)], deleted_at="x")]
    assert [t.state for t in of(read(tmp_path, *pages), ThreadRecord)] == ["hidden", "removed"]


def test_categories_are_boards_and_closed_ones_private(tmp_path: Path) -> None:
    categories = [
        {"id": 3, "name": "Boats", "slug": "boats", "parent_category_id": 2},
        {"id": 2, "name": "Water", "slug": "water", "read_restricted": True},
        {"id": 9, "name": "Unused"},
    ]
    found = read(tmp_path, topic(1, [post(1, 1)]), {"category_list": {"categories": categories}})
    water, boats = of(found, BoardRecord)
    assert (water.title, water.is_private, water.parent) == ("Water", True, None)
    assert (boats.title, boats.parent, boats.addresses) == ("Boats", "2", ("/c/boats/3", "/c/3"))


def test_without_categories_their_numbers_name_the_boards(tmp_path: Path) -> None:
    assert of(read(tmp_path, topic(1, [post(1, 1)])), BoardRecord)[0].title == "Category 3"
    above, below = of(read(tmp_path, board="Old"), BoardRecord)
    assert (above.title, above.is_category, below.parent) == ("Old", True, above.id)


def test_the_topic_decides_between_two_flagged_answers(tmp_path: Path) -> None:
    posts = [post(1, 1), post(2, 2, accepted_answer=True), post(3, 3, accepted_answer=True)]
    found = read(tmp_path, topic(1, posts, accepted_answer={"post_number": 3}))
    assert of(found, ThreadRecord)[0].answer == "3"


def test_a_renamed_member_has_the_latest_name(tmp_path: Path) -> None:
    posts = [post(1, 1, username="old"), post(2, 2, username="new", user_title="Pilot")]
    (member,) = of(read(tmp_path, topic(1, posts)), MemberRecord)
    assert (member.id, member.name, member.title) == ("7", "new", "Pilot")


def test_other_files_are_named(tmp_path: Path) -> None:
    root = tmp_path / "topics"
    root.mkdir()
    (root / "a.json").write_bytes(b'{"id": "\xff')
    (root / "b.json").write_text("[" * 100_000)
    (root / "c.json").symlink_to(tmp_path / "secret")
    (root / "d.json").write_text('{"x": 1}')
    reasons = [skipped.why for skipped in of(read(tmp_path), Skipped)]
    assert reasons == ["not_json", "not_json", "not_a_regular_file", "not_a_topic"]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.floats(allow_nan=False),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(post(1, 1))), VALUES), VALUES)
def test_values_of_any_type_are_taken(
    tmp_path_factory: pytest.TempPathFactory, odd: Any, answer: Any
) -> None:
    folder = tmp_path_factory.mktemp("odd")
    found = read(folder, topic(1, [post(1, 1), post(2, 2, **odd)], accepted_answer=answer))
    assert of(found, PostRecord)


@pytest.mark.parametrize("value", [None, True, "x", 1 << 70, "9" * 99, [], {}, 1.5, "١٢"])
def test_what_is_no_number_is_none(value: Any) -> None:
    found = number(value)
    assert found is None or abs(found) < 1 << 62


def test_texts_and_times() -> None:
    assert text({"a": "x\x00\ud800"}, "a") == "x"
    assert text({"a": 5, "b": True}, "a") == "5"
    assert time_of({"a": "2014-99-12"}, "a") is None
    assert (
        time_of({"a": "2014-08-12T03:20:44+02:00"}, "a").isoformat() == "2014-08-12T01:20:44+00:00"
    )


@pytest.mark.corpus
@needs_data
def test_the_figures_of_a_discourse_forum(tmp_path: Path) -> None:
    """Of 27,446 posts 72 are entries of the log; one of the 2,745 edited posts is among them."""
    root = unpacked("urho3d_discourse/urho3d-topics-dev.tar.xz", tmp_path)
    found = list(DiscourseReader(root, tmp_path / "work").records())
    posts, threads = of(found, PostRecord), of(found, ThreadRecord)
    assert len(threads) == 3_772
    assert len(posts) == 27_446 - 72
    assert Counter(skipped.why for skipped in of(found, Skipped))["small_action"] == 72
    assert len(of(found, MemberRecord)) == 895 + 14  # who never wrote, and voted in a poll
    assert len(of(found, BoardRecord)) == 11
    assert sum(reaction.count for reaction in of(found, ReactionRecord)) == 7_655
    assert sum(thread.answer is not None for thread in threads) == 495
    assert sum(thread.is_locked for thread in threads) == 27 + 2
    assert sum(record.reply_to is not None for record in posts) == 7_365
    assert sum(record.state == "hidden" for record in posts) == 3
    assert sum(record.edited_at is not None for record in posts) == 2_745 - 1


def test_tags_come_as_names_or_as_objects(tmp_path: Path) -> None:
    named = topic(9, [post(20, 1)], tags=["harbour", {"id": 3, "name": "flood-barrier"}, 7, None])
    records = read(tmp_path, named, topic(10, [post(30, 1)], tags="none"))
    assert [thread.tags for thread in of(records, ThreadRecord)] == [
        ("harbour", "flood-barrier"),
        (),
    ]
