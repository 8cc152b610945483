"""Posts as articles: made once for all who see the same, then filled in for each reader."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from rostra.forum.access.viewer import Viewer
from rostra.kernel.keeping import Kept
from rostra.reading.thread_page import PostShown
from rostra.web.fragments import Worded, filled, worded
from rostra.web.jinja import macro

MEMORY = 12 * 2**20  # bytes; some two thousand posts

_kept: Kept[tuple[str, PostShown], Worded] = Kept(MEMORY)


def articles(viewer: Viewer, posts: Iterable[PostShown], language: str) -> list[Markup]:
    """Return the articles of a page in order. One query for references, none without them."""
    return filled(viewer, [_article(language, shown) for shown in posts])


def listed(articles: Iterable[Markup]) -> str:
    """Return the articles as the items of the list of posts."""
    return "".join([f"<li>{article}</li>" for article in articles])


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
