"""Polls of an origin: every vote counted once, nobody named who was not, nobody twice."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from rostra.forum.members.models import Member
from rostra.forum.polls.actions import edit_poll, plan_of, vote
from rostra.forum.polls.erasing import erase_ballots
from rostra.forum.polls.models import Option, Poll, Vote
from rostra.forum.polls.queries import find_poll, own_votes
from rostra.forum.threads.models import BoardStats, Thread
from rostra.kernel import clock
from rostra.kernel.errors import Refused
from rostra.transfer.archive.polls import polls_in
from rostra.transfer.archive.restoring import restore
from rostra.transfer.archive.writing import write_archive
from rostra.transfer.integrity import examine
from rostra.transfer.load.run import load
from rostra.transfer.records import (
    Ballot,
    BoardRecord,
    MemberRecord,
    PollRecord,
    PostRecord,
    Skipped,
    ThreadRecord,
)
from tests.transfer.test_archive import empty_everything
from tests.transfer.test_load import Reader

pytestmark = pytest.mark.django_db
AT = datetime(2012, 3, 4, 5, 6, tzinfo=UTC)


def poll(**more):
    words = {
        "thread": "t", "question": "Which way?", "options": ("Quay", "Mill Street", "Neither"),
        "counts": (2, 1, 0), "voters": 3, "is_public": True,
        "ballots": (Ballot("1", (1,), AT), Ballot("2", (2,)), Ballot("3", (1,))),
    }  # fmt: skip
    return PollRecord(**(words | more))


def forum(*polls):
    """Three people, a thread and its poll."""
    yield BoardRecord(id="b", title="Old board")
    for key in ("1", "2", "3"):
        yield MemberRecord(id=key, name=f"Old {key}")
    yield ThreadRecord(id="t", board="b", title="Tram", starter="1", created_at=AT)
    yield from polls
    yield PostRecord(id="p", thread="t", author="1", source="Vote.", dialect="plain", created_at=AT)
    yield PostRecord(id="q", thread="t", author="2", source="I did.", dialect="plain")


def brought(folder, *polls):
    report = load(Reader(*forum(*polls)), folder, processes=1)
    assert report.is_balanced()
    assert examine() == []
    return report


def counts():
    return list(Option.objects.order_by("place").values_list("vote_count", "without_names"))


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "import"


def test_a_poll_comes_with_everybodys_vote_and_stays_open(cast, folder):
    report = brought(folder, poll(closes_at=clock.now() + timedelta(days=2), may_change=False))
    assert report.as_json()["counts"]["poll"] == {
        "read": 1, "written": 1, "already_there": 0, "skipped": 0,
    }  # fmt: skip
    made = Poll.objects.get()
    assert (made.question, made.voter_count, made.without_names) == ("Which way?", 3, 0)
    assert (made.most, made.is_public, made.may_change) == (1, True, False)
    assert counts() == [(2, 0), (1, 0), (0, 0)]
    member = Member.objects.get(name="Old 1")
    assert own_votes(member.pk) == [(made.pk, 1, AT)]
    assert own_votes(Member.objects.get(name="Old 2").pk) == [(made.pk, 2, None)]
    assert Thread.objects.get(title="Tram").has_poll
    with pytest.raises(Refused, match="vote_is_cast"):
        vote(cast.view(member), made.pk, [3])
    vote(cast.view(cast.quay), made.pk, [3])
    assert counts() == [(2, 0), (1, 0), (1, 0)]
    assert examine() == []


@pytest.mark.parametrize("ballots", [(), (Ballot("1", (1,)), Ballot("nobody", (2,)))])
def test_votes_without_names_are_counted_and_the_poll_is_over(cast, folder, ballots):
    """Whoever cast one of them could vote again."""
    brought(folder, poll(ballots=ballots, closes_at=clock.now() + timedelta(days=99)))
    made = Poll.objects.get()
    known = min(len(ballots), 1)
    assert (made.voter_count, made.without_names) == (3, 3 - known)
    assert counts() == [(2, 2 - known), (1, 1), (0, 0)]
    assert made.closes_at <= clock.now()
    with pytest.raises(Refused, match="poll_closed"):
        vote(cast.view(cast.quay), made.pk, [3])
    Option.objects.update(vote_count=9)
    Poll.objects.update(voter_count=9)
    examine(repair=True)
    assert [count for count, _ in counts()] == [2, 1, 0]
    assert Poll.objects.get().voter_count == 3


def test_when_it_was_closed_stays_known(folder):
    brought(folder, poll(closes_at=AT, is_closed=True))
    assert Poll.objects.get().closes_at == AT


def test_when_it_was_closed_is_not_made_up(cast, folder):
    later = clock.now() + timedelta(days=1)
    brought(folder, poll(ballots=(), is_closed=True, closes_at=later))
    thread = Thread.objects.get(title="Tram")
    shown = find_poll(cast.view(cast.admin), thread.pk, thread)
    assert (shown.is_closed, shown.closes_at) == (True, None)


def test_a_ballot_of_several_and_odd_ones(folder):
    """What no option is, is no vote; a second ballot of the same member is none; sums are exact."""
    ballots = (Ballot("1", (3, 1, 3)), Ballot("1", (2,)), Ballot("2", (0, 7)), Ballot("3", ()))
    brought(folder, poll(most=2, counts=(4, 2, 1), voters=5, ballots=ballots))
    made = Poll.objects.get()
    assert (made.most, made.voter_count, made.without_names) == (2, 5, 4)
    assert counts() == [(4, 3), (2, 2), (1, 0)]
    assert Vote.objects.count() == 2


def test_more_votes_than_the_origin_counted_are_counted(folder):
    brought(folder, poll(counts=(0, 0, -3), voters=0, most=0))
    assert counts() == [(2, 0), (1, 0), (0, 0)]
    assert (Poll.objects.get().voter_count, Poll.objects.get().most) == (3, 1)


def test_a_second_run_adds_nothing_and_a_poll_may_come_later(folder):
    brought(folder)
    version = Thread.objects.get(title="Tram").version
    boards = BoardStats.objects.get(board__title="Old board").version
    assert brought(folder, poll()).written["poll"] == 1
    thread = Thread.objects.get(title="Tram")
    assert thread.has_poll and thread.version == version + 1  # no kept page shows it without
    assert BoardStats.objects.get(board__title="Old board").version == boards + 1
    again = brought(folder, poll(counts=(9, 9, 9), ballots=()))
    assert (again.known["poll"], again.written["poll"]) == (1, 0)
    assert counts() == [(2, 0), (1, 0), (0, 0)]


@pytest.mark.parametrize("die_after", range(1, 8))
def test_killed_anywhere_it_goes_on_where_it_was(folder, die_after, monkeypatch):
    """REL-056."""
    from rostra.transfer.load import run

    monkeypatch.setattr(run, "POSTS", 1)
    monkeypatch.setattr(run, "RECORDS", 2)
    with pytest.raises(KeyboardInterrupt):
        load(Reader(*forum(poll()), die_after=die_after), folder, processes=1)
    brought(folder, poll())
    assert (Poll.objects.count(), counts()) == (1, [(2, 0), (1, 0), (0, 0)])


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"thread": "nowhere"}, "thread_unknown"),
        ({"options": (), "counts": ()}, "poll_options_number"),
        ({"options": ("x",) * 101, "counts": (0,) * 101}, "poll_options_number"),
        ({"counts": (1, 2)}, "poll_options_number"),
        ({"counts": (1, 2, 1 << 40)}, "poll_counts_impossible"),
        ({"voters": 1 << 61}, "poll_counts_impossible"),
    ],
)
def test_what_does_not_fit_is_named(folder, more, why):
    report = brought(folder, poll(ballots=(), **more))
    assert dict(report.reasons) == {why: 1}
    assert json.loads((folder / "skipped.jsonl").read_text())["kind"] == "poll"
    assert not Poll.objects.exists() and not Thread.objects.get(title="Tram").has_poll


def test_two_of_one_thread(folder):
    assert dict(brought(folder, poll(), poll()).reasons) == {"second_poll_of_a_thread": 1}


def test_hostile_and_long_words_are_lines_of_text(folder):
    brought(folder, poll(question="Q\0\u2028" + "x" * 400, options=("<b>\n1", "", "y" * 201)))
    made = Poll.objects.get()
    assert len(made.question) == 200 and made.question.startswith("Q� xx")
    texts = list(Option.objects.order_by("place").values_list("text", flat=True))
    assert texts == ["<b> 1", "…", "y" * 199 + "…"]


def test_a_moderator_changes_words_of_more_options_than_are_made_here(cast, folder):
    names = tuple(f"Option {n}" for n in range(20))
    brought(folder, poll(options=names, counts=(1,) * 20, voters=20, ballots=(), most=20))
    made = Poll.objects.get()
    plan = plan_of(made)._replace(options=("A name", *names[1:]))
    edit_poll(cast.view(cast.admin), made.pk, plan, reason="The option named a private person.")
    assert Option.objects.get(place=1).text == "A name"
    assert [count for count, _ in counts()] == [1] * 20
    assert examine() == []


def test_who_is_erased_is_taken_out_of_the_count(folder):
    """PRV: of votes without names nothing leads to anybody."""
    brought(folder, poll(counts=(5, 1, 0), voters=6))
    erase_ballots(Member.objects.get(name="Old 1").pk, 10)
    assert counts() == [(4, 3), (1, 0), (0, 0)]
    assert Poll.objects.get().voter_count == 5
    assert examine() == []


def test_it_is_in_the_archive_and_comes_back(cast, folder, tmp_path):
    brought(folder, poll(counts=(5, 1, 0), voters=6))
    tables = (Poll, Option, Vote)
    before = [list(table.objects.order_by("pk").values()) for table in tables]
    write_archive(tmp_path / "archive")
    lines = (tmp_path / "archive" / "polls.jsonl").read_text()
    assert json.loads(lines)["without_names"] == 3
    empty_everything()
    restore(tmp_path / "archive", tmp_path / "work")
    assert [list(table.objects.order_by("pk").values()) for table in tables] == before
    assert examine() == []


ROW = {
    "thread_id": 1, "question": "Q", "most": 1, "closes_at": None, "is_public": False,
    "may_change": True, "shows_results": True,
}  # fmt: skip
OPTION, VOTE = {"id": 5, "poll_id": 1, "place": 1, "text": "A"}, {"id": 1, "poll_id": 1}
VOTE |= {"option_id": 5, "member_id": 8, "at": "2026-11-20T07:10:00.000003Z"}


def read(rows, options=(OPTION,), votes=(VOTE,)):
    files = {"polls": rows, "poll_options": options, "poll_votes": votes}
    lines = {
        name: [x if isinstance(x, str) else json.dumps(x) for x in files[name]] for name in files
    }
    return list(polls_in(lambda name: iter(lines[name])))


def test_rows_of_an_archive_are_a_record():
    """Older archives know nothing of votes without names."""
    (made,) = read([ROW], votes=[VOTE, VOTE | {"option_id": 99}])
    at = datetime(2026, 11, 20, 7, 10, 0, 3, tzinfo=UTC)
    assert (made.counts, made.voters, made.ballots) == ((1,), 1, (Ballot("8", (1,), at),))
    (made,) = read([ROW | {"without_names": 4}], [OPTION | {"without_names": 3}], [])
    assert (made.counts, made.voters) == ((3,), 4)


@pytest.mark.parametrize(
    "odd",
    ["", "[]", "[" * 100_000, "null", "{}", ROW | {"thread_id": "1"}, ROW | {"most": True},
     ROW | {"closes_at": "soon"}, ROW | {"closes_at": 5}, ROW | {"more": 1},
     ROW | {"closes_at": "0001-01-01T00:00:00+14:00"}, ROW | {"without_names": -1},
     ROW | {"thread_id": 1 << 63}],
    ids=lambda odd: str(odd)[:40],
)  # fmt: skip
def test_a_line_is_read_or_says_why_not(odd):
    """SEC-107."""
    (skipped,) = read([odd])
    assert skipped.what == "poll: polls line 1" and skipped.why.startswith("unreadable: ")
    assert [type(one) for one in read([ROW], [odd], [odd])] == [Skipped, Skipped, PollRecord]
