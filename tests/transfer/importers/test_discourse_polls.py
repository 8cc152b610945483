"""Polls of Discourse: whose votes are told, and which polls have no place here."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.transfer.importers.discourse import DiscourseReader
from rostra.transfer.importers.discourse_polls import polls_in, voters_in
from rostra.transfer.records import (
    Ballot,
    MemberRecord,
    PollRecord,
    PostRecord,
    Skipped,
    ThreadRecord,
)
from tests.transfer.importers.corpora import needs_data, unpacked
from tests.transfer.importers.test_discourse import of, post, read, topic

EMOJI = '<img src="/images/emoji/twitter/+1.png?v=9" title=":+1:" class="emoji" alt=":+1:">'


def poll(**more: Any) -> dict[str, Any]:
    """A poll as the site tells everybody."""
    return {
        "name": "poll",
        "type": "regular",
        "status": "open",
        "public": True,
        "results": "always",
        "options": [
            {"id": "aa", "html": f"{EMOJI} I\u2019m <em>for</em> it", "votes": 2},
            {"id": "bb", "html": "Against &amp; away", "votes": 1},
        ],
        "voters": 3,
        "preloaded_voters": {
            "aa": [{"id": 7, "username": "dana"}, {"id": 90, "username": "Reader"}],
            "bb": [{"id": 8, "username": "Milo"}],
        },
        "title": None,
        **more,
    }


def found(tmp_path: Path, *polls: Any, **more: Any) -> list[Any]:
    return read(tmp_path, topic(12, [post(20, 1, polls=list(polls)), post(21, 2)], **more))


def test_a_public_poll_comes_with_its_voters(tmp_path: Path) -> None:
    records = found(tmp_path, poll(title="Do we <b>build</b>?", close="2016-01-01T00:00:00Z"))
    (made,) = of(records, PollRecord)
    assert (made.thread, made.question) == ("12", "Do we build?")
    assert made.options == ("👍 I\u2019m for it", "Against & away")
    assert (made.counts, made.voters, made.most) == ((2, 1), 3, 1)
    assert made.ballots == (Ballot("7", (1,)), Ballot("90", (1,)), Ballot("8", (2,)))
    assert (made.is_public, made.shows_results, made.is_closed) == (True, True, False)
    assert made.closes_at is not None and made.closes_at.year == 2016
    kinds = [type(record) for record in records]
    assert kinds.index(ThreadRecord) < kinds.index(PollRecord) < kinds.index(PostRecord)
    # Who only voted is a member all the same; who wrote is called as where they wrote.
    names = {record.id: record.name for record in of(records, MemberRecord)}
    assert names == {"7": "dana", "8": "Milo", "90": "Reader"}


def test_of_a_secret_poll_there_are_numbers_alone(tmp_path: Path) -> None:
    """Even where a file names its voters, as one written by staff may."""
    records = found(tmp_path, poll(public=None, status="closed"))
    (made,) = of(records, PollRecord)
    assert (made.counts, made.voters, made.ballots) == ((2, 1), 3, ())
    assert (made.question, made.is_public, made.is_closed) == ("Locks", False, True)
    assert [record.id for record in of(records, MemberRecord)] == ["7"]


def test_several_choices(tmp_path: Path) -> None:
    voters = {"aa": [{"id": 7}], "bb": [{"id": 7}], "cc": [{"id": 7}]}
    options = [{"id": key, "html": key, "votes": 1} for key in ("aa", "bb")]
    one = poll(type="multiple", max=20, options=options, preloaded_voters=voters, voters=1)
    (made,) = of(found(tmp_path, one), PollRecord)
    assert (made.most, made.ballots) == (20, (Ballot("7", (1, 2)),))


def test_a_list_that_was_cut_off(tmp_path: Path) -> None:
    """Of one choice a name tells all; of several it may tell a part, and no part is kept."""
    voters = {"aa": [{"id": 7}], "bb": [{"id": 8}]}
    (single,) = of(found(tmp_path, poll(preloaded_voters=voters)), PollRecord)
    assert (single.ballots, single.voters) == ((Ballot("7", (1,)), Ballot("8", (2,))), 3)
    several = poll(type="multiple", max=2, preloaded_voters=voters)
    (made,) = of(found(tmp_path, several), PollRecord)
    assert (made.ballots, made.counts, made.voters) == ((), (2, 1), 3)


def test_numbers_are_single_choices(tmp_path: Path) -> None:
    one = poll(type="number", min=1, max=5, step=1, results="on_vote", voters=None)
    (made,) = of(found(tmp_path, one), PollRecord)
    assert (made.most, made.voters, made.shows_results) == (1, 3, False)


HIDDEN = [{"id": "aa", "html": "For"}, {"id": "bb", "html": "Against"}]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"type": "ranked_choice"}, "poll_of_another_kind"),
        ({"type": "irv"}, "poll_of_another_kind"),
        ({"options": []}, "poll_without_options"),
        ({"options": HIDDEN, "results": "on_close"}, "poll_results_unknown"),
        ({"options": HIDDEN, "results": "on_vote", "voters": 0}, "poll_results_unknown"),
        ({"results": "staff_only"}, "poll_results_unknown"),
    ],
)
def test_what_cannot_be_kept_honestly_is_left_out(
    tmp_path: Path, more: dict[str, Any], why: str
) -> None:
    records = found(tmp_path, poll(**more))
    assert not of(records, PollRecord)
    assert of(records, Skipped) == [Skipped("poll: poll in post 20", why)]


def test_a_thread_has_the_first_poll_of_its_opening_post(tmp_path: Path) -> None:
    ranks, first, second = poll(type="irv"), poll(), poll(name="poll2")
    posts = [post(20, 1, polls=[ranks, first, second]), post(21, 2, polls=[poll()])]
    records = read(tmp_path, topic(12, posts))
    assert len(of(records, PollRecord)) == 1
    assert [skipped.why for skipped in of(records, Skipped)] == [
        "poll_of_another_kind",
        "second_poll_of_a_thread",
        "poll_in_a_reply",
    ]


def test_a_whispers_poll_is_nobodys_business(tmp_path: Path) -> None:
    posts = [post(20, 1), post(21, 2, post_type=4, polls=[poll()])]
    records = read(tmp_path, topic(12, posts))
    assert not of(records, PollRecord)
    assert [skipped.why for skipped in of(records, Skipped)] == ["whisper"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "options", "votes", "type", "preloaded_voters", "aa", "public"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JSON, JSON)
def test_values_of_any_type_are_taken(one: Any, other: Any) -> None:
    public = {"public": True, "options": other, "preloaded_voters": one}
    odd = {"id": 1, "polls": [one, other, public, {"options": [one, {"votes": other}]}]}
    list(voters_in(odd))
    for record in polls_in(1, "Title", [odd]):
        assert isinstance(record, Skipped) or len(record.options) == len(record.counts)


@pytest.mark.corpus
@needs_data
def test_the_polls_of_a_discourse_forum(tmp_path: Path) -> None:
    """Of 18 polls four stand in replies, one is a thread's second, one shows its results to voters."""
    root = unpacked("urho3d_discourse/urho3d-topics-dev.tar.xz", tmp_path)
    records = list(DiscourseReader(root, tmp_path / "work").records())
    made = of(records, PollRecord)
    assert len(made) == 12
    for one in made:
        named = [place for ballot in one.ballots for place in ballot.places]
        if one.ballots:  # all were listed
            assert one.counts == tuple(named.count(n + 1) for n in range(len(one.options)))
            assert one.voters == len(one.ballots)
    without = {one.thread: one.voters for one in made if not one.ballots}
    assert without == {"5453": 57, "5925": 40}  # lists that were cut off; a secret poll
    left = [skipped.why for skipped in of(records, Skipped) if skipped.what.startswith("poll")]
    assert sorted(left) == [
        *["poll_in_a_reply"] * 4,
        "poll_results_unknown",
        "second_poll_of_a_thread",
    ]
