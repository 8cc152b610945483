"""What members are told of. All of it is harmless twice: a thing has one key."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from rostra.effects.notifications import actions, queries
from rostra.effects.notifications.rules import Kind, best_reasons
from rostra.forum.access.queries import readers
from rostra.forum.bookmarks.actions import reminded
from rostra.forum.bookmarks.queries import to_remind_of
from rostra.forum.members.events import MemberFollowed
from rostra.forum.members.ties import followers_of, ignoring
from rostra.forum.reactions.events import ReactionChanged
from rostra.forum.threads.actions.marks import watch_if_new
from rostra.forum.threads.events import PostPublished, PostStateChanged, ThreadMoved
from rostra.forum.threads.marks import muting, watchers_of
from rostra.forum.threads.spoken import authors_of, spoken_of
from rostra.kernel import clock
from rostra.kernel.events import after
from rostra.kernel.jobs import every

REMINDED_AT_ONCE = 200


@after(PostPublished)
def tell_of_post(happened: PostPublished) -> None:
    """Tell whom a post speaks to, and who watches: each once, for the best reason there is."""
    post = spoken_of(happened.post_id)
    if post is None or post.state != "visible":
        return
    is_opening = post.number == 1
    candidates: dict[Kind, Collection[int]] = {
        "mention": happened.mentioned_ids,
        "quote": authors_of(happened.quoted_post_ids),
        "reply": authors_of([post.reply_to_id]) if post.reply_to_id else (),
        "watch": watchers_of(post.thread_id, post.board_id, is_opening=is_opening),
        "follow": followers_of(happened.author_id) if is_opening else (),
    }
    reasons = best_reasons(candidates)
    reasons.pop(happened.author_id, None)
    told = _who_hears(reasons, happened.author_id, post.thread_id, post.board_id)
    actions.tell(
        {member_id: kind for member_id, kind in reasons.items() if member_id in told},
        key=f"post:{happened.post_id}",
        group=f"thread:{post.thread_id}",
        post_id=happened.post_id,
        actor_id=happened.author_id,
    )


@after(PostPublished)
def watch_own_threads(happened: PostPublished) -> None:
    """Have who writes in a thread watch it, unless they chose otherwise."""
    if queries.wishes_of(happened.author_id).watches_own:
        watch_if_new(happened.author_id, happened.thread_id)


@after(ReactionChanged)
def tell_of_reaction(happened: ReactionChanged) -> None:
    """Tell an author of a reaction, and no more of one that was taken back."""
    if not happened.author_id:
        return
    key = f"reaction:{happened.post_id}:{happened.member_id}"
    if not happened.kind:
        actions.take_back(key, happened.author_id)
        return
    post = spoken_of(happened.post_id)
    if post is None:
        return
    told = _who_hears([happened.author_id], happened.member_id, post.thread_id, post.board_id)
    actions.tell(
        dict.fromkeys(told, "reaction"),
        key=key,
        group=f"reactions:{happened.post_id}",
        post_id=happened.post_id,
        actor_id=happened.member_id,
    )


@after(MemberFollowed)
def tell_of_follower(happened: MemberFollowed) -> None:
    """Tell a member who follows them, once."""
    if ignoring(happened.by_id, [happened.member_id]):
        return
    actions.tell(
        {happened.member_id: "follow"},
        key=f"follower:{happened.by_id}",
        group="followers",
        post_id=None,
        actor_id=happened.by_id,
    )


@after(PostStateChanged)
def set_bells_right(happened: PostStateChanged) -> None:
    """Count anew for whom a post was taken away or came back."""
    actions.recount(queries.told_of(post_id=happened.post_id))


@after(ThreadMoved)
def set_bells_right_after_move(happened: ThreadMoved) -> None:
    """Tell no more of a thread that its readers may not read where it is now."""
    told = queries.told_of(thread_id=happened.thread_id)
    gone = frozenset(told) - readers(happened.to_board_id, told)
    actions.forget_thread(happened.thread_id, gone)


@every(timedelta(minutes=1))
def remind() -> None:
    """Remind members of the posts they keep, when the time has come."""
    for bookmark_id, member_id, post_id in to_remind_of(clock.now(), REMINDED_AT_ONCE):
        actions.tell(
            {member_id: "reminder"},
            key=f"reminder:{bookmark_id}:{clock.now():%Y%m%d%H}",
            group=f"reminder:{post_id}",
            post_id=post_id,
            actor_id=None,
        )
        reminded(bookmark_id)


@every(timedelta(days=1))
def forget_old() -> None:
    """Delete what was told long ago."""
    actions.forget_old()


def _who_hears(
    member_ids: Collection[int], actor_id: int, thread_id: int, board_id: int
) -> frozenset[int]:
    """Return those who may read the board, have not muted it, and do not ignore the actor."""
    asked = list(member_ids)
    found = readers(board_id, asked)
    return found - ignoring(actor_id, asked) - muting(asked, thread_id, board_id)
