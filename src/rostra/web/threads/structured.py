"""A thread as JSON-LD, for search engines (schema.org DiscussionForumPosting)."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from rostra.content.markup.excerpt import excerpt
from rostra.forum.threads.queries import PostRow
from rostra.reading.thread_page import ThreadPage
from rostra.web import addresses
from rostra.web.templating import iso


def discussion(page: ThreadPage, address: str) -> dict[str, Any]:
    """Return the page's standing posts as a discussion; texts are short excerpts."""
    shown = [post for post in page.posts if post.state == "visible" and post.html]
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "DiscussionForumPosting",
        "headline": page.thread.title,
        "url": settings.ROSTRA.base_url + address,
        "author": _author(page, page.thread.starter_id, page.thread.starter_name),
        "interactionStatistic": {
            "@type": "InteractionCounter",
            "interactionType": "https://schema.org/CommentAction",
            "userInteractionCount": page.thread.reply_count,
        },
    }
    if page.thread.created_at:
        found["datePublished"] = iso(page.thread.created_at)
    if shown and shown[0].number == 1:
        found["text"] = excerpt(shown[0].html, 300)
        shown = shown[1:]
    found["comment"] = [_comment(page, post) for post in shown]
    return found


def _comment(page: ThreadPage, post: PostRow) -> dict[str, Any]:
    found = {
        "@type": "Comment",
        "url": settings.ROSTRA.base_url + addresses.post(post.id),
        "author": _author(page, post.author_id, post.author_name),
        "text": excerpt(post.html, 200),
    }
    if post.created_at:
        found["datePublished"] = iso(post.created_at)
    return found


def _author(page: ThreadPage, member_id: int | None, guest: str) -> dict[str, str]:
    card = page.people.get(member_id) if member_id is not None else None
    if card is None:
        return {"@type": "Person", "name": guest or "–"}
    return {
        "@type": "Person",
        "name": card.name,
        "url": settings.ROSTRA.base_url + addresses.member(card.id, card.name),
    }
