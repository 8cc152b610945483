"""A thread as JSON-LD, for search engines (schema.org DiscussionForumPosting)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from markupsafe import escape

from rostra.content.markup.excerpt import excerpt
from rostra.reading.thread_page import PostShown, ThreadPage
from rostra.web import addresses
from rostra.web.templating import iso, json_ld

FOR_NOBODY = {"description": "", "structured": ""}


def for_searchers(page: ThreadPage, address: str) -> dict[str, str]:
    """Return the description and the JSON-LD of the page, as HTML, by their place in it."""
    found = discussion(page, address)
    return {
        "description": escape(found.get("text") or page.thread.title),
        "structured": f'<script type="application/ld+json">{json_ld(found)}</script>',
    }


def discussion(page: ThreadPage, address: str) -> dict[str, Any]:
    """Return the page's standing posts as a discussion; texts are short excerpts."""
    shown = [one for one in page.posts if one.post.state == "visible" and one.post.html]
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "DiscussionForumPosting",
        "headline": page.thread.title,
        "url": settings.ROSTRA.base_url + address,
        "author": _author(page.thread.starter_id, page.thread.starter_name),
        "interactionStatistic": {
            "@type": "InteractionCounter",
            "interactionType": "https://schema.org/CommentAction",
            "userInteractionCount": page.thread.reply_count,
        },
    }
    if page.thread.created_at:
        found["datePublished"] = iso(page.thread.created_at)
    if page.thread.link:
        found["sharedContent"] = {"@type": "WebPage", "url": page.thread.link}
    if shown and shown[0].post.number == 1:
        found["text"] = excerpt(shown[0].post.html, 300)
        shown = shown[1:]
    found["comment"] = [_comment(one) for one in shown]
    return found


def _comment(shown: PostShown) -> dict[str, Any]:
    post, author = shown.post, shown.author
    found = {
        "@type": "Comment",
        "url": settings.ROSTRA.base_url + addresses.post(post.id),
        "author": _author(post.author_id, author.name if author else post.guest_name),
        "text": excerpt(post.html, 200),
    }
    if post.created_at:
        found["datePublished"] = iso(post.created_at)
    return found


def _author(member_id: int | None, name: str) -> dict[str, str]:
    if member_id is None:
        return {"@type": "Person", "name": name or "–"}
    return {
        "@type": "Person",
        "name": name,
        "url": settings.ROSTRA.base_url + addresses.member(member_id, name),
    }
