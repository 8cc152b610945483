"""Warning and limiting members: each one act, one entry, one statement; they fall off by date."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from rostra.forum.access.actions import set_access
from rostra.forum.access.limits import kept_in
from rostra.forum.access.queries import ranks
from rostra.forum.cases.actions.reporting import report_item
from rostra.forum.conversations.actions.messages import send_message, start_conversation
from rostra.forum.members.actions import create_group, create_member, join_group
from rostra.forum.members.models import Member, Session
from rostra.forum.modlog import queries as modlog
from rostra.forum.modlog.models import LogEntry, Statement
from rostra.forum.modlog.statements import statements_of
from rostra.forum.reactions.actions import react
from rostra.forum.sanctions import queries
from rostra.forum.sanctions.actions.easing import shorten_limit, take_back_sanction
from rostra.forum.sanctions.actions.giving import Ground, limit_member, warn_member
from rostra.forum.sanctions.actions.noting import look_at_networks, withdraw_note, write_note
from rostra.forum.sanctions.models import Limited, Warned
from rostra.forum.sanctions.rules import Wish
from rostra.forum.threads.actions.posts import edit_post, post_reply
from rostra.forum.threads.actions.profiles import write_profile
from rostra.forum.threads.actions.threads import start_thread
from rostra.forum.threads.models import Post
from rostra.kernel import clock
from rostra.kernel.errors import Invalid, NotFound, Refused, TooMany
from rostra.kernel.models import Job
from tests.cast import WHY

REASON = "Insulted others twice in a day."
GROUND = Ground("R2", REASON)


def second(cast) -> Post:
    return Post.objects.get(thread=cast.barrier, number=2)


def warn(cast, points=1, days=30, who="mod", whom="hill", ground=GROUND):
    return warn_member(cast.view(getattr(cast, who)), getattr(cast, whom).pk, points, days, ground)


def limit(cast, wish, who="mod", whom="hill", ground=GROUND):
    return limit_member(cast.view(getattr(cast, who)), getattr(cast, whom).pk, wish, ground)


def reply(cast, who="hill", thread=None, words="More of it."):
    return post_reply(cast.view(getattr(cast, who)), (thread or cast.barrier).pk, words)


def refused(reason):
    return pytest.raises(Refused, match=f"^{reason}$")


def warden(cast):
    """Return somebody who moderates the harbour alone."""
    member, group = create_member("Warden"), create_group("Wardens")
    join_group(group.pk, member.pk, reason=WHY)
    rows = {
        cast.groups.everyone: ["see", "read"],
        cast.groups.members: ["see", "read", "start", "reply", "react"],
        group.pk: ["see", "read", "moderate"],
        cast.groups.moderators: ["see", "read", "moderate"],
    }
    set_access(None, cast.harbour.pk, rows, reason=WHY)
    return cast.view(member)


def test_a_warning_is_one_entry_one_statement_and_a_row(cast):
    """LAW-002, SEC-120: by which rule, for how long, about which post; facts are not public."""
    before = LogEntry.objects.count()
    n = warn(cast, 2, ground=Ground("R2", REASON, "factscanary", second(cast).pk))
    assert LogEntry.objects.count() == before + 1
    entry = modlog.find_entry(n)
    assert (entry.kind, entry.rule, entry.post_id) == ("member.warn", ("R2", 1), second(cast).pk)
    assert entry.facts["points"] == 2
    texts = LogEntry.objects.get(n=n).texts.values_list("value", flat=True)
    assert "factscanary" not in f"{entry.public} {list(texts)}"
    assert Statement.objects.get(entry_id=n).member_id == cast.hill.pk
    row = queries.warnings_of(cast.hill.pk)[0]
    assert (row.points, row.facts, row.until - row.at) == (2, "factscanary", timedelta(days=30))
    assert Job.objects.filter(name="sanctions.member_warned").count() == 1
    assert modlog.first_fault() is None


def test_points_lead_to_limits_by_themselves_each_an_entry_of_its_own(cast):
    warn(cast, 2)
    assert not Limited.objects.exists()
    warned = warn(cast, 3)
    steps = modlog.entries(limit=2)[::-1]
    assert [(one.kind, one.role, one.by) for one in steps] == [
        ("member.limit", "automatic", None), ("member.read_only", "automatic", None),
    ]  # fmt: skip
    assert [(one.facts["warning"], one.facts["step"]) for one in steps] == [
        (warned, 3),
        (warned, 5),
    ]
    assert all(one.origin == "automatic" and str(warned) in one.reason for one in steps)
    assert len(statements_of(cast.hill.pk)) == 4
    with refused("read_only"):
        reply(cast)
    with time_machine.travel(clock.now() + timedelta(days=4), tick=False):
        reply(cast)  # what they may only read has ended; what is left asks for a wait
        with pytest.raises(TooMany) as caught:
            reply(cast, words="And more.")
        assert (caught.value.reason, caught.value.seconds) == ("limit_wait", 1800)
    with time_machine.travel(clock.now() + timedelta(days=31), tick=False):
        reply(cast, words="A month on.")
        assert cast.view(cast.hill).limits == ()


def test_a_warning_names_all_that_is_wrong_with_it_and_changes_nothing(cast):
    with pytest.raises(Invalid) as caught:
        warn(cast, 9, 0, ground=Ground("R99", "short", "x" * 2001))
    assert caught.value.fields == {
        "points": "points_number", "days": "days_number", "rule": "no_such_rule",
        "reason": "reason_too_short", "facts": "too_long",
    }  # fmt: skip
    with pytest.raises(NotFound):
        warn(cast, ground=GROUND._replace(post_id=cast.barrier.posts.get(number=1).pk))
    assert not Warned.objects.exists()


def test_a_limit_takes_its_verbs_and_no_others(cast):
    view = cast.view(cast.quay)
    n = limit(cast, Wish("limit", 3, verbs=("start", "react")))
    reply(cast)
    with refused("limited"):
        start_thread(cast.view(cast.hill), cast.harbour.pk, "New", "Words.")
    with refused("limited"):
        react(cast.view(cast.hill), cast.barrier.posts.get(number=1).pk, "like")
    found = cast.view(cast.hill).limit_on("start", cast.harbour.pk)
    assert (found.n, found.rule) == (n, "R2")
    assert cast.view(cast.quay) == view, "nobody else is touched"


def test_a_limit_in_a_board_holds_below_it_and_nowhere_else(cast):
    limit(cast, Wish("limit", 3, verbs=("reply",), board_id=cast.harbour.pk))
    with refused("limited"):
        reply(cast)
    other = start_thread(cast.view(cast.hill), cast.region.pk, "Elsewhere", "Words.")
    reply(cast, thread=other)
    limit(cast, Wish("read_only", 3, board_id=cast.city.pk))
    with refused("limited"):
        reply(cast, thread=other, words="Below the city.")
    with refused("limited"):
        edit_post(cast.view(cast.hill), second(cast).pk, "Other words.")


def test_who_may_not_reply_in_one_thread_replies_in_others(cast):
    limit(cast, Wish("limit", 3, thread_id=cast.barrier.pk))
    with refused("limited"):
        reply(cast)
    other = start_thread(cast.view(cast.hill), cast.harbour.pk, "Other", "Words.")
    reply(cast, thread=other)


def test_posts_a_day_and_links(cast):
    limit(cast, Wish("limit", 3, verbs=("links",), a_day=2))
    with pytest.raises(Invalid) as caught:
        reply(cast, words="https://spam.example/")
    assert caught.value.fields == {"source": "links_limited"}
    with pytest.raises(TooMany) as full:
        for n in range(3):
            reply(cast, words=f"Reply {n}.")
    assert full.value.reason == "limit_a_day"


def test_who_is_suspended_is_signed_out_at_once_and_sees_what_guests_see(cast):
    """SEC-093."""
    rows = {cast.groups.members: ["see", "read", "reply"]}
    Session.objects.create(session_key="k", member=cast.hill, expire_date=clock.now())
    view = cast.view(cast.hill)
    n = limit(cast, Wish("suspend", 7))
    assert not Session.objects.filter(member=cast.hill).exists()
    set_access(None, cast.region.pk, rows, reason=WHY)
    assert cast.region.pk not in cast.view(cast.hill).readable
    assert cast.region.pk in cast.view(cast.quay).readable
    with refused("suspended"):
        reply(cast)
    with refused("limited_meanwhile"):  # REL-018: looked up before, written after
        post_reply(view, cast.barrier.pk, "On its way.")
    with time_machine.travel(clock.now() + timedelta(days=8), tick=False):
        reply(cast)
    take_back_sanction(cast.view(cast.admin), n, "It was another member's post.")
    assert Member.objects.get(pk=cast.hill.pk).suspended_until is None
    reply(cast, words="Back again.")


def test_a_ban_has_no_end(cast):
    n = limit(cast, Wish("ban"))
    assert modlog.find_entry(n).facts == {"until": "none"}
    with time_machine.travel(clock.now() + timedelta(days=3000), tick=False), refused("suspended"):
        reply(cast)


def test_what_is_kept_on_the_row_is_what_the_tables_say(cast):
    n = limit(cast, Wish("limit", 3, verbs=("reply",)))
    warn(cast, 3)
    row = Member.objects.get(pk=cast.hill.pk)
    assert {one.n for one in kept_in(row.limits)} == {n, modlog.head()[0]}
    assert row.sanctioned_at == Warned.objects.get().at
    kept = queries.kept_of([cast.hill.pk])[cast.hill.pk]
    assert (kept.limits, kept.sanctioned_at) == (row.limits, row.sanctioned_at)


def test_a_limit_ends_sooner_and_is_lifted_by_an_entry(cast):
    n = limit(cast, Wish("limit", 9, verbs=("reply",)))
    mod = cast.view(cast.mod)
    with pytest.raises(Invalid) as caught:
        shorten_limit(mod, n, 10, "It was a first time.")
    assert caught.value.fields == {"days": "not_sooner"}
    shorten_limit(mod, n, 1, "It was a first time.")
    told = modlog.entries(limit=1)[0]
    assert (told.kind, told.facts["entry"], told.reverts) == ("member.shorten", n, None)
    with time_machine.travel(clock.now() + timedelta(days=2), tick=False):
        reply(cast)
        with refused("sanction_is_over"):
            take_back_sanction(mod, n, "It was a first time.")
    take_back_sanction(mod, n, "It was a first time.")
    assert modlog.entries(limit=1)[0].reverts == n
    assert Member.objects.get(pk=cast.hill.pk).limits == ""
    assert Statement.objects.count() == 1, "what eases restricts nobody"


def test_taking_a_warning_back_lifts_what_would_not_have_followed_without_it(cast):
    first = warn(cast, 2)
    warn(cast, 2)  # four: a wait
    warn(cast, 5)  # nine: the wait for longer, reading only, suspended
    take_back_sanction(cast.view(cast.admin), first, "It was another member's post.")
    undone, *lifted = modlog.entries(limit=3)[::-1]
    assert (undone.kind, undone.reverts) == ("member.unwarn", first)
    for one in lifted:
        assert (one.kind, one.role, one.origin) == ("member.lift", "automatic", "automatic")
    left = [row.kind for row in queries.limits_of(cast.hill.pk) if row.taken_back_n is None]
    assert left == ["read_only", "limit"], "seven points would have led to these as well"
    assert modlog.first_fault() is None


def test_who_moderates_one_board_acts_there_alone(cast):
    """SEC-062: nor does what points lead to reach beyond it."""
    view, hill = warden(cast), cast.hill.pk
    for wish in (Wish("read_only", 3), Wish("ban"), Wish("limit", 3, ("reply",))):
        with refused("not_for_everywhere"):
            limit_member(view, hill, wish, GROUND)
    with refused("not_a_moderator_here"):
        limit_member(view, hill, Wish("read_only", 3, board_id=cast.region.pk), GROUND)
    with refused("not_for_everywhere"):
        warn_member(view, hill, 1, 30, GROUND)
    about = GROUND._replace(post_id=second(cast).pk)
    warn_member(view, hill, 5, 30, about)
    warn_member(view, hill, 5, 30, about)
    assert {(row.kind, row.board_id) for row in queries.limits_of(hill)} == {
        ("limit", cast.harbour.pk), ("read_only", cast.harbour.pk),
    }  # fmt: skip
    start_thread(cast.view(cast.hill), cast.region.pk, "Elsewhere", "Words.")
    mine = warn(cast, 1)
    assert mine not in {row.n for row in queries.in_force(view, limit=50)}
    with pytest.raises(NotFound):
        take_back_sanction(view, mine, "It was a first time.")


def test_nobody_above_their_rank_and_never_oneself(cast):
    """SEC-065."""
    assert ranks([cast.mod.pk, cast.admin.pk]) == {cast.mod.pk: 1, cast.admin.pk: 2}
    for whom, reason in (("mod", "own_case"), ("admin", "above_your_rank")):
        with refused(reason):
            warn(cast, whom=whom)
    n = warn(cast, who="admin", whom="mod")
    with pytest.raises(NotFound):
        take_back_sanction(cast.view(cast.mod), n, "I did nothing wrong.")
    with refused("not_a_moderator"):
        warn(cast, who="quay")


def test_who_may_only_read_moderates_nothing(cast):
    limit(cast, Wish("read_only", 3), who="admin", whom="mod")
    assert not cast.view(cast.mod).grants["moderate"]
    with refused("read_only"):
        warn(cast)


def test_staff_notes_are_staffs_and_are_withdrawn_not_rewritten(cast):
    """SEC-051: never shown to the member, whoever that is; not in the log."""
    before, mod = LogEntry.objects.count(), cast.view(cast.mod)
    note_id = write_note(mod, cast.hill.pk, "Knows better than to do it again.")
    with refused("own_case"):
        write_note(mod, cast.mod.pk, "About myself.")
    for who in (cast.hill, cast.quay):
        with pytest.raises(Refused):
            queries.notes_on(cast.view(who), cast.hill.pk)
    withdraw_note(cast.view(cast.admin), note_id)
    (note,) = queries.notes_on(mod, cast.hill.pk)
    assert (note.author, note.text, note.withdrawn_by) == ("Mod Ferris", "", "Ada Minh")
    with refused("note_withdrawn"):
        withdraw_note(mod, note_id)
    about_admin = write_note(mod, cast.admin.pk, "Is away in May.")
    with pytest.raises(NotFound):
        withdraw_note(cast.view(cast.admin), about_admin)
    assert LogEntry.objects.count() == before


def test_who_comes_from_the_same_place_is_a_hint_and_looking_is_put_down(cast):
    """ABU-009, ABU-015, PRV-004: a right of its own; no address is said, nothing is in the log."""
    now, before = clock.now(), LogEntry.objects.count()
    at = {"expire_date": now + timedelta(days=9), "seen_at": now}
    for key, who, network, agent in (
        ("a", cast.hill, "203.0.113.0/24", "Fox 1"), ("b", cast.quay, "203.0.113.0/24", "Fox 1"),
        ("c", cast.newcomer, "198.51.100.0/24", "Fox 1"), ("d", cast.mod, "", ""),
    ):  # fmt: skip
        Session.objects.create(session_key=key, member=who, network=network, agent=agent, **at)
    old = {**at, "seen_at": now - timedelta(days=31)}
    Session.objects.create(
        session_key="e", member=cast.admin, network="203.0.113.0/24", agent="Fox 1", **old
    )
    with refused("not_for_networks"):
        look_at_networks(cast.view(cast.mod), cast.hill.pk)
    found = look_at_networks(cast.view(cast.admin), cast.hill.pk)
    assert [(one.name, one.is_same_network, one.is_same_browser) for one in found] == [
        ("Quay", True, True), ("Newcomer", False, True),
    ]  # fmt: skip
    looks = queries.looks_at(cast.view(cast.admin), cast.hill.pk)
    assert [look.by for look in looks] == ["Ada Minh"]
    assert LogEntry.objects.count() == before


def test_who_may_only_read_writes_nothing_about_themselves_either(cast):
    limit(cast, Wish("read_only", 3))
    with refused("read_only"):
        write_profile(cast.view(cast.hill), about="", signature="")
    with refused("read_only"):
        edit_post(cast.view(cast.hill), second(cast).pk, "Other words.")


def test_messages_and_reports_are_limited_everywhere(cast):
    view = cast.view(cast.hill)
    said = start_conversation(view, [cast.quay.pk], "Tides", "Low at six.")
    limit(cast, Wish("limit", 3, verbs=("messages", "report")))
    with refused("limited_meanwhile"):
        send_message(view, said.conversation_id, "On its way.")
    with refused("limited"):
        send_message(cast.view(cast.hill), said.conversation_id, "And high at noon.")
    with refused("limited"):
        start_conversation(cast.view(cast.hill), [cast.quay.pk], "More", "Words.")
    first = cast.barrier.posts.get(number=1)
    with refused("limited"):
        report_item(cast.view(cast.hill), "post", first.pk, rule="R2", line="Insults us.")
    reply(cast)
