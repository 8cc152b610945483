"""Posts as articles: made once for all who see the same, then filled in for each reader."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext
from markupsafe import escape

from rostra.content.markup.uploads import with_pictures
from rostra.content.previews.links_in import with_cards
from rostra.forum.access.viewer import Viewer
from rostra.kernel.keeping import Kept
from rostra.reading.thread_page import PostShown, ThreadPage
from rostra.web.fragments import Filling, Worded, filling_for, put_in, worded
from rostra.web.jinja import macro

MEMORY = 6 * 2**20  # bytes; some fifteen hundred posts
MEMORY_OF_LISTS = 4 * 2**20  # some hundred pages


class Articles(NamedTuple):
    """A page's articles in order, and what all of them together refer to."""

    items: tuple[Worded, ...]
    threads: frozenset[int]
    posts: frozenset[int]


_kept: Kept[tuple[str, PostShown], Worded] = Kept(MEMORY)
_gathered: Kept[tuple[str, tuple[PostShown, ...]], Articles] = Kept(MEMORY_OF_LISTS // 4)
_lists: Kept[tuple[str, Articles, Filling, int | None], bytes] = Kept(MEMORY_OF_LISTS)


def listed(viewer: Viewer, page: ThreadPage, language: str) -> bytes:
    """Return the items of the list of posts. One query for references, none without them.

    Readers who see the same, and most do, are given the same bytes.
    """
    articles = _articles(language, tuple(page.posts))
    filling = filling_for(viewer, articles.threads, articles.posts)
    new_from = _new_from(page)
    key = language, articles, filling, new_from
    made = _lists.find(key)
    if made is None:
        made = _listed(articles, filling, new_from).encode()
        _lists.keep(key, made, len(made) + 1000)
    return made


def forget() -> None:
    """Drop what is kept in memory, to measure what making it costs."""
    for kept in (_kept, _gathered, _lists):
        kept.clear()


def _listed(articles: Articles, filling: Filling, new_from: int | None) -> str:
    """new_from: the place of the first that is new to the reader, to be said before it."""
    items = [f"<li>{put_in(filling, item)}</li>" for item in articles.items]
    if new_from is not None:
        items.insert(new_from, f'<li class="new-from"><span>{escape(gettext("New"))}</span></li>')
    return "".join(items)


def _new_from(page: ThreadPage) -> int | None:
    """Return the place of the first post that is new to a reader who has read some before."""
    if not page.own.number:
        return None
    numbers = [shown.post.number for shown in page.posts]
    first = next((at for at, number in enumerate(numbers) if number > page.own.number), None)
    has_read_before = first or (page.number > 1 and numbers[:1] == [page.own.number + 1])
    return first if has_read_before else None


def _articles(language: str, posts: tuple[PostShown, ...]) -> Articles:
    key = language, posts
    made = _gathered.find(key)
    if made is None:
        items = tuple([_article(language, shown) for shown in posts])
        made = Articles(
            items,
            frozenset().union(*(item.threads for item in items)),
            frozenset().union(*(item.posts for item in items)),
        )
        _gathered.keep(key, made, 2000 * len(posts) + 1000)
    return made


def _article(language: str, shown: PostShown) -> Worded:
    key = language, shown
    made = _kept.find(key)
    if made is None:
        shown = _with_cards(language, shown)
        name = "place_kept" if shown.post.state in ("moved", "merged") else "post_article"
        made = worded(macro("threads/_post.html", name, language)(shown))
        _kept.keep(key, made, 4 * len(made.html) + 1000)
    return made


def _with_cards(language: str, shown: PostShown) -> PostShown:
    """Return a post with the cards of documents below the links to them, and others' pictures."""
    pictures = {card.url: card.picture for card in shown.cards if card.picture}
    if pictures:
        html = with_pictures(shown.post.html, pictures.get)
        shown = shown._replace(post=shown.post._replace(html=html))
    cards = {card.url: card.document for card in shown.cards if card.place and card.document.title}
    if not cards:
        return shown

    def card_of(url: str) -> str:
        found = cards.get(url)
        return "" if found is None else macro("base/_card.html", "card", language)(found)

    return shown._replace(post=shown.post._replace(html=with_cards(shown.post.html, card_of)))
