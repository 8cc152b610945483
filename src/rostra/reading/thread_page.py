"""A page of a thread, as a reader sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from rostra.forum.access.viewer import Viewer
from rostra.forum.boards.tree import BoardRow
from rostra.forum.modlog.queries import latest_for_posts
from rostra.forum.reactions.queries import Counts, beside
from rostra.forum.threads import queries, rules
from rostra.forum.threads.queries import AuthorRow, PostRow, ThreadRow
from rostra.kernel.errors import NotFound
from rostra.kernel.paging import page_count
from rostra.kernel.verdict import Verdict
from rostra.reading.front_page import whole_tree_of


class Act(NamedTuple):
    """What a moderator did to a post: the entry of the log, and the reason until it is erased."""

    n: int
    reason: str | None


class PostShown(NamedTuple):
    """All that a post's article is made of: equal ones look equal, whoever reads."""

    post: PostRow
    author: AuthorRow | None  # None for a guest
    score: int  # of the author
    reactions: Counts
    act: Act | None
    is_by_starter: bool
    is_answer: bool


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """All the template needs; it can ask for nothing more."""

    thread: ThreadRow
    path: tuple[BoardRow, ...]
    number: int
    last_number: int
    posts: list[PostShown]
    may_reply: Verdict


def thread_page(viewer: Viewer, thread_id: int, number: int) -> ThreadPage:
    """Gather one page. Four queries, however many posts; two more for removals, two for edits.

    Raises NotFound for a thread not to be seen and for a page beyond the last.
    """
    thread = queries.thread_for(viewer, thread_id)
    last = page_count(thread.last_number, viewer.per_page)
    if not 1 <= number <= last:
        raise NotFound
    posts = queries.posts_on_page(viewer, thread, number)
    author_ids = {post.author_id for post in posts if post.author_id is not None}
    authors = queries.authors(author_ids)
    reactions, scores = beside([post.id for post in posts], author_ids)
    acts = _acts(posts)
    return ThreadPage(
        thread=thread,
        path=tuple(whole_tree_of(viewer).path(thread.board_id)),
        number=number,
        last_number=last,
        posts=[
            PostShown(
                post=post,
                author=authors.get(post.author_id or 0),
                score=scores.get(post.author_id or 0, 0),
                reactions=reactions.get(post.id, ()),
                act=acts.get(post.id),
                is_by_starter=post.author_id is not None and post.author_id == thread.starter_id,
                is_answer=post.id == thread.answer_id,
            )
            for post in posts
        ],
        may_reply=rules.may_reply(viewer, thread),
    )


def _acts(posts: list[PostRow]) -> dict[int, Act]:
    """Return what moderators did to these posts: the removal, or the last edit of one standing."""
    removed = [post.id for post in posts if post.state == "removed"]
    edited = [p.id for p in posts if p.is_edited_by_moderator and p.state == "visible"]
    rows = {
        **latest_for_posts(edited, ["post.edit"]),
        **latest_for_posts(removed, ["post.remove"]),
    }
    return {post_id: Act(row.n, row.reason) for post_id, row in rows.items()}
