"""Every kind of act that can be appealed against, and what must be as before once it is undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from allauth.mfa.models import Authenticator

from rostra.forum.access.accounts import rename_member, set_account_open
from rostra.forum.access.actions import save_group, set_membership
from rostra.forum.claims.actions.describing import describe_claim
from rostra.forum.claims.actions.disputing import dispute_attribution, strike_dispute
from rostra.forum.claims.actions.entries import withdraw_attribution
from rostra.forum.claims.actions.making import (
    make_claim,
    merge_claims,
    reword_claim,
    take_out_claim,
)
from rostra.forum.claims.circumstances import Circumstances
from rostra.forum.claims.models import Attribution, Claim, Dispute
from rostra.forum.cleaning.actions import Wishes, clean_member
from rostra.forum.holds.models import Hold
from rostra.forum.members.actions import create_member, join_group
from rostra.forum.members.models import Member, Membership
from rostra.forum.members.queries import former_names
from rostra.forum.notes.actions.writing import remove_note
from rostra.forum.notes.models import Note
from rostra.forum.polls.actions import close_poll, edit_poll, start_with_poll
from rostra.forum.polls.models import Poll
from rostra.forum.polls.queries import find_poll
from rostra.forum.polls.rules import Plan
from rostra.forum.sanctions.actions.giving import Ground, limit_member, warn_member
from rostra.forum.sanctions.rules import Wish
from rostra.forum.threads.actions.answers import accept_answer
from rostra.forum.threads.actions.approving import Decision, decide_held
from rostra.forum.threads.actions.describing import edit_opening, said_of
from rostra.forum.threads.actions.posts import (
    edit_post,
    hide_post,
    post_reply,
    remove_post,
)
from rostra.forum.threads.actions.redacting import redact_post
from rostra.forum.threads.actions.removing import remove_thread
from rostra.forum.threads.actions.splitting import merge_threads, split_thread
from rostra.forum.threads.actions.threads import lock_thread, move_thread, start_thread
from rostra.forum.threads.heads import Head
from rostra.forum.threads.models import BoardStats, MemberStats, Post, Tagging, Thread
from rostra.forum.uploads.actions import choose_avatar, remove_avatar
from rostra.forum.uploads.queries import is_avatar
from rostra.forum.words.actions import watch_words
from rostra.kernel.errors import Refused
from tests.forum.claims.people import raise_to, says
from tests.forum.notes.readers import join, proposed
from tests.pictures import png

WHY = "It was not what the rule is about."


class Case(NamedTuple):
    """An act, whom it restricts, and what is looked at: before, after, and once it is undone."""

    member: Member
    act: Callable[[], Any]
    look: Callable[[], Any]
    undone: Any = None  # where undoing leads to something else than there was


def second(cast) -> Post:
    return Post.objects.get(thread=cast.barrier, number=2)


def states(cast) -> Any:
    """Everything of the barrier's thread, and what is counted about it."""
    thread = Thread.objects.get(pk=cast.barrier.pk)
    posts = thread.posts.order_by("id")
    return (
        said_of(thread), thread.board_id, thread.state, thread.is_locked, thread.reply_count,
        list(posts.values_list("id", "number", "state", "source", "html")),
        list(BoardStats.objects.exclude(post_count=0).order_by("board").values_list("board", "thread_count", "post_count")),
        list(MemberStats.objects.order_by("member").values_list("member", "post_count")),
    )  # fmt: skip


def of_post(act: Callable[[Any, Any], Any]) -> Callable[[Any], Case]:
    return lambda cast: Case(cast.hill, lambda: act(cast, second(cast)), lambda: states(cast))


def of_thread(act: Callable[[Any], Any]) -> Callable[[Any], Case]:
    return lambda cast: Case(cast.quay, lambda: act(cast), lambda: states(cast))


def rejected(cast, hold: Hold) -> None:
    decide_held(cast.view(cast.mod), hold.pk, hold.version, Decision("reject", "R5", WHY))


def turned_down(cast) -> Case:
    watch_words(cast.view(cast.mod), ["toll"], "hold", reason=WHY)
    post = post_reply(cast.view(cast.hill), cast.barrier.pk, "The toll.")

    def look() -> Any:
        row = Post.objects.get(pk=post.pk)
        return row.state, row.number, Hold.objects.get(post_id=post.pk).state

    return Case(
        cast.hill, lambda: rejected(cast, Hold.objects.get()), look, ("visible", 4, "approved")
    )


def edit_turned_down(cast) -> Case:
    watch_words(cast.view(cast.mod), ["toll"], "hold", reason=WHY)
    edit_post(cast.view(cast.hill), second(cast).pk, "The toll.")

    def look() -> Any:
        return second(cast).source, Hold.objects.get().state

    return Case(
        cast.hill, lambda: rejected(cast, Hold.objects.get()), look, ("The toll.", "approved")
    )


def redacted(cast) -> Case:
    edit_post(cast.view(cast.hill), second(cast).pk, "Ask Ida Quist, or me.")

    def look() -> Any:
        try:
            edit_post(cast.view(cast.hill), second(cast).pk, "Ask Ida Quist, or me.")
        except Refused as error:
            return error.reason
        return second(cast).source

    Post.objects.filter(pk=second(cast).pk).update(created_at="2024-01-01T00:00Z")
    return Case(
        cast.hill,
        lambda: redact_post(cast.view(cast.mod), second(cast).pk, ["Ida Quist"], reason=WHY),
        look,
        "Ask Ida Quist, or me.",
    )


def question(cast) -> Thread:
    head = Head("question")
    return start_thread(cast.view(cast.quay), cast.harbour.pk, "Why?", "I ask.", head=head)


def not_the_answer(cast) -> Case:
    thread = question(cast)
    post = post_reply(cast.view(cast.hill), thread.pk, "Because.")
    accept_answer(cast.view(cast.quay), post.pk, accepted=True)
    return Case(
        cast.hill,
        lambda: accept_answer(cast.view(cast.mod), post.pk, accepted=False, reason=WHY),
        lambda: Thread.objects.get(pk=thread.pk).answer_id,
    )


def described(cast) -> Case:
    """Title, type, article and tags at once, and the answer that goes with the type."""
    thread = question(cast)
    post = post_reply(cast.view(cast.hill), thread.pk, "Because.")
    accept_answer(cast.view(cast.quay), post.pk, accepted=True)
    news = Head("news", "https://example.org/barrier", "One line.\n\nAnother.", "Port")

    def look() -> Any:
        row = Thread.objects.get(pk=thread.pk)
        tags = sorted(Tagging.objects.filter(thread=row).values_list("tag", flat=True))
        return said_of(row), row.host, row.answer_id, tags

    return Case(
        cast.quay,
        lambda: edit_opening(
            cast.view(cast.mod), thread.posts.get(number=1).pk, "I ask.", news,
            title="What for?", reason=WHY,
        ),
        look,
    )  # fmt: skip


def split(cast, post: Post) -> None:
    split_thread(cast.view(cast.mod), cast.barrier.pk, [post.pk], "Apart", reason=WHY)


def merged(cast) -> Case:
    into = start_thread(cast.view(cast.hill), cast.harbour.pk, "Other", "Words.")
    return Case(
        cast.quay,
        lambda: merge_threads(cast.view(cast.mod), cast.barrier.pk, into.pk, reason=WHY),
        lambda: states(cast),
    )


PLAN = Plan("Which way?", ("The quay", "Mill Street", "Neither"))


def polled(cast, days: int | None, act: Callable[[Any, int], Any]) -> Case:
    plan = PLAN._replace(days=days)
    thread = start_with_poll(cast.view(cast.quay), cast.harbour.pk, "Tram", "Let us see.", plan)

    def look() -> Any:
        shown = find_poll(cast.view(cast.hill), thread.pk, Thread.objects.get(pk=thread.pk))
        return shown and (shown.plan, shown.may_vote.reason), Poll.objects.get().closes_at

    return Case(cast.quay, lambda: act(cast, thread.pk), look)


def poll_edited(cast, thread_id: int) -> None:
    plan = Plan("Which?", ("The quay", "A bridge"), most=2, days=9, is_public=True)
    edit_poll(cast.view(cast.mod), thread_id, plan, reason=WHY)


def poll_closed(cast, thread_id: int) -> None:
    close_poll(cast.view(cast.mod), thread_id, reason=WHY)


def boss(cast) -> Any:
    """Return a second administrator, who acts: the first decides."""
    found = Member.objects.filter(name="Bo Ferry").first()
    if found is None:
        found = create_member("Bo Ferry")
        join_group(cast.groups.administrators, found.pk, reason=WHY)
        Authenticator.objects.create(user=found, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
    return cast.view(found)


def put_out(cast) -> Case:
    acting = boss(cast)
    group = save_group(
        acting, None, "Readers", capabilities=(), needs_second_factor=False, reason=WHY
    )
    set_membership(acting, group.pk, cast.hill.pk, is_in=True, reason=WHY)
    return Case(
        cast.hill,
        lambda: set_membership(acting, group.pk, cast.hill.pk, is_in=False, reason=WHY),
        lambda: sorted(Membership.objects.values_list("group", "member")),
    )


def closed(cast) -> Case:
    acting = boss(cast)
    return Case(
        cast.hill,
        lambda: set_account_open(acting, cast.hill.pk, is_open=False, reason=WHY),
        lambda: Member.objects.get(pk=cast.hill.pk).is_active,
    )


def renamed(cast) -> Case:
    acting = boss(cast)

    def look() -> Any:
        row = Member.objects.get(pk=cast.hill.pk)
        return row.name, row.name_key, list(former_names(row.pk))

    return Case(
        cast.hill, lambda: rename_member(acting, cast.hill.pk, "Somebody", reason=WHY), look
    )


def without_picture(cast) -> Case:
    choose_avatar(cast.view(cast.hill), png(80, 80))
    key = Member.objects.get(pk=cast.hill.pk).avatar
    return Case(
        cast.hill,
        lambda: remove_avatar(cast.view(cast.mod), cast.hill.pk, WHY),
        lambda: (Member.objects.get(pk=cast.hill.pk).avatar, is_avatar(key)),
    )


def cleaned(cast) -> Case:
    start_thread(cast.view(cast.newcomer), cast.harbour.pk, "Watches", "Buy them.")
    post_reply(cast.view(cast.newcomer), cast.barrier.pk, "Watches.")
    return Case(
        cast.newcomer,
        lambda: clean_member(cast.view(cast.mod), cast.newcomer.pk, Wishes("R5", WHY)),
        lambda: (states(cast), cast.view(cast.newcomer).is_suspended),
    )


def sanctioned(act: Callable[[Any, Ground], Any]) -> Callable[[Any], Case]:
    def look(cast) -> Any:
        seen = cast.view(cast.hill)
        return seen.is_suspended, seen.limits

    return lambda cast: Case(cast.hill, lambda: act(cast, Ground("R2", WHY)), lambda: look(cast))


def limited(cast, wish: Wish, ground: Ground) -> None:
    limit_member(cast.view(cast.mod), cast.hill.pk, wish, ground)


TEXT = "The barrier was opened at six in the morning."


def of_claim(act: Callable[[Any, Claim], Any], who: str = "quay") -> Callable[[Any], Case]:
    """An act on a claim of Quay's, with an entry of Hill's that Quay disputes."""

    def case(cast) -> Case:
        raise_to(cast.quay)
        raise_to(cast.hill)
        claim = make_claim(cast.view(cast.quay), cast.barrier.posts.get(number=1).pk, TEXT)
        entry = says(cast.view(cast.hill), claim, "asserts", "Harbour office", "harbour")
        dispute_attribution(cast.view(cast.quay), entry.pk, "That is not what stands there.")
        return Case(
            getattr(cast, who),
            lambda: act(cast, claim),
            lambda: (
                list(
                    Claim.objects.order_by("id").values_list(
                        "text", "state", "merged_into", "place"
                    )
                ),
                list(Attribution.objects.order_by("id").values_list("claim", "state")),
                list(Dispute.objects.values_list("reason")),
            ),
        )

    return case


def one_with_another(cast, claim: Claim) -> None:
    other = Claim.objects.exclude(pk=claim.pk).get()
    merge_claims(cast.view(cast.mod), claim.pk, other.pk, reason=WHY)


def two_claims(cast) -> Case:
    case = of_claim(one_with_another)(cast)
    make_claim(cast.view(cast.hill), cast.barrier.posts.get(number=1).pk, "It stayed shut.")
    return case


def note_removed(cast) -> Case:
    note = proposed(cast, join(cast.hill).member)
    return Case(
        cast.hill,
        lambda: remove_note(cast.view(cast.mod), note.pk, reason=WHY),
        lambda: Note.objects.get(pk=note.pk).state,
    )


CASES: dict[str, Callable[[Any], Case]] = {
    "post.remove": of_post(lambda cast, post: remove_post(cast.view(cast.mod), post.pk, WHY)),
    "post.hide": of_post(lambda cast, post: hide_post(post.pk, WHY, rule="R2")),
    "post.edit": of_post(
        lambda cast, post: edit_post(cast.view(cast.mod), post.pk, "Other.", reason=WHY)
    ),
    "post.redact": redacted,
    "post.reject": turned_down,
    "post.reject_edit": edit_turned_down,
    "post.unaccept": not_the_answer,
    "thread.remove": of_thread(
        lambda cast: remove_thread(cast.view(cast.mod), cast.barrier.pk, WHY)
    ),
    "thread.lock": of_thread(
        lambda cast: lock_thread(cast.view(cast.mod), cast.barrier.pk, locked=True, reason=WHY)
    ),
    "thread.move": of_thread(
        lambda cast: move_thread(cast.view(cast.mod), cast.barrier.pk, cast.region.pk, reason=WHY)
    ),
    "thread.split": of_post(split),
    "thread.merge": merged,
    "thread.describe": described,
    "poll.edit": lambda cast: polled(cast, 3, poll_edited),
    "poll.close": lambda cast: polled(cast, 3, poll_closed),
    "group.leave": put_out,
    "member.close": closed,
    "member.rename": renamed,
    "member.avatar_remove": without_picture,
    "member.clean": cleaned,
    "member.warn": sanctioned(
        lambda cast, ground: warn_member(cast.view(cast.mod), cast.hill.pk, 5, 30, ground)
    ),
    "member.limit": sanctioned(
        lambda cast, ground: limited(cast, Wish("limit", verbs=("react",), days=3), ground)
    ),
    "member.read_only": sanctioned(
        lambda cast, ground: limited(cast, Wish("read_only", days=3), ground)
    ),
    "member.suspend": sanctioned(
        lambda cast, ground: limited(cast, Wish("suspend", days=3), ground)
    ),
    "member.ban": sanctioned(lambda cast, ground: limited(cast, Wish("ban"), ground)),
    "claim.edit": of_claim(
        lambda cast, claim: reword_claim(
            cast.view(cast.mod), claim.pk, "The barrier was opened.", reason=WHY
        )
    ),
    "claim.describe": of_claim(
        lambda cast, claim: describe_claim(
            cast.view(cast.mod), claim.pk, Circumstances(place="New Port"), reason=WHY
        )
    ),
    "claim.merge": two_claims,
    "claim.remove": of_claim(
        lambda cast, claim: take_out_claim(cast.view(cast.mod), claim.pk, reason=WHY)
    ),
    "claim.withdraw_entry": of_claim(
        lambda cast, claim: withdraw_attribution(
            cast.view(cast.mod), Attribution.objects.get().pk, reason=WHY
        ),
        "hill",
    ),
    "claim.strike": of_claim(
        lambda cast, claim: strike_dispute(
            cast.view(cast.mod), Dispute.objects.get().pk, reason=WHY
        )
    ),
    "note.remove": note_removed,
}
