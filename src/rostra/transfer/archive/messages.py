"""What restored words look like: rendered anew, for an archive's HTML is never taken."""

from __future__ import annotations

from rostra.forum.conversations.models import Message
from rostra.forum.holds.queries import VERSION as holds_version
from rostra.forum.threads.models import Post
from rostra.forum.words.covering import covered
from rostra.forum.words.queries import VERSION as words_version
from rostra.forum.words.queries import watched
from rostra.kernel import dialect
from rostra.kernel.versions import raise_version
from rostra.transfer.load.mapping import Own
from rostra.transfer.load.quoting import resolve
from rostra.transfer.load.rendering import Renderer
from rostra.transfer.records import PostRecord

PAGE = 500


def render_messages(renderer: Renderer) -> None:
    """Render what was restored without a fragment, with what it refers to in this forum."""
    last = 0
    waiting = Message.objects.filter(html="").order_by("id")
    while page := list(waiting.filter(id__gt=last).values_list("id", "source")[:PAGE]):
        # To what refers to others, a message is what a post would be.
        records = [
            PostRecord(id=str(pk), thread="", source=source, dialect="native")
            for pk, source in page
        ]
        wanted = renderer.wanted([(record.source, record.dialect) for record in records])
        sources = resolve(list(zip(records, wanted, strict=True)), Own(), renderer)
        html = renderer.render(sources)()
        dialect.write_many(
            "UPDATE conversations_message SET html = %s WHERE id = %s",
            [(words, pk) for (pk, _), words in zip(page, html, strict=True)],
        )
        last = page[-1][0]


def cover_words() -> None:
    """Show watched words in restored posts covered, or as links, as they were shown before."""
    for name in (words_version, holds_version):
        raise_version(name)  # the lists came with the archive
    words = watched().shown
    last = 0
    while words:
        posts = Post.objects.filter(id__gt=last).order_by("id")
        page = list(posts.values_list("id", "html")[:PAGE])
        if not page:
            return
        found = [(covered(html, words), pk) for pk, html in page]
        dialect.write_many("UPDATE threads_post SET html = %s WHERE id = %s", found)
        last = page[-1][0]
