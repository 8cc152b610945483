"""Cleaning up after a member, and putting all of it back."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from rostra.forum.access.actions import set_access
from rostra.forum.access.presets import table
from rostra.forum.access.viewer import Viewer
from rostra.forum.appeals.actions import decide_appeal, file_appeal
from rostra.forum.boards.actions import create_board
from rostra.forum.cleaning import rules
from rostra.forum.cleaning.actions import Wishes, clean_member, drop_pictures, undo_cleaning
from rostra.forum.cleaning.models import Cleaning
from rostra.forum.cleaning.queries import cleanings_of, preview_for
from rostra.forum.cleaning.rules import Bounds, MemberFacts
from rostra.forum.holds.actions import let_wait
from rostra.forum.holds.models import Hold
from rostra.forum.members.models import Member, Session
from rostra.forum.members.queries import account_look
from rostra.forum.modlog.models import LogEntry, Statement
from rostra.forum.modlog.queries import first_fault
from rostra.forum.sanctions.actions.easing import undo_sanction
from rostra.forum.sanctions.models import Limited
from rostra.forum.threads.actions.logging import Why
from rostra.forum.threads.actions.posts import post_reply, remove_post
from rostra.forum.threads.actions.threads import start_thread
from rostra.forum.threads.models import BoardStats, MemberStats, Post, Thread
from rostra.forum.uploads.actions import choose_avatar
from rostra.kernel.errors import Invalid, NotFound, Refused
from rostra.transfer.integrity import examine
from tests.pictures import png

WHY = "Sells watches in every thread there is."
ALL = Wishes("R5", WHY)
BOUNDS = Bounds(300, 60, 20)
MOD = Viewer(member_id=1, grants={"see": frozenset({3}), "moderate": frozenset({3})})


@pytest.mark.parametrize(
    ("viewer", "facts", "everything", "reason"),
    [
        (Viewer(), (9, 0, 0, 0, 0), False, "log_in_first"),
        (replace(MOD, suspended_until=timezone.now()), (9, 0, 0, 0, 0), True, "suspended"),
        (MOD, (9, 0, 0, 0, 0), False, "not_a_moderator_of_all"),
        (MOD, (9, 300, 60, 20, 0), True, ""),
        (MOD, (9, 301, 60, 20, 0), True, "cleaned_too_long_here"),
        (MOD, (9, 300, 61, 20, 0), True, "cleaned_too_long_here"),
        (MOD, (9, 300, 60, 21, 0), True, "cleaned_too_well_liked"),
        (MOD, (9, 0, 0, 0, 1), True, "cleaned_never"),
        (MOD, (1, 0, 0, 0, 0), True, "cleaned_never"),
    ],
)
def test_after_whom(viewer, facts, everything, reason):
    """ABU-016: never after one of the staff, nor after who is here for long."""
    verdict = rules.may_clean(viewer, MemberFacts(*facts), BOUNDS, moderates_everything=everything)
    assert verdict.reason == reason


@pytest.fixture
def spammer(cast):
    """The newcomer has written here and there, between others, and started two threads."""
    view = cast.view(cast.newcomer)
    choose_avatar(view, png(80, 80))
    Member.objects.filter(pk=cast.newcomer.pk).update(about="Buy", about_html="<p>Buy</p>")
    own = start_thread(view, cast.harbour.pk, "Watches", "https://watches.example/")
    shared = start_thread(view, cast.region.pk, "More watches", "Cheap.")
    post_reply(cast.view(cast.hill), shared.pk, "Go away.")
    for n in range(3):
        post_reply(view, own.pk, f"Own {n}.")
        post_reply(view, cast.barrier.pk, f"https://watches.example/{n}")
    post_reply(cast.view(cast.quay), cast.barrier.pk, "The last word.")
    let_wait(cast.view(cast.mod), "board", cast.harbour.pk, reason=WHY)
    post_reply(view, cast.barrier.pk, "Waits.")
    return cast.newcomer


def state():
    """Return all that a clean-up may change, but for versions and times of acts."""
    return (
        list(Post.objects.order_by("id").values("id", "number", "state", "thread_id", "html")),
        [
            {key: value for key, value in row.items() if key != "version"}
            for row in Thread.objects.order_by("id").values()
        ],
        list(
            BoardStats.objects.order_by("board_id").values(
                "board_id", "thread_count", "post_count", "last_thread_id"
            )
        ),
        list(MemberStats.objects.order_by("member_id").values("member_id", "post_count")),
        list(
            Member.objects.order_by("id").values(
                "id", "avatar", "about", "about_html", "suspended_until"
            )
        ),
        list(Hold.objects.values("id", "state", "log_n")),
    )


def test_all_goes_at_once_and_comes_back_exactly(cast, spammer):
    """ABU-006: one act with its parts, one statement; undone, everything is as it was."""
    before = state()
    preview = preview_for(cast.view(cast.mod), spammer.pk)
    assert (len(preview.standing.posts), len(preview.standing.threads)) == (8, 1)
    assert (preview.standing.hosts, preview.waiting) == (("watches.example",), 1)
    n = clean_member(cast.view(cast.mod), spammer.pk, ALL)
    assert not Post.objects.filter(author=spammer, state="visible").exists()
    assert set(Thread.objects.filter(starter=spammer).values_list("title", "state")) == {
        ("Watches", "removed"), ("More watches", "visible"),
    }  # fmt: skip
    row = Member.objects.get(pk=spammer.pk)
    assert (row.avatar, row.about, row.suspended_until is not None) == ("", "", True)
    assert not Session.objects.filter(member=spammer).exists()
    parts = LogEntry.objects.filter(n__gt=n, public__facts__parent=n)
    assert sorted(set(parts.values_list("kind", flat=True))) == ["post.remove", "thread.remove"]
    assert parts.count() == 9
    assert [one.entry_id for one in Statement.objects.all()] == [n]
    assert examine() == []
    undone = undo_cleaning(cast.view(cast.mod), n, "They were taken for somebody else.")
    assert state() == before
    assert examine() == []
    assert first_fault() is None
    assert LogEntry.objects.get(n=undone).reverts == n
    assert LogEntry.objects.filter(reverts__gt=n, public__facts__parent=undone).count() == 9
    assert Statement.objects.count() == 1
    assert [(one.posts, one.may_be_undone) for one in cleanings_of(spammer.pk)] == [(8, False)]
    with pytest.raises(Refused, match="not_to_be_undone"):
        undo_cleaning(cast.view(cast.mod), n, "They were taken for somebody else.")


def test_what_was_done_since_stays(cast, spammer):
    gone = Post.objects.filter(author=spammer, thread=cast.barrier, state="visible").first()
    remove_post(cast.view(cast.mod), gone.pk, WHY)
    n = clean_member(cast.view(cast.mod), spammer.pk, ALL)
    Member.objects.filter(pk=spammer.pk).update(suspended_until=None, about="New")
    undo_cleaning(cast.view(cast.mod), n, "They were taken for somebody else.")
    gone.refresh_from_db()
    row = Member.objects.get(pk=spammer.pk)
    assert (gone.state, row.suspended_until, row.about) == ("removed", None, "New")


def test_for_thirty_days(cast, spammer):
    n = clean_member(cast.view(cast.mod), spammer.pk, ALL)
    avatar = Cleaning.objects.get().had["look"][0]
    drop_pictures()
    assert Cleaning.objects.get().had["look"][0] == avatar
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        with pytest.raises(Refused, match="not_to_be_undone"):
            undo_cleaning(cast.view(cast.mod), n, "They were taken for somebody else.")
        drop_pictures()
    assert Cleaning.objects.get().had["look"][0] == avatar, "an appeal can still bring it back"
    with time_machine.travel(timezone.now() + timedelta(days=213)):
        drop_pictures()
        drop_pictures()
    assert "look" not in Cleaning.objects.get().had


def test_and_for_as_long_as_an_appeal_can_say_that_it_was_wrong(cast, spammer):
    """LAW-003: what is overturned is undone, the picture and the words of the account as well."""
    before = account_look(spammer.pk)
    n = clean_member(cast.view(cast.mod), spammer.pk, ALL)
    with time_machine.travel(timezone.now() + timedelta(days=170)):
        drop_pictures()
        undo_cleaning(cast.view(cast.mod), n, "They were taken for another.", why=Why(reverts=n))
    assert account_look(spammer.pk) == before


def test_only_what_is_wanted_goes(cast, spammer):
    with pytest.raises(Invalid) as caught:
        clean_member(cast.view(cast.mod), spammer.pk, Wishes("", "Short", False, False, False))
    assert caught.value.fields == {
        "rule": "rule_missing", "reason": "reason_too_short", "chosen": "nothing_chosen",
    }  # fmt: skip
    clean_member(cast.view(cast.mod), spammer.pk, Wishes("R5", WHY, False, False, True))
    assert Post.objects.filter(author=spammer, state="visible").count() == 8
    assert Member.objects.get(pk=spammer.pk).avatar


def test_an_appeal_that_is_right_puts_all_back(cast, spammer):
    before = state()
    n = clean_member(cast.view(cast.mod), spammer.pk, ALL)
    file_appeal(cast.view(spammer), n, "I only wanted to show what I found on the beach.")
    decide_appeal(cast.view(cast.admin), n, "overturned", "It was a misunderstanding of all sides.")
    assert state() == before


def test_bounds_are_settings_and_strangers_do_not_exist(cast, spammer, monkeypatch):
    with pytest.raises(NotFound):
        clean_member(cast.view(cast.mod), 987654, ALL)
    monkeypatch.setattr(settings, "ROSTRA", replace(settings.ROSTRA, clean_posts=5))
    with pytest.raises(Refused, match="cleaned_too_long_here"):
        clean_member(cast.view(cast.mod), spammer.pk, ALL)
    with pytest.raises(Refused):
        clean_member(cast.view(cast.hill), spammer.pk, ALL)


def test_its_suspension_is_a_limit_like_others(cast, spammer):
    """Staff see it where all limits are, lift it there, and undoing the rest changes nothing of it."""
    mod = cast.view(cast.mod)
    n = clean_member(mod, spammer.pk, Wishes("R5", "Advertising in every thread."))
    row = Limited.objects.get(log_n=n)
    assert (row.kind, row.member_id, row.until is not None) == ("suspend", spammer.pk, True)
    undo_sanction(mod, n, "They may read along at once.", Why())
    assert Member.objects.get(pk=spammer.pk).suspended_until is None
    undo_cleaning(mod, n, "It was no advertising after all.")
    assert Member.objects.get(pk=spammer.pk).suspended_until is None
    assert examine() == []


def test_a_board_that_nobody_may_see_takes_cleaning_from_nobody_and_is_left_alone(cast):
    """A board at the top is seen by nobody until it is opened; what lies in a closed one stays."""
    new = create_board("Tenders")
    assert preview_for(cast.view(cast.mod), cast.newcomer.pk)
    everyone = table(
        "public", everyone=cast.groups.everyone, members=cast.groups.members,
        staff=(cast.groups.moderators,),
    )  # fmt: skip
    set_access(None, new.pk, everyone, reason=WHY)
    inside = start_thread(cast.view(cast.newcomer), new.pk, "Buy", "Buy watches.")
    set_access(None, new.pk, {}, reason=WHY)
    assert preview_for(cast.view(cast.mod), cast.newcomer.pk).standing.threads == []
    clean_member(cast.view(cast.mod), cast.newcomer.pk, ALL)
    assert Thread.objects.get(pk=inside.pk).state == "visible"


def test_one_that_somebody_sees_and_nobody_moderates_does(cast):
    new = create_board("Tenders")
    set_access(None, new.pk, {cast.groups.everyone: ("see", "read")}, reason=WHY)
    with pytest.raises(Refused):
        preview_for(cast.view(cast.mod), cast.newcomer.pk)
