"""From a post's source to its kept fragment: asks what it refers to, for its author's eyes."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import cast

from django.conf import settings

from rostra.content.markup.addresses import local_ref
from rostra.content.markup.excerpt import words
from rostra.content.markup.references import (
    Dialect,
    Known,
    LocalRef,
    MemberRef,
    PostRef,
    Rendered,
    UploadRef,
)
from rostra.content.markup.render import render, wanted
from rostra.forum.access.viewer import Viewer
from rostra.forum.members.queries import ids_by_name
from rostra.forum.smilies.queries import own_smilies
from rostra.forum.threads.attachments import showable
from rostra.forum.threads.models import Revision
from rostra.forum.threads.readable import STANDING
from rostra.forum.words.covering import covered
from rostra.forum.words.queries import watched
from rostra.kernel import dialect

EARLIER_CHARACTERS = 66_000  # of a post's earlier revisions that are looked at, newest first


def render_for(
    author: Viewer, source: str, spoken: Dialect = "native", *, post_id: int | None = None
) -> Rendered:
    """Render what `author` wrote; what the author may not read is unknown to it. ≤ 5 queries.

    post_id: the post it is, where there is one already: what that shows it may go on showing.
    """
    return _render(author, source, spoken, lambda keys: showable(author, keys, post_id))


def render_words(author: Viewer, source: str) -> Rendered:
    """Render what is no post: it shows nothing that was uploaded."""
    return _render(author, source, "native", lambda keys: {})


def _render(
    author: Viewer,
    source: str,
    spoken: Dialect,
    uploads: Callable[[frozenset[str]], dict[str, UploadRef]],
) -> Rendered:
    refers = wanted(source, spoken)
    members = ids_by_name(refers.names)
    known = Known(
        members={name: MemberRef(*found) for name, found in members.items()},
        posts=_quotable(author, refers.posts),
        local=_local(refers.links),
        uploads=uploads(refers.uploads) if refers.uploads else {},
        smilies=own_smilies(author.boards_version),
    )
    rendered = render(source, spoken, known)
    return replace(rendered, html=covered(rendered.html, watched().shown))


def _quotable(author: Viewer, keys: frozenset[str]) -> dict[str, PostRef]:
    ids = [int(key) for key in keys if key.isascii() and key.isdecimal() and len(key) < 19]
    if not ids:
        return {}
    found = dialect.rows(_QUOTABLE.format(dialect.marks(ids)), ids)
    rows = [row for *row, board_id in found if author.can("read", board_id)]
    earlier = earlier_words([row[0] for row in rows if row[4]])
    return {
        str(post_id): PostRef(post_id, author_id, name, words(html) + earlier.get(post_id, ""))
        for post_id, author_id, name, html, _ in rows
    }


def earlier_words(post_ids: Collection[int]) -> dict[int, str]:
    """Return what these posts said before they were edited. One query; none for none.

    A quote that was true when it was written stays true, whatever became of its source.
    """
    found: dict[int, str] = {}
    if not post_ids:
        return found
    rows = Revision.objects.filter(post_id__in=post_ids)
    latest_first = rows.order_by("post_id", "-number")
    looked_at: dict[int, int] = {}
    for post_id, source, spoken in latest_first.values_list("post_id", "source", "dialect"):
        # A post edited hundreds of times must not hold up everybody's writing.
        looked_at[post_id] = looked_at.get(post_id, 0) + 2_000 + len(source)
        if looked_at[post_id] > EARLIER_CHARACTERS:
            continue
        said = words(render(source, cast(Dialect, spoken)).html)
        found[post_id] = f"{found.get(post_id, '')}\n\n{said}"
    return found


def _local(links: frozenset[str]) -> dict[str, LocalRef]:
    found = {link: local_ref(link, settings.ROSTRA.base_url) for link in links}
    return {link: ref for link, ref in found.items() if ref is not None}


_QUOTABLE = f"""
SELECT p.id, p.author_id, COALESCE(m.name, p.author_name), p.html, p.edit_count, t.board_id
FROM threads_post p
JOIN threads_thread t ON t.id = p.thread_id
LEFT JOIN members_member m ON m.id = p.author_id
WHERE {STANDING} AND p.id IN ({{}})
"""  # noqa: S608 (a condition of ours)
