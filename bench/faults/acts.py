"""The ways of writing, for the drill that has each call of each fail."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from bench.faults.place import WHY

type Acts = dict[str, Callable[[], Any]]


def acts(ids: dict[str, int]) -> Acts:
    """Return every way of writing, by name and in the order of names."""
    return first_acts(ids) | _acts_of_members(ids) | _acts_in_conversations(ids)


def first_acts(ids: dict[str, int]) -> Acts:
    """Return what writes from the first day on; each is done on what the one before it left."""
    from rostra.effects.search import actions as search
    from rostra.forum.access.actions import set_access
    from rostra.forum.access.queries import viewer_for
    from rostra.forum.boards.actions import create_board
    from rostra.forum.members import actions as members
    from rostra.forum.members.groups import ensure_groups
    from rostra.forum.members.queries import account_for
    from rostra.forum.members.sessions import SessionStore
    from rostra.forum.threads.actions import posts, threads
    from rostra.forum.threads.models import Post, Thread
    from rostra.kernel import jobs, versions
    from rostra.project import schedule
    from rostra.transfer.integrity import examine

    quay, mod = (viewer_for(account_for(ids[name], as_operator=True)) for name in ("quay", "mod"))
    one = os.urandom(4).hex()

    def last(state: str = "visible") -> int:
        found = Post.objects.filter(
            thread=ids["barrier"], state=state, author=ids["quay"], number__gt=1
        )
        return found.latest("id").pk

    def barrier() -> Any:
        return Thread.objects.get(id=ids["barrier"])

    def lock() -> Any:
        is_locked = barrier().is_locked
        return threads.lock_thread(mod, ids["barrier"], locked=not is_locked, reason=WHY)

    group = ensure_groups().moderators
    return {
        "a reply": lambda: posts.post_reply(quay, ids["barrier"], f"A reply {one}"),
        "b edit": lambda: posts.edit_post(quay, last(), f"Edited {one}"),
        "c edit of another": lambda: posts.edit_post(mod, last(), f"Foreign {one}", reason=WHY),
        "d remove": lambda: posts.remove_post(mod, last(), WHY),
        "e restore": lambda: posts.restore_post(mod, last("removed"), WHY),
        "f withdraw": lambda: posts.withdraw_post(quay, last()),
        "g start": lambda: threads.start_thread(quay, ids["harbour"], f"Begun {one}", "Words."),
        "h lock": lock,
        "i unlock": lock,
        "j pin": lambda: threads.pin_thread(
            mod, ids["barrier"], pinned=not barrier().is_pinned, reason=WHY
        ),
        "k move": lambda: threads.move_thread(
            mod, ids["barrier"],
            ids["region"] if barrier().board_id == ids["harbour"] else ids["harbour"], reason=WHY,
        ),
        "l member": lambda: members.create_member(f"Somebody {one}"),
        "m group": lambda: members.create_group(f"Group {one}"),
        "n join": lambda: members.join_group(group, ids["hill"], reason=WHY),
        "o leave": lambda: members.leave_group(group, ids["hill"], reason=WHY),
        "p setup token": members.make_setup_token,
        "q reading": lambda: members.choose_reading(ids["hill"], language="ar", per_page="20"),
        "r access": lambda: set_access(None, ids["region"], None, reason=WHY),
        "s board": lambda: create_board(f"Board {one}"),
        "t session": lambda: SessionStore().save(must_create=True),
        "u sessions cleared": SessionStore.clear_expired,
        "v version": lambda: versions.raise_version(f"x{one}"),
        "w job": lambda: jobs.enqueue(schedule.clear_sessions),
        "x index": lambda: search.index_posts([last()]),
        "y mend": lambda: examine(repair=True),
    }  # fmt: skip


def _acts_of_members(ids: dict[str, int]) -> Acts:
    """Return what a member does beside posting; the long part of the drill has their turn."""
    from rostra.effects.notifications import actions as notifications
    from rostra.forum.access.queries import viewer_for
    from rostra.forum.bookmarks.actions import keep_post, let_post_go
    from rostra.forum.members.queries import account_for
    from rostra.forum.members.ties import set_tie
    from rostra.forum.polls import actions as polls
    from rostra.forum.polls.rules import Plan
    from rostra.forum.reactions.actions import react
    from rostra.forum.reactions.kinds import KINDS
    from rostra.forum.threads.actions import drafts, marks
    from rostra.forum.threads.actions.answers import accept_answer
    from rostra.forum.threads.actions.describing import edit_opening
    from rostra.forum.threads.heads import Head
    from rostra.forum.threads.models import Post, Thread

    quay, hill = (viewer_for(account_for(ids[name])) for name in ("quay", "hill"))
    one, thread = os.urandom(4).hex(), ids["barrier"]

    def last() -> int:
        return Post.objects.filter(state="visible", author=ids["quay"]).latest("id").pk

    def asked() -> Thread:
        return Thread.objects.filter(starter=ids["quay"], kind="question").latest("id")

    def polled() -> Thread:
        return Thread.objects.filter(has_poll=True).latest("id")

    def opening() -> int:
        return Post.objects.get(thread=asked(), number=1).pk

    def answer() -> Any:
        post = Post.objects.filter(thread=asked(), number__gt=1).latest("id")
        return accept_answer(quay, post.pk, accepted=asked().answer_id != post.pk)

    def reply() -> Any:
        from rostra.forum.threads.actions.posts import post_reply

        return post_reply(hill, asked().pk, f"An answer {one}")

    def ask() -> Any:
        from rostra.forum.threads.actions.threads import start_thread

        head = Head(kind="question", tags=f"water, t{one}")
        return start_thread(quay, ids["harbour"], f"Asked {one}", "Why?", head=head)

    def ballot() -> Any:
        return polls.vote(hill, polled().pk, [1 + os.urandom(1)[0] % 2])  # a place, not an id

    return {
        "za react": lambda: react(hill, last(), sorted(KINDS)[os.urandom(1)[0] % len(KINDS)]),
        "zb take back": lambda: react(hill, last(), ""),
        "zc question": ask,
        "zd answer": reply,
        "ze accepted": answer,
        "zf title": lambda: edit_opening(
            quay, opening(), f"Why, then {one}?", Head(kind="question", tags="tide"),
            title=f"Asked anew {os.urandom(2).hex()}",
        ),
        "zg poll": lambda: polls.start_with_poll(
            quay, ids["harbour"], f"A poll {one}", "Which?", Plan("Which?", ("This", "That"))
        ),
        "zh vote": ballot,
        "zi draft": lambda: drafts.save_draft(
            quay, f"thread-{thread}", title="", source=os.urandom(4).hex()
        ),
        "zj bookmark": lambda: keep_post(hill, last(), note=os.urandom(2).hex(), remind_at=None),
        "zk let go": lambda: let_post_go(hill, last()),
        "zl watch": lambda: marks.watch_thread(
            hill, thread, ("watch", "mute")[os.urandom(1)[0] % 2]
        ),
        "zm read": lambda: marks.note_read(hill, thread, 1),
        "zn follow": lambda: set_tie(ids["hill"], ids["quay"], "follow"),
        "zo unfollow": lambda: set_tie(ids["hill"], ids["quay"], ""),
        "zp ways": lambda: notifications.choose_ways(
            ids["hill"], {}, watches_own=bool(os.urandom(1)[0] % 2), has_digest=False
        ),
    }  # fmt: skip


def _acts_in_conversations(ids: dict[str, int]) -> Acts:
    from rostra.forum.access.queries import viewer_for
    from rostra.forum.conversations.actions import messages
    from rostra.forum.conversations.models import Message
    from rostra.forum.members.queries import account_for

    quay, hill = (viewer_for(account_for(ids[name])) for name in ("quay", "hill"))
    one = os.urandom(4).hex()

    def last() -> Message:
        return Message.objects.filter(withdrawn_at=None).latest("id")

    return {
        "zq conversation": lambda: messages.start_conversation(
            quay, [ids["hill"]], f"Between us {one}", "Words."
        ),
        "zr message": lambda: messages.send_message(
            hill, last().conversation_id, f"An answer {os.urandom(2).hex()}"
        ),
        "zs withdrawn": lambda: messages.withdraw_message(hill, last().pk),
    }
