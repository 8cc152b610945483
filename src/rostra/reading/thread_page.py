"""A page of a thread, as a reader sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rostra.forum.access.viewer import Viewer
from rostra.forum.boards.tree import BoardRow
from rostra.forum.members.queries import MemberCard, cards
from rostra.forum.modlog.queries import LogRow, latest_for_posts
from rostra.forum.reactions.queries import scores, tallies
from rostra.forum.threads import queries, rules
from rostra.forum.threads.queries import PostRow, ThreadRow
from rostra.kernel.errors import NotFound
from rostra.kernel.paging import page_count
from rostra.kernel.verdict import Verdict
from rostra.reading.front_page import whole_tree_of


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """All the template needs; it can ask for nothing more."""

    thread: ThreadRow
    path: list[BoardRow]
    number: int
    last_number: int
    posts: list[PostRow]
    people: Mapping[int, MemberCard]
    post_counts: Mapping[int, int]
    scores: Mapping[int, int]
    reactions: Mapping[int, Mapping[str, int]]
    entries: Mapping[int, LogRow]
    may_reply: Verdict


def thread_page(viewer: Viewer, thread_id: int, number: int) -> ThreadPage:
    """Gather one page. Six queries, however many posts; two more for removals, two for edits.

    Raises NotFound for a thread not to be seen and for a page beyond the last.
    """
    thread = queries.thread_for(viewer, thread_id)
    last = page_count(thread.last_number, viewer.per_page)
    if not 1 <= number <= last:
        raise NotFound
    posts = queries.posts_on_page(viewer, thread, number)
    ids = [post.id for post in posts]
    authors = {post.author_id for post in posts if post.author_id is not None}
    removed = [post.id for post in posts if post.state == "removed"]
    edited = [p.id for p in posts if p.is_edited_by_moderator and p.state == "visible"]
    return ThreadPage(
        thread=thread,
        path=whole_tree_of(viewer).path(thread.board_id),
        number=number,
        last_number=last,
        posts=posts,
        people=cards(authors | {thread.starter_id}),
        post_counts=queries.post_counts(authors),
        scores=scores(authors),
        reactions=tallies(ids),
        entries={
            **latest_for_posts(edited, ["post.edit"]),
            **latest_for_posts(removed, ["post.remove"]),
        },
        may_reply=rules.may_reply(viewer, thread),
    )
