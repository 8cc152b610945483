"""What became of a passage, and how alike two texts are."""

from __future__ import annotations

from rostra.content.previews.passages import ALIKE, became, find, likeness

OLD = "The head line.\nThe authority says the barrier was closed at six.\n" + "\n".join(
    f"Paragraph {n} of many others, with its own words." for n in range(40)
)
QUOTE = "the barrier was  closed\nat six."


def test_a_passage_is_found_whatever_its_white_space():
    start, end = find(QUOTE, OLD)
    assert OLD[start:end] == "the barrier was closed at six."
    assert find("was closed at seven", OLD) is None
    assert find("six", OLD) is None  # it stands in any text


def test_what_became_of_it():
    assert [p.kind for p in became(QUOTE, OLD, OLD + "\nMore.")] == ["same"]
    changed = became(QUOTE, OLD, OLD.replace("closed at six", "closed at nine"))
    assert [(p.kind, p.text) for p in changed if p.kind != "same"] == [
        ("out", "six"), ("in", "nine"),
    ]  # fmt: skip
    gone = became(QUOTE, OLD, "Nothing of it.")
    assert [p.kind for p in gone] == ["out"]
    assert became("words that never stood there", OLD, OLD) is None


def test_no_more_than_a_little_of_it_is_shown():
    """The saved text is for quoting: what is shown of it stands around a quoted passage."""
    long = "word " * 400 + "the passage in question " + "word " * 400
    shown = "".join(p.text for p in became("the passage in question", long, "else"))
    assert len(shown) <= 700


def test_alike():
    assert likeness(OLD, OLD) == 1.0
    assert likeness(OLD, OLD.replace("six", "nine")) > ALIKE
    assert likeness(OLD, OLD[: len(OLD) // 2]) < ALIKE
    assert likeness("", "One two three") == 0.0
