"""Redacting: words of a post are gone for good, and everybody sees that they are."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import cast

from django.db import transaction

from rostra.content.markup.references import Dialect
from rostra.forum.access.viewer import Viewer
from rostra.forum.modlog import actions as modlog
from rostra.forum.threads import rules
from rostra.forum.threads.actions.logging import OF_OWN_ACCORD, Why, log_act
from rostra.forum.threads.actions.rows import locked_post, save_changed
from rostra.forum.threads.events import PostEdited
from rostra.forum.threads.models import Draft, Post, Revision
from rostra.forum.threads.rendering import render_for
from rostra.forum.threads.rules import BLOCKS
from rostra.kernel import clock, rows, text
from rostra.kernel.errors import Invalid
from rostra.kernel.events import emit

SHORTEST = 2  # characters: a single one would say what is behind the others
MOST = 20  # passages at once


@transaction.atomic
def redact_post(
    viewer: Viewer,
    post_id: int,
    passages: Sequence[str],
    *,
    reason: str,
    why: Why = OF_OWN_ACCORD,
) -> Post:
    """Take passages out of a post, its history and the log; emits PostEdited.

    passages: as they stand in the source. No copy is kept, and nothing brings them back:
    where it is overturned, their author may write them in anew. Raises Invalid for one that is
    not there.
    """
    passages = _checked(passages)
    thread, post = locked_post(viewer, post_id)
    rules.may_moderate(viewer, thread.board_id).enforce()
    revisions = list(Revision.objects.filter(post=post))
    said = [post.source, *(revision.source for revision in revisions)]
    if not all(any(passage in words for words in said) for passage in passages):
        raise Invalid({"passages": "passage_not_there"})
    log_n = log_act(viewer, "post.redact", thread, reason, post=post, why=why)
    for revision in revisions:
        revision.source = _without(revision.source, passages)
    Revision.objects.bulk_update(revisions, ["source"])
    Draft.objects.filter(place=f"p{post.pk}").delete()
    modlog.erase_words(post.pk, passages)
    source = _without(post.source, passages)
    if source != post.source:
        post.source, post.html = source, _shown(viewer, post, source, passages)
        post.edited_at, post.is_edited_by_moderator = clock.now(), True
        rows.update(post)
    save_changed(thread)
    emit(
        PostEdited(
            post_id=post.pk, thread_id=thread.pk, editor_id=viewer.require_member(), log_n=log_n
        )
    )
    return post


def _checked(passages: Sequence[str]) -> list[str]:
    """Return the passages, the longest first, so that none is cut by one within it."""
    found = {text.storable(passage).strip() for passage in passages} - {""}
    if not found:
        raise Invalid({"passages": "empty"})
    if len(found) > MOST:
        raise Invalid({"passages": "too_many_at_once"})
    if any(len(passage) < SHORTEST for passage in found):
        raise Invalid({"passages": "passage_too_short"})
    return sorted(found, key=lambda passage: (-len(passage), passage))


def _without(words: str, passages: Sequence[str]) -> str:
    for passage in passages:
        words = words.replace(passage, BLOCKS)
    return words


def _shown(viewer: Viewer, post: Post, source: str, passages: Sequence[str]) -> str:
    """Return the post's fragment without the words.

    An imported post refers to things by another forum's numbers: its fragment is kept where the
    words stand in it as they are, and made anew, without what it referred to, where they do not.
    """
    if post.dialect != "native":
        html = _without(post.html, [escape(passage, quote=False) for passage in passages])
        told = [*passages, *map(escape, passages)]
        if html != post.html and not any(words in html for words in told):
            return html
    return render_for(viewer, source, cast(Dialect, post.dialect), post_id=post.pk).html
