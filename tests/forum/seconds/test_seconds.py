"""ABU-016: what weighs much is confirmed by a second person, in public."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from rostra.forum.cleaning.actions import Wishes, clean_member, undo_cleaning
from rostra.forum.members.actions import leave_group
from rostra.forum.members.models import Member
from rostra.forum.modlog import queries as modlog
from rostra.forum.modlog.models import LogEntry
from rostra.forum.sanctions.actions.easing import shorten_limit, take_back_sanction
from rostra.forum.sanctions.actions.giving import Ground, limit_member
from rostra.forum.sanctions.rules import Wish
from rostra.forum.seconds import queries
from rostra.forum.seconds.actions import confirm_act
from rostra.forum.seconds.models import Second
from rostra.forum.seconds.rules import CONFIRMED_WITHIN, needs_second
from rostra.forum.threads.actions.bulk import remove_posts, restore_posts
from rostra.forum.threads.actions.logging import OF_OWN_ACCORD
from rostra.forum.threads.actions.posts import post_reply
from rostra.forum.threads.actions.threads import lock_thread, start_thread
from rostra.forum.threads.models import Post
from rostra.kernel import clock
from rostra.kernel.errors import Invalid, NotFound, Refused
from tests.cast import WHY
from tests.forum.claims.people import raise_to

pytestmark = pytest.mark.django_db
REASON = "Sells watches in every thread there is."
LOOKED = "Looked at all of the posts; each is the same advertisement."
FOREVER = Wish("ban", is_endless=True)
GROUND = Ground("R2", "Insulted others again and again.", "Called them names.")


@pytest.mark.parametrize(
    ("act", "needs"),
    [
        ({"posts": 50}, False),
        ({"posts": 51}, True),
        ({"is_without_end": True, "is_trusted": True}, True),
        ({"is_without_end": True}, False),
        ({"is_trusted": True}, False),
    ],
)
def test_what_weighs_much(act, needs):
    assert needs_second(**act) is needs


def fill(cast, number=51):
    for n in range(number):
        post_reply(cast.view(cast.newcomer), cast.barrier.pk, f"Watches {n}.")


def cleaned(cast, number=51) -> int:
    fill(cast, number)
    return clean_member(cast.view(cast.mod), cast.newcomer.pk, Wishes("R5", REASON))


def refused(reason):
    return pytest.raises(Refused, match=f"^{reason}$")


def said(n: int) -> str | None:
    return LogEntry.objects.get(n=n).public["facts"].get("second")


def test_a_large_clean_up_holds_at_once_and_waits_for_another(cast):
    n = cleaned(cast)
    assert not Post.objects.filter(author=cast.newcomer, state="visible").exists()
    [row] = queries.waiting()
    assert (row.log_n, row.subject_id, said(n)) == (n, cast.newcomer.pk, "asked")
    assert timedelta(days=2) < row.due_at - clock.now() <= CONFIRMED_WITHIN
    with refused("own_act"):
        confirm_act(cast.view(cast.mod), n, LOOKED)
    with refused("not_a_moderator_of_all"):
        confirm_act(cast.view(cast.hill), n, LOOKED)
    with pytest.raises(Invalid):
        confirm_act(cast.view(cast.admin), n, "ok")
    confirmed = confirm_act(cast.view(cast.admin), n, LOOKED)
    entry = LogEntry.objects.get(n=confirmed)
    assert (entry.kind, entry.public["facts"]) == ("act.confirm", {"entry": n})
    assert queries.states_of([n])[n].confirmed_n == confirmed
    assert queries.waiting() == []
    with refused("already_decided"):
        confirm_act(cast.view(cast.admin), n, LOOKED)


def test_fifty_posts_are_one_persons_affair(cast):
    assert said(cleaned(cast, 50)) is None
    assert queries.waiting() == []
    with pytest.raises(NotFound):
        confirm_act(cast.view(cast.admin), 1, LOOKED)


def test_what_is_taken_back_needs_nobody_any_more(cast):
    n = cleaned(cast)
    undo_cleaning(cast.view(cast.admin), n, "They are adverts for the club's own jumble sale.")
    assert queries.waiting() == []


def test_who_is_not_confirmed_in_time_does_no_more_of_it(cast):
    cleaned(cast)
    raise_to(cast.hill)
    with time_machine.travel(clock.now() + CONFIRMED_WITHIN, tick=False):
        raise_to(cast.hill)
        with refused("confirm_yours_first"):
            limit_member(cast.view(cast.mod), cast.hill.pk, FOREVER, GROUND)
        assert Member.objects.get(pk=cast.hill.pk).suspended_until is None
        assert LogEntry.objects.latest("n").kind != "member.ban"
        limit_member(cast.view(cast.mod), cast.hill.pk, Wish("suspend", 7), GROUND)  # any other
        [row] = queries.waiting()
        confirm_act(cast.view(cast.admin), row.log_n, LOOKED)
        limit_member(cast.view(cast.mod), cast.hill.pk, FOREVER, GROUND)


@pytest.mark.parametrize("ease", ["lift", "shorten", "confirm"])
def test_a_ban_of_somebody_trusted_waits_for_another(cast, ease):
    raise_to(cast.hill)
    n = limit_member(cast.view(cast.mod), cast.hill.pk, FOREVER, GROUND)
    assert (said(n), len(queries.waiting())) == ("asked", 1)
    admin = cast.view(cast.admin)
    if ease == "lift":
        take_back_sanction(admin, n, LOOKED)
    elif ease == "shorten":
        shorten_limit(admin, n, 30, LOOKED)
    else:
        confirm_act(admin, n, LOOKED)
    assert queries.waiting() == []


def test_a_ban_of_a_newcomer_does_not(cast):
    n = limit_member(cast.view(cast.mod), cast.newcomer.pk, FOREVER, GROUND)
    assert said(n) is None


def test_where_nobody_else_could_the_log_says_so(cast):
    """LAW-003: a forum of one moderator goes on, and everybody reads that it was one person."""
    leave_group(cast.groups.moderators, cast.mod.pk, reason=WHY)
    fill(cast)
    n = clean_member(cast.view(cast.admin), cast.newcomer.pk, Wishes("R5", REASON))
    assert (said(n), queries.waiting()) == ("nobody", [])


def test_nobody_takes_more_than_fifty_chosen_posts_away(cast):
    fill(cast)
    chosen = list(Post.objects.filter(author=cast.newcomer).values_list("id", flat=True))
    with pytest.raises(Invalid) as caught:
        remove_posts(cast.view(cast.mod), chosen, REASON, why=OF_OWN_ACCORD)
    assert caught.value.fields == {"posts": "too_many_alone"}
    assert remove_posts(cast.view(cast.mod), chosen[1:], REASON, why=OF_OWN_ACCORD) == 50
    remove_posts(cast.view(cast.mod), chosen[:1], REASON, why=OF_OWN_ACCORD)
    assert restore_posts(cast.view(cast.mod), chosen, REASON, why=OF_OWN_ACCORD) == 51


def test_an_act_in_a_thread_of_their_own_says_so(cast):
    own = start_thread(cast.view(cast.mod), cast.harbour.pk, "My view", "It is so.")
    for thread, is_own in ((own, True), (cast.barrier, None)):
        lock_thread(cast.view(cast.mod), thread.pk, locked=True, reason=REASON)
        facts = LogEntry.objects.latest("n").public.get("facts") or {}
        assert facts.get("own_thread") is is_own


def test_who_acts_most_is_counted_without_the_parts_of_acts(cast):
    cleaned(cast)
    lock_thread(cast.view(cast.mod), cast.barrier.pk, locked=True, reason=REASON)
    by = LogEntry.objects.get(kind="member.clean").by
    since = clock.now() - timedelta(hours=1)
    assert dict(modlog.busiest(since))[by] == 2
    assert modlog.busiest(clock.now() + timedelta(seconds=1)) == []


def test_who_is_erased_leaves_no_name_in_what_waits(cast):
    cleaned(cast)
    assert Second.objects.get().subject_id == cast.newcomer.pk
