"""When and where what a claim says happened, and its tags: A1."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.forum.claims.actions.describing import accept_description, describe_claim
from rostra.forum.claims.actions.making import make_claim
from rostra.forum.claims.circumstances import (
    NOTHING,
    Circumstances,
    as_text,
    checked,
    from_text,
)
from rostra.forum.claims.models import Claim, ClaimEvent, Tagged
from rostra.forum.claims.queries import Wish, claim_for, claims_list, claims_saying
from rostra.forum.modlog import queries as modlog
from rostra.forum.modlog.models import LogEntry
from rostra.forum.threads.models import Post
from rostra.kernel.errors import Invalid, Refused
from tests.forum.claims.people import raise_to, says, someone

PUBLIC = "It happened elsewhere, as the article itself says."
THERE = Circumstances("2013-06", "2013-07", "Old Port", "flood, harbour")


@pytest.fixture
def people(cast):
    for member in (cast.quay, cast.hill):
        raise_to(member)
    return cast


@pytest.fixture
def claim(people):
    opening = Post.objects.get(thread=people.barrier, number=1)
    return make_claim(people.view(people.quay), opening.pk, "The barrier was closed.", about=THERE)


def told(claim):
    claim.refresh_from_db()
    return Circumstances(claim.begins, claim.ends, claim.place, claim.tags)


def tags_of(claim):
    return sorted(Tagged.objects.filter(claim=claim).values_list("tag", flat=True))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (("2013", "", "", ""), ("2013", "", "", "")),
        (("2013-6-5", "2013-06-05", " Old \n Port ", ""), ("2013-06-05", "", "Old Port", "")),
        (("2013-06", "2013", "", ""), ("2013-06", "2013", "", "")),
        (
            ("٢٠١٣-٠٦", "", "القصير", "#Flood,  flood ،مرفأ"),
            ("2013-06", "", "القصير", "flood, مرفأ"),
        ),
        (("0794-01-31", "", "", ""), ("0794-01-31", "", "", "")),
    ],
)
def test_what_is_kept_of_what_is_typed(typed, kept):
    assert checked(Circumstances(*typed)) == kept


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        (("soon",), {"begins": "event_time_odd"}),
        (("2013-13",), {"begins": "event_time_odd"}),
        (("2013-00",), {"begins": "event_time_odd"}),
        (("2013-02-30",), {"begins": "event_time_odd"}),
        (("0000",), {"begins": "event_time_odd"}),
        (("13",), {"begins": "event_time_odd"}),
        (("2013-06-05T12:00",), {"begins": "event_time_odd"}),
        (("", "2013"), {"begins": "event_begins_when"}),
        (("2013-06", "2013-05-31"), {"ends": "event_ends_first"}),
        (("2013", "2012"), {"ends": "event_ends_first"}),
        (("x", "y", "–", "#"), {"begins": "event_time_odd", "ends": "event_time_odd",
                                "place": "place_odd", "tags": "tag_length"}),
        (("", "", "x" * 121), {"place": "too_long"}),
        (("", "", "", "a1, b2, c3, d4, e5, f6"), {"tags": "too_many_tags"}),
    ],
)  # fmt: skip
def test_all_that_is_wrong_is_said_at_once(typed, wrong):
    with pytest.raises(Invalid) as found:
        checked(Circumstances(*typed))
    assert found.value.fields == wrong


@given(
    time=st.sampled_from([("", ""), ("2013", ""), ("2013-06", "2013-07-01")]),
    place=st.text(max_size=60),
    tags=st.lists(st.text(min_size=2, max_size=20), max_size=4),
)
def test_a_line_of_the_log_tells_all_of_it(time, place, tags):
    try:
        known = checked(Circumstances(*time, place, ",".join(tags)))
    except Invalid:
        return
    assert from_text(as_text(known)) == known


def test_a_claim_is_found_by_its_tags_and_its_place(people, claim):
    viewer = people.view(people.hill)
    assert told(claim) == THERE
    assert tags_of(claim) == ["flood", "harbour"]
    assert claim_for(viewer, claim.pk).about == THERE
    assert [row.id for row in claims_list(viewer, Wish(tag="harbour"), 5)] == [claim.pk]
    assert claims_list(viewer, Wish(tag="port"), 5) == []
    assert [row.id for row in claims_saying(viewer, ["barrier", "old", "Port", "FLOOD"])]
    assert claims_saying(viewer, ["barrier", "nowhere"]) == []


def test_who_may_say_so_is_who_may_reword(people, claim):
    """Its maker alone until three entries; then another trusted member accepts. SEC-126."""
    quay, hill = people.view(people.quay), people.view(people.hill)
    assert describe_claim(quay, claim.pk, Circumstances("2013", "", "New Port", "flood"))
    assert tags_of(claim) == ["flood"]
    change = ClaimEvent.objects.get(kind="described")
    assert change.data == {"before": as_text(THERE), "after": "2013 | New Port | flood"}
    with pytest.raises(Refused, match="claims_for_trusted"):
        describe_claim(people.view(someone("Reader", "member")), claim.pk, NOTHING)
    assert not describe_claim(hill, claim.pk, THERE)  # proposed, by who did not make it
    assert told(claim).place == "New Port"
    with pytest.raises(Refused, match="own_proposal"):
        accept_description(hill, claim.pk, as_text(THERE), is_accepted=True)
    with pytest.raises(Refused, match="proposal_gone"):
        accept_description(quay, claim.pk, "2013 | – | –", is_accepted=True)
    accept_description(quay, claim.pk, as_text(THERE), is_accepted=True)
    assert (told(claim), claim.described, tags_of(claim)) == (THERE, "", ["flood", "harbour"])
    for n in range(3):
        says(hill, claim, "asserts", f"Speaker {n}", "a")
    assert not describe_claim(quay, claim.pk, NOTHING)
    accept_description(hill, claim.pk, "–", is_accepted=False)
    assert told(claim) == THERE
    assert not describe_claim(quay, claim.pk, NOTHING)
    accept_description(hill, claim.pk, "–", is_accepted=True)
    assert (told(claim), tags_of(claim)) == (NOTHING, [])
    assert not LogEntry.objects.filter(kind__startswith="claim.").exists()


def test_a_moderators_change_is_logged_and_not_told_by_the_history(people, claim):
    """SEC-120: one row; what was taken out is in the log alone."""
    mod = people.view(people.mod)
    describe_claim(people.view(people.quay), claim.pk, THERE._replace(place="Somebody's house"))
    with pytest.raises(Invalid):
        describe_claim(mod, claim.pk, THERE)
    assert told(claim).place == "Somebody's house"
    assert describe_claim(mod, claim.pk, THERE, reason=PUBLIC)
    [entry] = LogEntry.objects.filter(kind__startswith="claim.")
    assert entry.kind == "claim.describe"
    words = modlog.words_of(entry.n)
    assert words["before"] == "2013-06/2013-07 | Somebody's house | flood, harbour"
    assert words["after"] == as_text(THERE)
    assert "house" not in str(list(ClaimEvent.objects.values_list("data", flat=True)))
    assert describe_claim(mod, claim.pk, THERE, reason="")  # nothing to do, nothing to log
    assert LogEntry.objects.filter(kind__startswith="claim.").count() == 1


def test_what_is_wrong_changes_nothing(people, claim):
    opening = claim.post_id
    with pytest.raises(Invalid):
        make_claim(people.view(people.quay), opening, "It was open.", about=Circumstances("soon"))
    with pytest.raises(Invalid):
        describe_claim(people.view(people.quay), claim.pk, THERE._replace(ends="2012"))
    assert told(claim) == THERE
    assert Claim.objects.count() == 1
