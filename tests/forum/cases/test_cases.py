"""Cases: one an item, claimed, decided once, by who may."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rostra.forum.access.actions import set_access
from rostra.forum.cases import queries
from rostra.forum.cases.actions.deciding import Sanction, Verdict, decide_case
from rostra.forum.cases.actions.reporting import report_item
from rostra.forum.cases.actions.working import (
    add_note,
    claim_case,
    hand_over_case,
    release_case,
)
from rostra.forum.cases.models import Case, Report, Step
from rostra.forum.members.actions import create_group, create_member, join_group
from rostra.forum.members.models import Member
from rostra.forum.modlog import queries as modlog
from rostra.forum.modlog.models import LogEntry, Statement
from rostra.forum.sanctions.models import Warned
from rostra.forum.sanctions.rules import Wish
from rostra.forum.threads.actions.posts import edit_post, post_reply
from rostra.forum.threads.models import MemberStats, Post, Thread
from rostra.kernel import clock
from rostra.kernel.errors import Invalid, NotFound, Refused, TooMany
from tests.cast import WHY

REASON = "Insults a group of people."
REMOVE = Verdict("remove", "R2", REASON)


def report(cast, who="quay", number=2, rule="R2", line="Insults us all.", thread=None):
    post = Post.objects.get(thread=thread or cast.barrier, number=number)
    report_item(cast.view(getattr(cast, who)), "post", post.pk, rule=rule, line=line)
    return Case.objects.get(kind="post", target_id=post.pk)


def decide(cast, case, verdict=REMOVE, who="mod"):
    return decide_case(cast.view(getattr(cast, who)), case.pk, case.version, verdict)


def warden(cast):
    """Return the view of somebody who moderates the region alone."""
    member, group = create_member("Warden"), create_group("Wardens")
    join_group(group.pk, member.pk, reason=WHY)
    rows = {
        cast.groups.everyone: ["see", "read"], group.pk: ["see", "read", "moderate"],
        cast.groups.moderators: ["see", "read", "moderate"],
    }  # fmt: skip
    set_access(None, cast.region.pk, rows, reason=WHY)
    return cast.view(member)


def refused(reason):
    return pytest.raises(Refused, match=reason)


def test_reports_of_one_item_are_one_case_with_what_was_reported(cast):
    case = report(cast)
    assert report(cast, "newcomer", rule="R3").pk == case.pk
    post = Post.objects.get(pk=case.target_id)
    edit_post(cast.view(cast.hill), post.pk, "I never said that.")
    case.refresh_from_db()
    assert (case.source, case.title, case.subject_id) == ("Post 2.", "Flood barrier", cast.hill.pk)
    assert [row.rule for row in queries.reports_in(case.pk)] == ["R2", "R3"]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"line": " "}, {"line": "empty"}),
        ({"line": "x" * 501}, {"line": "too_long"}),
        ({"rule": ""}, {"rule": "rule_missing"}),
        ({"rule": "R77", "line": ""}, {"line": "empty", "rule": "no_such_rule"}),
    ],
)
def test_a_report_names_a_rule_and_says_a_line(cast, fields, wrong):
    with pytest.raises(Invalid) as caught:
        report(cast, **fields)
    assert caught.value.fields == wrong
    assert not Case.objects.exists()


def test_who_may_not_report(cast):
    """SEC-049: what one may not see is not there; one's own is not for oneself to report."""
    with pytest.raises(NotFound):
        report(cast, thread=cast.secret, number=1)
    with refused("own_report"):
        report(cast, "hill")
    report(cast)
    with refused("reported_before"):
        report(cast, rule="R4")
    Member.objects.filter(pk=cast.newcomer.pk).update(
        suspended_until=clock.now() + timedelta(days=1)
    )
    with refused("suspended"):
        report(cast, "newcomer")


def test_ten_reports_a_day(cast):
    case = report(cast)
    for n in range(100, 109):
        other = Case.objects.create(
            kind="post", target_id=n, opened_at=clock.now(), digest="", thread=cast.barrier
        )
        Report.objects.create(
            case=other, reporter_id=cast.quay.pk, rule="R2", line="x", at=clock.now()
        )
    post = post_reply(cast.view(cast.hill), cast.barrier.pk, "One more.")
    with pytest.raises(TooMany):
        report_item(cast.view(cast.quay), "post", post.pk, rule="R2", line="x")
    Report.objects.filter(case=case).update(at=clock.now() - timedelta(days=2))
    report_item(cast.view(cast.quay), "post", post.pk, rule="R2", line="x")


def test_a_removal_is_one_entry_one_statement_and_an_outcome_for_who_reported(cast):
    """LAW-002, SEC-061: the entry says that there was a report, and holds nothing of by whom."""
    case = report(cast, line="reporterscanary line")
    before = LogEntry.objects.count()
    n = decide(cast, case)
    assert LogEntry.objects.count() == before + 1
    entry = LogEntry.objects.get(n=n)
    assert (entry.kind, entry.rule, entry.public["origin"]) == ("post.remove", "R2", "report")
    texts = "".join(entry.texts.values_list("value", flat=True))
    assert "reporterscanary" not in f"{entry.public} {texts}"
    assert "Quay" not in f"{entry.public} {texts}"
    assert str(cast.quay.pk) not in entry.texts.values_list("value", flat=True)
    assert Statement.objects.get(entry_id=n).member_id == cast.hill.pk
    mine = queries.reports_by(cast.quay.pk)
    assert [(one.outcome, one.log_n) for one in mine] == [("acted", n)]
    assert Post.objects.get(pk=case.target_id).state == "removed"
    assert modlog.first_fault() is None


def test_a_stale_decision_changes_nothing(cast):
    case = report(cast)
    claim_case(cast.view(cast.admin), case.pk, case.version)
    with pytest.raises(Invalid) as caught:
        decide(cast, case)
    assert caught.value.fields == {"version": "case_changed"}
    assert Post.objects.get(pk=case.target_id).state == "visible"
    case.refresh_from_db()
    decide(cast, case)
    case.refresh_from_db()
    with refused("already_decided"):
        decide(cast, case, Verdict("dismiss"))


def test_nobody_decides_on_themselves_on_their_own_report_or_above_their_rank(cast):
    """SEC-062."""
    mine = post_reply(cast.view(cast.mod), cast.barrier.pk, "A moderator's words.")
    report_item(cast.view(cast.quay), "post", mine.pk, rule="R2", line="x")
    case = Case.objects.get(target_id=mine.pk, kind="post")
    with pytest.raises(NotFound):  # who reported them is not for them to know
        decide(cast, case)
    own = report(cast, "mod")
    with refused("own_report_in_case"):
        decide(cast, own)
    decide(cast, own, who="admin")
    theirs = post_reply(cast.view(cast.admin), cast.barrier.pk, "An administrator's words.")
    report_item(cast.view(cast.quay), "post", theirs.pk, rule="R2", line="x")
    above = Case.objects.get(target_id=theirs.pk, kind="post")
    with refused("above_your_rank"):
        decide(cast, above)


def test_who_moderates_a_board_sees_the_cases_of_that_board(cast):
    """SEC-062: and of no other, also after a thread has moved."""
    case, viewer = report(cast), warden(cast)
    assert queries.queue(viewer, limit=9) == []
    for act in (
        lambda: queries.shown_case(viewer, case.pk),
        lambda: decide_case(viewer, case.pk, case.version, REMOVE),
        lambda: claim_case(viewer, case.pk, case.version),
        lambda: add_note(viewer, case.pk, "canary"),
    ):
        with pytest.raises(NotFound):
            act()
    Thread.objects.filter(pk=cast.barrier.pk).update(board_id=cast.region.pk)
    assert [row.id for row in queries.queue(viewer, limit=9)] == [case.pk]
    with refused("not_a_moderator"):
        queries.queue(cast.view(cast.quay), limit=9)


def test_claiming_handing_over_and_talking(cast):
    case, mod, admin = report(cast), cast.view(cast.mod), cast.view(cast.admin)
    claim_case(mod, case.pk, 1)
    with refused("case_not_open"):
        claim_case(admin, case.pk, 2)
    with refused("case_not_yours"):
        release_case(admin, case.pk, 2)
    with pytest.raises(Invalid):
        hand_over_case(mod, case.pk, 2, "Quay")
    hand_over_case(mod, case.pk, 2, "ada minh")
    add_note(mod, case.pk, "I know them.")
    release_case(admin, case.pk, 3)
    kinds = [step.kind for step in queries.steps_in(case.pk)]
    assert kinds == ["claimed", "handed", "note", "released"]
    assert queries.shown_case(mod, case.pk).state == "open"


def test_after_the_decision_only_other_words_or_another_rule_open_it_again(cast):
    case = report(cast)
    decide(cast, case, Verdict("dismiss"))
    assert queries.reports_by(cast.quay.pk)[0].outcome == "nothing"
    with refused("reported_and_decided"):
        report(cast, "newcomer")
    assert report(cast, "newcomer", rule="R4").state == "open"
    case.refresh_from_db()
    decide(cast, case, Verdict("dismiss"))
    edit_post(cast.view(cast.hill), case.target_id, "Worse than before.")
    case = report(cast)
    assert (case.state, case.source) == ("open", "Worse than before.")
    assert Report.objects.filter(case=case).count() == 3


def test_a_duplicate_points_at_another_case_that_is_none(cast):
    one, other = report(cast), report(cast, "hill", number=3)
    for of in (None, one.pk, 999):
        with pytest.raises(Invalid):
            decide(cast, one, Verdict("duplicate", of=of))
    decide(cast, other, Verdict("duplicate", of=one.pk))
    other.refresh_from_db()
    assert (other.state, other.duplicate_of_id) == ("duplicate", one.pk)


def test_a_thread_is_locked_by_a_decision(cast):
    report_item(cast.view(cast.hill), "thread", cast.barrier.pk, rule="R5", line="Round in circles")
    case = Case.objects.get(kind="thread")
    with pytest.raises(Invalid):
        decide(cast, case, REMOVE)
    with pytest.raises(Invalid) as caught:
        decide(cast, case, Verdict("lock"))
    assert caught.value.fields == {"reason": "reason_too_short", "rule": "rule_missing"}
    n = decide(cast, case, Verdict("lock", "R5", REASON))
    assert Thread.objects.get(pk=cast.barrier.pk).is_locked
    assert Statement.objects.get(entry_id=n).member_id == cast.quay.pk


def _members(count):
    """Return members whose reports weigh one each."""
    long_ago = clock.now() - timedelta(days=9)
    found = [create_member(f"Reader {'ABCDEFG'[n]}") for n in range(count)]
    ids = [member.pk for member in found]
    Member.objects.filter(pk__in=ids).update(joined_at=long_ago)
    MemberStats.objects.bulk_create(MemberStats(member_id=pk, post_count=5) for pk in ids)
    return found


def test_three_members_hide_a_post_until_somebody_has_looked(cast):
    """ABU-012: an entry with its rule and a statement, as of any act; a moderator brings it back."""
    readers, post = _members(3), Post.objects.get(thread=cast.barrier, number=2)
    for reader in readers:
        assert Post.objects.get(pk=post.pk).state == "visible"
        report_item(cast.view(reader), "post", post.pk, rule="R2", line="Insults.")
    assert Post.objects.get(pk=post.pk).state == "hidden"
    hidden = modlog.entries()[0]
    assert (hidden.kind, hidden.role, hidden.by, hidden.rule) == (
        "post.hide", "automatic", None, ("R2", 1),
    )  # fmt: skip
    assert Statement.objects.get(entry_id=hidden.n).member_id == cast.hill.pk
    case = Case.objects.get()
    assert Step.objects.filter(case=case, kind="hidden").count() == 1
    n = decide(cast, case, Verdict("dismiss", "R2", "Said of nobody here."))
    assert Post.objects.get(pk=post.pk).state == "visible"
    assert modlog.taken_back([hidden.n]) == {hidden.n: n}


def test_the_same_three_hide_three_posts_a_day_and_never_one_of_the_staff(cast):
    readers = _members(3)
    authors = [cast.mod, *(create_member(f"Author {'ABCD'[n]}") for n in range(4))]
    posts = [post_reply(cast.view(one), cast.barrier.pk, f"Words of {one}.") for one in authors]
    for post in posts:
        for reader in readers:
            report_item(cast.view(reader), "post", post.pk, rule="R2", line="Insults.")
    states = [Post.objects.get(pk=post.pk).state for post in posts]
    assert states == ["visible", "hidden", "hidden", "hidden", "visible"]


def test_a_decision_carries_a_warning_in_the_same_act(cast):
    """SEC-120: each act one entry; what is stale or incomplete changes nothing at all."""
    case = report(cast)
    for sanction, wrong in (
        (Sanction(points=9, days=30), {"points": "points_number"}),
        (Sanction(wish=Wish("limit", 3)), {"verbs": "limit_of_nothing"}),
    ):
        with pytest.raises(Invalid) as caught:
            decide(cast, case, REMOVE._replace(sanction=sanction))
        assert caught.value.fields == wrong
    with pytest.raises(Invalid):
        decide(cast, case, Verdict("dismiss", sanction=Sanction(points=1, days=30)))
    assert Post.objects.get(pk=case.target_id).state == "visible"
    before = LogEntry.objects.count()
    n = decide(cast, case, REMOVE._replace(sanction=Sanction(points=2, days=30)))
    removed, warned = modlog.entries(limit=2)[::-1]
    assert (removed.n, removed.kind, warned.kind) == (n, "post.remove", "member.warn")
    assert warned.origin == "report"
    assert LogEntry.objects.count() == before + 2
    assert Warned.objects.get().case_id == case.pk


def test_a_case_can_end_with_a_limit_alone_and_not_of_who_stands_as_high(cast):
    """SEC-065."""
    case = report(cast)
    wish = Wish("limit", 7, verbs=("reply",), board_id=cast.harbour.pk)
    n = decide(cast, case, Verdict("settle", "R2", REASON, sanction=Sanction(wish=wish)))
    assert LogEntry.objects.get(n=n).kind == "member.limit"
    post = post_reply(cast.view(cast.admin), cast.barrier.pk, "Words of the staff.")
    other = report(cast, number=post.number)
    with refused("above_your_rank"):
        decide(cast, other, REMOVE._replace(sanction=Sanction(points=1, days=30)))
    assert Post.objects.get(pk=post.pk).state == "visible"
