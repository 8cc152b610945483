"""Asking to be erased, thinking better of it, and doing it: in small steps, each harmless twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from django.db import transaction

from rostra.forum.access.queries import ranks
from rostra.forum.access.viewer import Viewer
from rostra.forum.claims import erasing as claims
from rostra.forum.conversations import erasing as conversations
from rostra.forum.erasure import ledger, rules, tables
from rostra.forum.erasure.events import MemberErased
from rostra.forum.erasure.models import Erasure
from rostra.forum.members import erasing as members
from rostra.forum.members.queries import card_of
from rostra.forum.members.turns import take_turn, wait_for_turn
from rostra.forum.modlog import actions as modlog
from rostra.forum.notes import erasing as notes
from rostra.forum.notes.actions.raters import erase_rater
from rostra.forum.polls import erasing as polls
from rostra.forum.reactions import erasing as reactions
from rostra.forum.takeout import actions as takeout
from rostra.forum.threads.actions import erasing as threads
from rostra.forum.uploads import erasing as uploads
from rostra.kernel import clock, dialect, jobs
from rostra.kernel.errors import Invalid, NotFound, Refused
from rostra.kernel.events import emit
from rostra.kernel.jobs import every, job_aside

State, Choice = Erasure.State, Erasure.Choice
AT_ONCE = 50  # rows of a step
LOOKED_AT_ONCE = 500  # posts of others
STEPS = 200  # of a job; then it queues the rest
AFTER_REFUSAL = timedelta(days=1)


@transaction.atomic
def ask(viewer: Viewer, choice: str, posts: str = "") -> None:
    """Ask to be erased in 14 days; a list of posts has to be agreed to first.

    posts: addresses or numbers, one a line, where only their words go. Raises Refused for staff,
    who hand over first, and where something is asked already; Invalid.
    """
    member_id = viewer.require_member()
    take_turn(member_id)
    rules.may_ask(viewer, ranks([member_id])[member_id]).enforce()
    if choice not in rules.CHOICES:
        raise Invalid({"choice": "not_a_choice"})
    listed = rules.listed(posts) if choice == Choice.SOME else []
    if listed and not threads.are_theirs(member_id, listed):
        raise Invalid({"posts": "not_all_yours"})
    _enter(member_id, choice, listed, is_agreed=not listed)


@transaction.atomic
def take_back(viewer: Viewer) -> None:
    """Think better of it, while nothing was done; raises NotFound."""
    member_id = viewer.require_member()
    take_turn(member_id)
    open_ones = Erasure.objects.filter(member_id=member_id, state__in=(State.ASKED, State.WAITING))
    if not open_ones.delete()[0]:
        raise NotFound


@transaction.atomic
def agree(viewer: Viewer, member_id: int) -> None:
    """Agree to the list of posts a member made: the 14 days begin. Raises NotFound, Refused."""
    rules.may_see_to(viewer).enforce()
    asked = Erasure.objects.select_for_update().filter(member_id=member_id, state=State.ASKED)
    wish = asked.first()
    if wish is None:
        raise NotFound
    wish.state, wish.due_at = State.WAITING, clock.now() + rules.THOUGHT_OVER
    wish.save(update_fields=["state", "due_at"])


@transaction.atomic
def ask_for(viewer: Viewer, member_id: int, choice: str, *, reason: str) -> None:
    """Have a member erased who asked by letter, in 14 days; logged. Raises Refused, Invalid.

    Until then they can take it back themselves, as any can.
    """
    rules.may_see_to(viewer).enforce()
    card_of(member_id)
    wait_for_turn(member_id)
    rules.may_be_erased(ranks([member_id])[member_id]).enforce()
    if choice not in (Choice.NAME, Choice.WORDS):
        raise Invalid({"choice": "not_a_choice"})
    reason = modlog.check_reason(reason)
    _enter(member_id, choice, [], is_agreed=True)
    modlog.append(
        "member.erase_ask",
        role="administrator",
        reason=reason,
        actor_id=viewer.require_member(),
        subject_id=member_id,
        facts={"choice": choice},
    )


@every(timedelta(hours=1))
def begin_due() -> None:
    """Queue what is due, and what was begun and given up."""
    due = Erasure.objects.filter(state=State.WAITING, due_at__lte=clock.now())
    for wish in (due | Erasure.objects.filter(state=State.RUNNING)).order_by("due_at")[:100]:
        jobs.enqueue(carry_out, member_id=wish.member_id)


@job_aside
def carry_out(member_id: int) -> None:
    """Erase a member whose time has come: the name first, then all the rest, step by step.

    A worker that is killed leaves it where it was; the next one goes on from there.
    """
    if not _begin(member_id):
        return
    for _ in range(STEPS):
        if not _go_on(member_id):
            return
    jobs.enqueue(carry_out, member_id=member_id)


def erase_again() -> int:
    """Erase at once whom a restored database has back, by the ledger; return how many."""
    done = 0
    for line in ledger.lines():
        if not line.is_of(members.names_of(line.member)):
            continue
        Erasure.objects.update_or_create(
            member_id=line.member,
            defaults={
                "choice": line.choice, "posts": line.posts, "state": State.WAITING,
                "asked_at": clock.now(), "due_at": clock.now(),
            },
        )  # fmt: skip
        if _begin(line.member, is_again=True):
            while _go_on(line.member):
                pass
            done += 1
    return done


def _enter(member_id: int, choice: str, listed: list[int], *, is_agreed: bool) -> None:
    if Erasure.objects.filter(member_id=member_id).exists():
        raise Refused("erasure_asked_already")
    now = clock.now()
    Erasure.objects.create(
        member_id=member_id,
        choice=choice,
        posts=listed,
        state=State.WAITING if is_agreed else State.ASKED,
        asked_at=now,
        due_at=now + rules.THOUGHT_OVER if is_agreed else None,
    )


@transaction.atomic
def _begin(member_id: int, *, is_again: bool = False) -> bool:
    """Take name and account away; return whether there is something to go on with."""
    wait_for_turn(member_id)
    wish = Erasure.objects.select_for_update().filter(member_id=member_id).first()
    if wish is None or wish.state in (State.ASKED, State.DONE):
        return False
    if wish.state == State.RUNNING:
        return True
    if wish.due_at is None or wish.due_at > clock.now():
        return False
    if ranks([member_id])[member_id] and not is_again:
        wish.due_at = clock.now() + AFTER_REFUSAL  # became staff meanwhile: has to hand over first
        wish.save(update_fields=["due_at"])
        return False
    wish.names = members.names_of(member_id)
    attempt = 0
    while not members.is_free(neutral := rules.neutral_name(member_id, attempt)):
        attempt += 1
    email = members.erase_account(member_id, neutral)
    if email:
        jobs.forget(email)
    wish.log_n = modlog.append(
        "member.erase",
        role="automatic",
        origin="automatic",
        reason="Erased on request of the member.",
        facts={"choice": wish.choice},
    )
    modlog.erase_member(member_id, wish.names)
    tables.forget_imports(member_id)
    takeout.forget(member_id)
    wish.state = State.RUNNING
    wish.save()
    if not is_again:
        ledger.write(member_id, wish.choice, wish.posts, wish.names)
    return True


@transaction.atomic
def _go_on(member_id: int) -> bool:
    """Do one more step, in a transaction of its own; return whether there is another."""
    dialect.one_at_a_time("erasure", member_id)
    wish = Erasure.objects.select_for_update().get(member_id=member_id)
    if wish.state != State.RUNNING:
        return False
    # Nothing comes to it any more: once others' posts are looked through, its own are done.
    if not wish.place and (_own_words(wish) or sum(step() for step in _steps(wish))):
        return True
    gone = threads.Gone(member_id, wish.names, card_of(member_id).name)
    looked = threads.erase_from_others(gone, wish.place, LOOKED_AT_ONCE)
    wish.place = looked.place
    wish.review = [*wish.review, *looked.review][:200]
    if not looked.place:
        wish.state, wish.names, wish.done_at = State.DONE, [], clock.now()
        emit(MemberErased(member_id=member_id))
    wish.save()
    return wish.state == State.RUNNING


def _own_words(wish: Erasure) -> bool:
    """Empty some posts, and what quotes them elsewhere; return whether there were any."""
    emptied = threads.erase_posts(
        wish.member_id,
        all_words=wish.choice == Choice.WORDS,
        listed=wish.posts,
        limit=AT_ONCE,
    )
    if emptied is None:
        return False
    claims.erase_quotes(emptied)
    polls.erase_questions(threads.opened_by(emptied))
    return True


def _steps(wish: Erasure) -> list[Callable[[], bool]]:
    """Return what is to be done besides, each of which says whether there is more of it."""
    member_id = wish.member_id
    steps: list[Callable[[], bool]] = [
        partial(threads.erase_history, member_id, AT_ONCE),
        partial(conversations.erase_messages, member_id, AT_ONCE),
        partial(conversations.leave_all, member_id, AT_ONCE),
        partial(reactions.erase_reactions, member_id, AT_ONCE),
        partial(polls.erase_ballots, member_id, AT_ONCE),
        partial(_uploads, member_id),
        partial(tables.empty_some, member_id, AT_ONCE),
        partial(_rater, member_id),
    ]
    if wish.choice == Choice.WORDS:
        steps += [partial(notes.erase_notes, member_id, AT_ONCE), partial(_claims, member_id)]
    return steps


def _uploads(member_id: int) -> bool:
    after = uploads.erase_uploads(member_id, 0, AT_ONCE)
    while after:
        after = uploads.erase_uploads(member_id, after, AT_ONCE)
    return False


def _rater(member_id: int) -> bool:
    erase_rater(member_id)
    return False


def _claims(member_id: int) -> bool:
    claims.erase_claims(member_id)
    return False
