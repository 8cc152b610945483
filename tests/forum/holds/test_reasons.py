"""For which reasons posts wait, and who decides about them; no database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from rostra.forum.access.viewer import Viewer
from rostra.forum.holds import rules, signals
from rostra.forum.holds.rules import Cautions, HoldFacts, Reason, TraceRow

NOW = datetime(2026, 11, 20, tzinfo=UTC)
MOD = Viewer(member_id=1, grants={"see": frozenset({3}), "moderate": frozenset({3})})
TEXT = (
    "We were at the harbour this morning and looked at the barrier for an hour; it was closed in"
    " time and the water stood a hand below the mark of last year, as my neighbour says."
)
AD = "Best prices for used cars in the whole city, call us today and drive home tomorrow"


@pytest.mark.parametrize(
    ("viewer", "hold", "reason"),
    [
        (Viewer(), HoldFacts(3, 5, "waiting"), "log_in_first"),
        (replace(MOD, suspended_until=NOW), HoldFacts(3, 5, "waiting"), "suspended"),
        (MOD, HoldFacts(4, 5, "waiting"), "not_a_moderator_here"),
        (MOD, HoldFacts(3, 1, "waiting"), "own_held_post"),
        (MOD, HoldFacts(3, 5, "rejected"), "hold_is_rejected"),
        (MOD, HoldFacts(3, 5, "waiting"), ""),
        (MOD, HoldFacts(3, None, "waiting"), ""),
    ],
)
def test_who_decides(viewer, hold, reason):
    """SEC-062: only in their boards, and nobody about their own."""
    assert rules.may_decide(viewer, hold).reason == reason


def test_places_let_wait_whatever_is_said():
    held = Cautions(frozenset({7}), frozenset({3}), frozenset({4}), frozenset({9}))

    def names(board, thread, groups=()):
        found = rules.by_place(held, board_id=board, thread_id=thread, groups=groups)
        return [one.name for one in found]

    assert names(3, None) == ["threads"]
    assert names(3, 8) == []
    assert names(4, None) == names(4, 8) == ["board"]
    assert names(5, 9, (6, 7)) == ["group", "thread"]


@pytest.mark.parametrize(
    ("source", "links", "posts", "expected"),
    [
        (TEXT, (), 0, []),
        (f"{TEXT} https://a.example/", ("https://a.example/",), 0, ["first_link"]),
        (f"{TEXT} https://a.example/", ("https://a.example/",), 2, []),
        ("https://a.example/", ("https://a.example/",), 1, ["little_but_links"]),
        (f"{TEXT} https://bit.ly/x", ("https://bit.ly/x",), 2, ["shortened_link"]),
        (f"{TEXT} call +49 (0) 151 23456789", (), 2, ["contact"]),
        (f"{TEXT} https://t.me/x", ("https://t.me/x",), 2, ["contact"]),
        (f"{TEXT} in 1789-1799, 3.141.592.653 times", (), 2, []),
        ("Buy chеap wаtches here", (), 2, ["mixed_letters"]),
        ("Онлайн casino тут", (), 2, []),
        ("che\u200bap watches", (), 2, ["unseen_signs"]),
        ("می\u200cخواهم بدانم", (), 2, []),  # Persian writes with it
        (TEXT.upper(), (), 2, ["shouting"]),
    ],
)
def test_signals_have_names(source, links, posts, expected):
    """ABU-004."""
    assert signals.signals_of(source, links, posts=posts) == expected


def test_one_signal_alone_lets_nothing_wait():
    """ABU-004."""
    assert all(weight < signals.HOLDS_AT for weight in signals.WEIGHTS.values())
    bare = ["first_link", "little_but_links"]
    assert rules.by_signals(bare) == [Reason("signals", "first_link, little_but_links")]
    assert rules.by_signals(["first_link", "contact"]) == []  # a number below a signature


def test_nearly_the_same_words_are_found():
    print_, other = signals.print_of(AD), signals.print_of(TEXT)
    assert signals.print_of("Too few words to compare.") is None
    assert not signals.is_near(print_, other)
    assert signals.print_of(AD.upper() + "!!!") == print_
    assert signals.is_near(print_, print_ ^ 0b111)
    assert not signals.is_near(print_, print_ ^ 0b1111)


def traces(source, links, members, at=NOW):
    marks = signals.marks_of(source, links)
    return [TraceRow(key, value, who, at) for who in members for key, value in marks.traces()]


@pytest.mark.parametrize(
    ("earlier", "names"),
    [
        (traces(AD, (), [8]), []),
        (traces(AD, (), [8, 9]), ["same_words"]),
        (traces(AD, (), [5, 5]), []),  # one's own
        (traces(AD, (), [8, 9], NOW - timedelta(hours=25)), []),
        (traces(TEXT, (), [8, 9]), []),
    ],
)
def test_the_third_new_account_that_says_the_same_waits(earlier, names):
    """ABU-005."""
    found, bunch = rules.by_company(signals.marks_of(AD, ()), earlier, 5, NOW)
    assert [one.name for one in found] == names
    assert bool(bunch) == bool(names)


def test_the_third_that_leads_to_one_host_or_number_waits():
    """ABU-005; and a newcomer's own third post to one host."""
    links, source = ("https://www.shop.example/a",), f"{TEXT} 0151 23456789"
    marks = signals.marks_of(source, links)
    others = traces(source, ("http://shop.example/b",), [8, 9])
    found, bunch = rules.by_company(marks._replace(print=None), others, 5, NOW)
    assert found == [
        Reason("same_host", "shop.example"),
        Reason("same_number", "015123456789"),
    ]
    assert bunch == "host:shop.example"
    own = traces(source, links, [5, 5], NOW - timedelta(days=3))
    found, bunch = rules.by_company(marks._replace(numbers=(), print=None), own, 5, NOW)
    assert (found, bunch) == ([Reason("host", "shop.example")], "")
