"""Covering in posts of before what is covered since, and uncovering what is no longer."""

from __future__ import annotations

from django.db import transaction

from rostra.forum.access.queries import viewer_for
from rostra.forum.access.viewer import Viewer
from rostra.forum.members.queries import account_for
from rostra.forum.threads.actions.rows import save_changed
from rostra.forum.threads.events import PostCovered
from rostra.forum.threads.models import Post, Thread
from rostra.forum.threads.rendering import render_for
from rostra.forum.words.covering import COVER, covered, text_of
from rostra.forum.words.matching import Matcher
from rostra.forum.words.queries import watched
from rostra.kernel import dialect, rows
from rostra.kernel.errors import NotFound
from rostra.kernel.events import emit

AT_ONCE = 300  # posts of a step
NEWEST = 2**62


def cover_some(before: int = NEWEST) -> int | None:
    """Show some posts with the words covered that are now, the newest below an id first.

    Return the id to go on below, None at the end. Two queries, and a transaction for each post
    that may look otherwise by that; each emits PostCovered, if it does. What was imported is left
    alone, and links are.
    """
    words = watched().shown
    found = dialect.rows(_SOME, [before, AT_ONCE])
    for post_id, html in found:
        if COVER in html or covered(html, words, with_links=False) != html:
            _show_anew(post_id, words)
    return found[-1][0] if len(found) == AT_ONCE else None


@transaction.atomic
def _show_anew(post_id: int, words: Matcher) -> None:
    """Keep another fragment of a post where it has to be; what was written stays as it is."""
    thread_id = Post.objects.filter(id=post_id).values_list("thread_id", flat=True).first()
    thread = rows.lock(Thread, thread_id) if thread_id is not None else None
    post = Post.objects.select_for_update(no_key=True).filter(id=post_id, thread=thread).first()
    if thread is None or post is None:
        return  # it goes to another thread this moment, where it may stay as it is until an edit
    html = _fragment(post, words)
    if html == post.html:
        return
    Post.objects.filter(id=post_id).update(html=html)
    save_changed(thread)
    emit(PostCovered(post_id=post_id, thread_id=thread.pk))


def _fragment(post: Post, words: Matcher) -> str:
    """Return the fragment of a post as it is to be: the one there is where nothing is otherwise.

    What is covered is rendered anew, for what lies below stands in the source alone: for its
    author's eyes, as an edit of theirs would be. Where they are gone covers stay.
    """
    more = covered(post.html, words, with_links=False)
    if post.html.count(COVER) <= post.source.count(COVER):  # none of ours, whoever typed some
        return more
    author = _author(post.author_id)
    if author is None:
        return more
    anew = render_for(author, post.source, post_id=post.pk).html
    return post.html if text_of(anew) == text_of(post.html) else anew


def _author(member_id: int | None) -> Viewer | None:
    """Return a post's author as they looked at the forum when they wrote; None: they are gone."""
    try:
        account = account_for(member_id or 0)
    except NotFound:
        return None
    # Who is suspended sees less by now, and their posts do not lose by that what they quote.
    return viewer_for(account._replace(suspended_until=None))


# What came by import is told by the import's own table alone, asked here by its name: a post has no
# mark of it, and to give every post one for this would be dearer than the look over a floor.
_SOME = """
SELECT p.id, CASE WHEN p.dialect = 'native' AND NOT EXISTS (
    SELECT 1 FROM transfer_mapped m WHERE m.kind = 'post' AND m.new_id = p.id
) THEN p.html ELSE '' END
FROM threads_post p WHERE p.id < %s ORDER BY p.id DESC LIMIT %s
"""
