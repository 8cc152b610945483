"""Posts as articles: made once for all who see the same, then filled in for each reader."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext
from markupsafe import Markup, escape

from rostra.forum.access.viewer import Viewer
from rostra.kernel.keeping import Kept
from rostra.reading.thread_page import PostShown, ThreadPage
from rostra.web.fragments import Worded, filled, worded
from rostra.web.jinja import macro

MEMORY = 12 * 2**20  # bytes; some two thousand posts

_kept: Kept[tuple[str, PostShown], Worded] = Kept(MEMORY)


def articles(viewer: Viewer, posts: Iterable[PostShown], language: str) -> list[Markup]:
    """Return the articles of a page in order. One query for references, none without them."""
    return filled(viewer, [_article(language, shown) for shown in posts])


def listed(articles: Iterable[Markup], new_from: int | None = None) -> str:
    """Return the articles as the items of the list of posts.

    new_from: the place of the first that is new to the reader, to be said before it.
    """
    items = [f"<li>{article}</li>" for article in articles]
    if new_from is not None:
        items.insert(new_from, f'<li class="new-from"><span>{escape(gettext("New"))}</span></li>')
    return "".join(items)


def new_from(page: ThreadPage) -> int | None:
    """Return the place of the first post that is new to a reader who has read some before."""
    if not page.own.number:
        return None
    numbers = [shown.post.number for shown in page.posts]
    first = next((at for at, number in enumerate(numbers) if number > page.own.number), None)
    has_read_before = first or (page.number > 1 and numbers[:1] == [page.own.number + 1])
    return first if has_read_before else None


def forget() -> None:
    """Drop what is kept in memory, to measure what making it costs."""
    _kept.clear()


def _article(language: str, shown: PostShown) -> Worded:
    key = language, shown
    made = _kept.find(key)
    if made is None:
        made = worded(macro("threads/_post.html", "post_article", language)(shown))
        _kept.keep(key, made, 4 * len(made.html) + 1000)
    return made
