from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rostra.forum.notes.queries import changed_below
from rostra.forum.threads.listing import Wish
from rostra.forum.threads.queries import PostRow, highest_thread_id, threads_between
from rostra.forum.threads.tags import tag_of
from rostra.kernel.errors import NotFound
from rostra.kernel.paging import page_count
from rostra.reading.board_page import Filters, board_page
from rostra.reading.tag_page import tag_page
from rostra.reading.thread_page import thread_page
from rostra.reading.whats_new import Feed, whats_new
from rostra.web import addresses, query
from rostra.web.fragments import filled, worded
from rostra.web.frames import framed
from rostra.web.request import RostraRequest
from rostra.web.watch_menu import all_read, watch_menu

FEEDS: tuple[Feed, ...] = ("latest", "unread", "watched", "unanswered")
ATOM = "application/atom+xml; charset=utf-8"
# What is made anew for each who asks, and nobody finds the forum by.
NOT_FOR_CRAWLERS = (
    "/account/", "/search", "/staff/", "/*/*/reply$", "/*/*/report$", "/*/*/history$",
    "/*/*/similar$", "/moderation-log?", "/*?asof=", "/claims?",
)  # fmt: skip
# Those who gather texts for language models, by the names that they say they heed.
AI_CRAWLERS = (
    "GPTBot", "ClaudeBot", "anthropic-ai", "CCBot", "Google-Extended", "Applebot-Extended",
    "PerplexityBot", "Bytespider", "Amazonbot", "meta-externalagent",
    "cohere-training-data-crawler", "Diffbot", "ImagesiftBot", "omgili", "Timpibot",
)  # fmt: skip
XML = "application/xml; charset=utf-8"
SITEMAP_PART = 10_000


@require_safe
def whats_new_page(request: RostraRequest) -> HttpResponse:
    """Show the latest threads of all boards, or one of a member's own feeds."""
    wish = query.wish_of(request, "latest", request.viewer.per_page)
    feed = query.one_of(request, "show", FEEDS)
    page = whats_new(request.viewer, feed, wish)
    return framed(
        request,
        "feed/whats_new.html",
        page,
        lambda: {"page": page, "key_text": query.key_text},
        {"all_read": all_read(request, None)},
    )


@require_safe
def tagged(request: RostraRequest, tag: str) -> HttpResponse:
    """Show the threads under a tag."""
    try:
        words = tag_of(tag.replace("_", " "))
    except ValueError as error:
        raise NotFound from error
    address = addresses.tag(words)
    if not addresses.is_at(request.path, address):
        return HttpResponsePermanentRedirect(address)
    wish = query.wish_of(request, "latest", request.viewer.per_page)
    if wish.page > 1:  # there are keys, and no numbers
        raise NotFound
    page = tag_page(request.viewer, words, wish)
    return framed(
        request,
        "feed/tag.html",
        page,
        lambda: {"page": page, "address": address, "key_text": query.key_text},
        {"watch": watch_menu(request, "tags", words, page.level)},
    )


@require_safe
def board_feed(request: RostraRequest, board_id: int) -> HttpResponse:
    """Give the newest threads of a board as Atom."""
    page = board_page(request.viewer, board_id, Filters(sort="started"), Wish(sort="started"))
    return render(request, "feed/board.xml", {"page": page}, content_type=ATOM)


@require_safe
def thread_feed(request: RostraRequest, thread_id: int) -> HttpResponse:
    """Give the last posts of a thread as Atom, with the community notes shown below them."""
    first = thread_page(request.viewer, thread_id, 1)
    last = page_count(first.thread.last_number, request.viewer.per_page)
    page = first if last == 1 else thread_page(request.viewer, thread_id, last)
    shown = [shown for shown in page.posts if shown.post.state == "visible"]
    words = filled(request.viewer, [worded(one.post.html) for one in shown])
    noted = changed_below([one.post.id for one in shown])
    changed = [_changed_at(one.post, noted.get(one.post.id)) for one in shown]
    entries = list(zip(shown, words, changed, strict=True))[::-1]
    updated = max(filter(None, changed), default=None)
    context = {"page": page, "entries": entries, "updated": updated}
    return render(request, "feed/thread.xml", context, content_type=ATOM)


def _changed_at(post: PostRow, noted_at: datetime | None) -> datetime | None:
    """Return when what a feed says of a post last became another; None for days not known."""
    known = (post.created_at, post.edited_at, noted_at)
    return max((at for at in known if at is not None), default=None)


@require_safe
def sitemap_index(request: RostraRequest) -> HttpResponse:
    """List the parts of the sitemap."""
    parts = range(highest_thread_id() // SITEMAP_PART + 1)
    return render(request, "feed/sitemap_index.xml", {"parts": parts}, content_type=XML)


@require_safe
def sitemap(request: RostraRequest, part: int) -> HttpResponse:
    """List the threads of one part that a guest may read."""
    if part > highest_thread_id() // SITEMAP_PART:
        raise NotFound
    first = part * SITEMAP_PART
    threads = threads_between(request.viewer, first, first + SITEMAP_PART - 1)
    return render(request, "feed/sitemap.xml", {"threads": threads}, content_type=XML)


@require_safe
def robots(request: RostraRequest) -> HttpResponse:
    """Tell crawlers what is worth reading."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_CRAWLERS)]
    if settings.ROSTRA.ai_crawlers == "refuse":
        lines += ["", *(f"User-agent: {name}" for name in AI_CRAWLERS), "Disallow: /"]
    lines += ["", f"Sitemap: {settings.ROSTRA.base_url}/sitemap.xml"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
