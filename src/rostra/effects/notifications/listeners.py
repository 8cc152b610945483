"""What members are told of. All of it is harmless twice: a thing has one key."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import timedelta

from rostra.effects.notifications import actions, queries
from rostra.effects.notifications.rules import Kind, Telling, best_reasons, group_of_notice
from rostra.forum.access.queries import readers
from rostra.forum.access.viewer import NONE
from rostra.forum.bookmarks.actions import reminded
from rostra.forum.bookmarks.queries import to_remind_of
from rostra.forum.members.events import MemberFollowed
from rostra.forum.members.ties import followers_of, ignoring
from rostra.forum.reactions.events import ReactionChanged
from rostra.forum.threads.actions.marks import watch_if_new
from rostra.forum.threads.events import PostPublished, PostStateChanged, ThreadMoved
from rostra.forum.threads.marks import muting, watching_of
from rostra.forum.threads.spoken import Spoken, authors_of, spoken_of
from rostra.forum.uploads.events import AvatarRemoved
from rostra.kernel import clock
from rostra.kernel.events import after, after_many
from rostra.kernel.jobs import every

REMINDED_AT_ONCE = 200
TOLD_AT_ONCE = 500


@after_many(PostPublished)
def tell_of_posts(happened: Sequence[PostPublished]) -> None:
    """Tell whom posts speak to, and who watches: each once a post, for the best reason there is.

    Who wrote one of them watches its thread from there on, unless they chose otherwise.
    """
    spoken = spoken_of([one.post_id for one in happened])
    posts = {key: post for key, post in spoken.items() if post.state == "visible"}
    quoted = {post_id for one in happened for post_id in one.quoted_post_ids}
    replied_to = {post.reply_to_id for post in posts.values() if post.reply_to_id}
    authors = authors_of(quoted | replied_to)
    places = {(post.thread_id, post.board_id) for post in posts.values()}
    before = watching_of(places)
    _watch_own_threads(happened)
    since = watching_of(places)
    told: list[Telling] = []
    wrote: dict[int, set[int]] = {}  # who wrote in a thread so far, and may have come to watch it
    for one in happened:
        if one.post_id in posts:
            post = posts[one.post_id]
            came = since.threads.get(post.thread_id, NONE) & wrote.get(post.thread_id, set())
            watch = came | before.of(post.thread_id, post.board_id, is_opening=post.number == 1)
            told += _tellings(one, post, authors, watch)
        wrote.setdefault(one.thread_id, set()).add(one.author_id)
        if len(told) >= TOLD_AT_ONCE:
            actions.tell(_who_hear(told, posts))
            told = []
    actions.tell(_who_hear(told, posts))


@after(ReactionChanged)
def tell_of_reaction(happened: ReactionChanged) -> None:
    """Tell an author of a reaction, and no more of one that was taken back."""
    if not happened.author_id:
        return
    key = f"reaction:{happened.post_id}:{happened.member_id}"
    if not happened.kind:
        actions.take_back(key, happened.author_id)
        return
    posts = spoken_of([happened.post_id])
    if not posts:
        return
    one = Telling(
        happened.author_id,
        "reaction",
        key=key,
        group=f"reactions:{happened.post_id}",
        post_id=happened.post_id,
        actor_id=happened.member_id,
    )
    actions.tell(_who_hear([one], posts))


@after(MemberFollowed)
def tell_of_follower(happened: MemberFollowed) -> None:
    """Tell a member who follows them, once."""
    if ignoring([happened.member_id], [happened.by_id]):
        return
    one = Telling(
        happened.member_id,
        "follow",
        key=f"follower:{happened.by_id}",
        group="followers",
        post_id=None,
        actor_id=happened.by_id,
    )
    actions.tell([one])


@after(AvatarRemoved)
def tell_of_avatar(happened: AvatarRemoved) -> None:
    """Tell a member that a moderator took their picture away; who did it is not told."""
    group = group_of_notice("avatar", happened.log_n)
    one = Telling(happened.member_id, "notice", key=group, group=group, post_id=None, actor_id=None)
    actions.tell([one])


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
        one = Telling(
            member_id,
            "reminder",
            key=f"reminder:{bookmark_id}:{clock.now():%Y%m%d%H}",
            group=f"reminder:{post_id}",
            post_id=post_id,
            actor_id=None,
        )
        actions.tell([one])
        reminded(bookmark_id)


@every(timedelta(days=1))
def forget_old() -> None:
    """Delete what was told long ago."""
    actions.forget_old()


def _watch_own_threads(happened: Sequence[PostPublished]) -> None:
    wishes = queries.wishes({one.author_id for one in happened})
    watch_if_new(
        {
            (one.author_id, one.thread_id)
            for one in happened
            if wishes.get(one.author_id, queries.AS_SET).watches_own
        }
    )


def _tellings(
    happened: PostPublished, post: Spoken, authors: Mapping[int, int], watch: Collection[int]
) -> Iterator[Telling]:
    """Yield who would be told of a post, and why."""
    is_opening = post.number == 1
    quoted = [authors[key] for key in happened.quoted_post_ids if key in authors]
    replied_to = authors.get(post.reply_to_id or 0)
    candidates: dict[Kind, Collection[int]] = {
        "mention": happened.mentioned_ids,
        "quote": quoted,
        "reply": [replied_to] if replied_to else (),
        "watch": watch,
        "follow": followers_of(happened.author_id) if is_opening else (),
    }
    for member_id, kind in best_reasons(candidates).items():
        if member_id != happened.author_id:
            yield Telling(
                member_id,
                kind,
                key=f"post:{happened.post_id}",
                group=f"thread:{post.thread_id}",
                post_id=happened.post_id,
                actor_id=happened.author_id,
            )


def _who_hear(tellings: Sequence[Telling], posts: Mapping[int, Spoken]) -> list[Telling]:
    """Return those of them whose members may read the board, have muted neither it nor the
    thread, and do not ignore the actor."""
    ids = {one.member_id for one in tellings}
    places = {one.key: posts[one.post_id] for one in tellings if one.post_id is not None}
    boards = {place.board_id for place in places.values()}
    may_read = {board: readers(board, ids) for board in boards}
    ignored = ignoring(ids, {one.actor_id for one in tellings if one.actor_id is not None})
    muted = muting(ids, {place.thread_id for place in places.values()}, boards)

    def hears(one: Telling) -> bool:
        place = places[one.key]
        return (
            one.member_id in may_read[place.board_id]
            and (one.member_id, one.actor_id) not in ignored
            and not muted.is_so(one.member_id, place.thread_id, place.board_id)
        )

    return [one for one in tellings if hears(one)]
