"""Erasing the words of a member's posts, and the member from the words of others."""

from __future__ import annotations

from collections.abc import Collection
from html import unescape
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q

from rostra.content.markup import erasing
from rostra.content.media.actions import note_unused
from rostra.forum.modlog import actions as modlog
from rostra.forum.threads.actions.posts import set_state
from rostra.forum.threads.actions.rows import save_changed
from rostra.forum.threads.events import PostEdited, ThreadDescribed
from rostra.forum.threads.models import Attachment, Draft, Post, Revision, State, Thread
from rostra.kernel import rows
from rostra.kernel.events import emit


class Gone(NamedTuple):
    """Who is erased: their id, the names they had, the one that stands for them now."""

    member_id: int
    names: list[str]
    neutral: str


class Looked(NamedTuple):
    """How far others' posts were looked through, and which seem to name the member freely."""

    place: int  # 0: all of them
    review: list[int]


def are_theirs(member_id: int, post_ids: Collection[int]) -> bool:
    """Return whether all these posts are a member's. One query."""
    found = Post.objects.filter(id__in=list(post_ids), author_id=member_id)
    return found.count() == len(set(post_ids))


def opened_by(post_ids: Collection[int]) -> list[int]:
    """Return the threads that these posts open. One query."""
    opening = Post.objects.filter(id__in=list(post_ids), number=1)
    return list(opening.values_list("thread_id", flat=True))


def erase_posts(
    member_id: int, *, all_words: bool, listed: Collection[int], limit: int
) -> list[int] | None:
    """Empty some posts of a member's; return which, None where none is left.

    Those that not everybody reads any more are emptied in any case; of those that stand all, or
    those that are listed. A post that stood looks withdrawn from then on.
    """
    theirs = Post.objects.filter(author_id=member_id).exclude(source="", html="")
    if not all_words:
        theirs = theirs.filter(~Q(state=State.VISIBLE) | Q(id__in=list(listed)))
    ids = list(theirs.order_by("id").values_list("id", flat=True)[:limit])
    for post_id in ids:
        _erase_post(member_id, post_id)
    return ids or None


def erase_history(member_id: int, limit: int) -> bool:
    """Empty some earlier words of a member's posts; return whether there are more."""
    earlier = Revision.objects.filter(post__author_id=member_id).exclude(source="", title="")
    ids = list(earlier.order_by("id").values_list("id", flat=True)[:limit])
    Revision.objects.filter(id__in=ids).update(source="", title="", reason="")
    return len(ids) == limit


def erase_from_others(gone: Gone, after: int, limit: int) -> Looked:
    """Take a member out of others' posts, drafts and earlier words, from a post on.

    Mentions and quotes bear the neutral name; what was quoted of words that are erased goes.
    """
    some = Post.objects.filter(id__gt=after).order_by("id").values_list("id", flat=True)[:limit]
    ids = list(some)
    if not ids:
        _rename_drafts(gone)
        return Looked(0, [])
    review = [post_id for post_id in sorted(_touched(gone, ids)) if _take_out(gone, post_id)]
    return Looked(ids[-1], review)


@transaction.atomic
def _erase_post(member_id: int, post_id: int) -> None:
    thread_id = Post.objects.values_list("thread_id", flat=True).get(id=post_id)
    thread = rows.lock(Thread, thread_id)
    post = Post.objects.select_for_update(no_key=True).filter(id=post_id, thread=thread).first()
    if thread is None or post is None:
        return  # it went to another thread this moment: it is found again
    modlog.erase_posts([post_id])
    if post.state in (State.VISIBLE, State.HIDDEN, State.PENDING):
        set_state(thread, post, State.WITHDRAWN, None)
    shown = list(Attachment.objects.filter(post=post).values_list("upload_id", flat=True))
    Attachment.objects.filter(post=post).delete()
    still = set(Attachment.objects.filter(upload_id__in=shown).values_list("upload_id", flat=True))
    if unused := set(shown) - still:
        note_unused(unused)
    Post.objects.filter(id=post_id).update(source="", html="")
    if post.number == 1 and thread.starter_id == member_id:
        thread.title, thread.excerpt = f"# {thread.pk}", ""
        emit(ThreadDescribed(thread_id=thread.pk, opening_id=post_id, editor_id=member_id))
    save_changed(thread)
    emit(PostEdited(post_id=post_id, thread_id=thread.pk, editor_id=member_id))


def _touched(gone: Gone, ids: Collection[int]) -> set[int]:
    """Return which of these posts name a member, or quote words that were emptied. Four queries.

    Nothing is locked for those that do not.
    """
    named = Q(pk=None)
    for name in gone.names:
        named |= Q(source__icontains=name)
    earlier = Revision.objects.filter(named, post_id__in=ids).values_list("post_id", "source")
    for name in gone.names:
        named |= Q(html__icontains=name)
    named |= Q(html__contains=f'data-member="{gone.member_id}"')
    posts = Post.objects.filter(id__in=ids)
    said = list(posts.filter(named).values_list("id", "source", "html"))
    touched = {post_id for post_id, source in earlier if erasing.names_freely(source, gone.names)}
    mention = f'data-member="{gone.member_id}"'
    touched |= {
        post_id
        for post_id, source, html in said
        if mention in html or erasing.names_freely(f"{source} {unescape(html)}", gone.names)
    }
    quoting = posts.filter(html__contains="data-quote=").values_list("id", "html")
    quotes = {post_id: erasing.quoted_in(html) for post_id, html in quoting}
    emptied = _emptied(gone, frozenset().union(*quotes.values()))
    return touched | {post_id for post_id, quoted in quotes.items() if quoted & emptied}


def _emptied(gone: Gone, post_ids: Collection[int]) -> frozenset[int]:
    theirs = Post.objects.filter(author_id=gone.member_id, source="", html="")
    return frozenset(theirs.filter(id__in=list(post_ids)).values_list("id", flat=True))


@transaction.atomic
def _take_out(gone: Gone, post_id: int) -> bool:
    """Take a member out of one post; return whether it still seems to name them."""
    thread_id = Post.objects.values_list("thread_id", flat=True).get(id=post_id)
    thread = rows.lock(Thread, thread_id)
    post = Post.objects.select_for_update(no_key=True).filter(id=post_id, thread=thread).first()
    if thread is None or post is None:
        return True
    ids = _emptied(gone, erasing.quoted_in(post.html))

    def changed(source: str) -> str:
        source = erasing.renamed_source(source, gone.names, gone.neutral)
        return erasing.unquoted_source(source, ids)

    for revision in Revision.objects.filter(post=post):
        if (source := changed(revision.source)) != revision.source:
            Revision.objects.filter(id=revision.pk).update(source=source)
    html = erasing.renamed_html(post.html, gone.member_id, gone.names, gone.neutral)
    html, source = erasing.unquoted_html(html, ids), changed(post.source)
    if (source, html) != (post.source, post.html):
        Post.objects.filter(id=post_id).update(source=source, html=html)
        save_changed(thread)
        emit(PostEdited(post_id=post_id, thread_id=thread.pk, editor_id=post.author_id or 0))
    return post.author_id != gone.member_id and erasing.names_freely(source, gone.names)


def _rename_drafts(gone: Gone) -> None:
    named = Q(pk=None)
    for name in gone.names:
        named |= Q(source__icontains=name)
    for draft in Draft.objects.filter(named):
        source = erasing.renamed_source(draft.source, gone.names, gone.neutral)
        Draft.objects.filter(pk=draft.pk).update(source=source)
