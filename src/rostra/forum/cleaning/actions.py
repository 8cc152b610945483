"""Cleaning up after a member at once, and putting all of it back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple

from django.db import transaction

from rostra.forum.access.queries import moderates_everything
from rostra.forum.access.viewer import Viewer
from rostra.forum.cleaning import rules
from rostra.forum.cleaning.events import MemberCleaned
from rostra.forum.cleaning.models import Cleaning
from rostra.forum.cleaning.queries import bounds, facts_of
from rostra.forum.holds.actions import let_wait_again, turn_down_all
from rostra.forum.members.actions import keep_look
from rostra.forum.members.queries import account_look
from rostra.forum.members.turns import take_turn
from rostra.forum.modlog import actions as modlog
from rostra.forum.sanctions.actions.easing import end_within
from rostra.forum.sanctions.actions.giving import suspend_within
from rostra.forum.seconds.actions import ask_or_refuse, let_go, wait_for_second
from rostra.forum.seconds.rules import needs_second
from rostra.forum.threads.actions.logging import OF_OWN_ACCORD, Why
from rostra.forum.threads.actions.posts import remove_post, restore_post
from rostra.forum.threads.actions.removing import remove_thread, restore_thread
from rostra.forum.threads.of_member import standing_of_member
from rostra.forum.uploads.actions import forget_avatar
from rostra.forum.uploads.rules import TAKEN_KEPT_FOR
from rostra.kernel import clock
from rostra.kernel.errors import Gathered, NotFound, Refused
from rostra.kernel.events import emit
from rostra.kernel.jobs import every


class Wishes(NamedTuple):
    """What of a member's is to go, and on what it rests."""

    rule: str
    reason: str
    posts: bool = True  # threads that nobody else wrote in go with them, and what waits
    profile: bool = True  # picture, words about themselves, signature
    suspend: bool = True


@transaction.atomic
def clean_member(viewer: Viewer, member_id: int, wishes: Wishes) -> int:
    """Take away all that a member left, as one act; return its entry. Emits MemberCleaned.

    Every post and thread has an entry that is a part of it; the statement is one, for all of it.
    Raises NotFound, Invalid, Refused.
    """
    take_turn(viewer.require_member())
    rules.may_clean(
        viewer, facts_of(member_id), bounds(), moderates_everything=moderates_everything(viewer)
    ).enforce()
    _check(wishes)
    standing = standing_of_member(member_id, bounds().posts, viewer.grants["moderate"])
    facts: dict[str, int | bool | str] = {
        "posts": len(standing.posts) if wishes.posts else 0,
        "threads": len(standing.threads) if wishes.posts else 0,
        "suspended": wishes.suspend,
    }
    if weighs_much := needs_second(posts=len(standing.posts) if wishes.posts else 0):
        facts["second"] = ask_or_refuse(viewer, "clean", member_id)
    log_n = modlog.append(
        "member.clean",
        role="moderator",
        reason=wishes.reason.strip(),
        actor_id=viewer.require_member(),
        subject_id=member_id,
        facts=facts,
        rule=wishes.rule,
    )
    if weighs_much and facts["second"] == "asked":
        wait_for_second(viewer, log_n, "clean", member_id)
    row = Cleaning(log_n=log_n, member_id=member_id, by_id=viewer.member_id, at=clock.now())
    if wishes.posts:
        _take_words(viewer, row, standing.posts, standing.threads, wishes)
    if wishes.profile:
        look = account_look(member_id)
        row.had["look"] = list(look)
        keep_look(member_id, look.bare())
    if wishes.suspend:
        suspend_within(log_n, member_id, clock.now() + rules.SUSPENDED_FOR, wishes.rule)
    row.save(force_insert=True)
    emit(MemberCleaned(member_id=member_id, log_n=log_n, is_undone=False))
    return log_n


@transaction.atomic
def undo_cleaning(viewer: Viewer, log_n: int, reason: str, *, why: Why = OF_OWN_ACCORD) -> int:
    """Put back all that a clean-up took; return the entry that says so. Emits MemberCleaned.

    What somebody has changed since, stays as they left it. Within a month; later only where an
    appeal was right (`why` names the act). Raises NotFound, Invalid, Refused.
    """
    take_turn(viewer.require_member())
    able = moderates_everything(viewer)
    rules.may_undo(viewer, moderates_everything=able).enforce()
    row = Cleaning.objects.select_for_update(of=("self",)).filter(log_n=log_n).first()
    if row is None:
        raise NotFound
    on_appeal = why.reverts == log_n and row.undone_n is None
    if not (on_appeal or rules.is_to_be_undone(row.at, row.undone_n, clock.now())):
        raise Refused("not_to_be_undone")
    undone_n = modlog.append(
        "member.unclean",
        role="moderator",
        reason=modlog.check_reason(reason),
        actor_id=viewer.require_member(),
        subject_id=row.member_id,
        facts={"posts": len(row.posts), "threads": len(row.threads)},
        rule=why.rule,
        reverts=log_n,
    )
    reason = reason.strip()
    for thread_id, entry in row.threads:
        _restore(restore_thread, viewer, thread_id, reason, Why(reverts=entry, parent=undone_n))
    for post_id, entry in row.posts:
        _restore(restore_post, viewer, post_id, reason, Why(reverts=entry, parent=undone_n))
    _give_back(row, undone_n)
    let_go(log_n)
    row.undone_n = undone_n
    row.save()
    emit(MemberCleaned(member_id=row.member_id, log_n=undone_n, is_undone=True))
    return undone_n


@every(timedelta(days=1))
def drop_pictures() -> None:
    """Delete pictures that clean-ups took away, once no appeal can bring them back."""
    over = Cleaning.objects.filter(at__lt=clock.now() - TAKEN_KEPT_FOR, undone_n=None)
    for row in over.exclude(had__look=None).order_by("log_n")[:100]:
        with transaction.atomic():
            look = row.had.pop("look")
            row.save(update_fields=["had"])
            forget_avatar(look[0])


def _take_words(
    viewer: Viewer, row: Cleaning, posts: list[int], threads: list[int], wishes: Wishes
) -> None:
    why = Why(rule=wishes.rule, parent=row.log_n)
    reason = wishes.reason.strip()
    row.had["holds"] = turn_down_all(row.member_id, viewer.require_member(), row.log_n)
    for post_id in posts:
        remove_post(viewer, post_id, reason, why=why)
        row.posts.append([post_id, modlog.last_number()])
    for thread_id in threads:
        row.threads.append([thread_id, remove_thread(viewer, thread_id, reason, why=why)])


def _restore(restore: Any, viewer: Viewer, target_id: int, reason: str, why: Why) -> None:
    try:
        restore(viewer, target_id, reason, why=why)
    except (NotFound, Refused):
        return  # somebody has done something else with it since


def _give_back(row: Cleaning, undone_n: int) -> None:
    """Give an account back what it had, unless it has something else by now."""
    let_wait_again(row.had.get("holds", []), row.log_n)
    look = account_look(row.member_id)
    if "look" in row.had and look == look.bare():
        keep_look(row.member_id, look.made(row.had["look"]))
    end_within(row.log_n, undone_n)


def _check(wishes: Wishes) -> None:
    gathered = Gathered()
    with gathered:
        modlog.check_reason(wishes.reason)
    if not wishes.rule:
        gathered.wrong["rule"] = "rule_missing"
    if not (wishes.posts or wishes.profile or wishes.suspend):
        gathered.wrong["chosen"] = "nothing_chosen"
    gathered.enforce()
