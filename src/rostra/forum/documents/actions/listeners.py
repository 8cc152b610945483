"""What follows in this room after posts were written and documents were read."""

from __future__ import annotations

from rostra.forum.documents.actions.linking import note_links
from rostra.forum.documents.events import DocumentDescribed, DocumentRead, PictureFetched
from rostra.forum.documents.queries import threads_with, threads_with_picture
from rostra.forum.threads.events import PostEdited, PostPublished, ThreadDescribed
from rostra.forum.threads.outside import show_cards
from rostra.kernel.events import after
from rostra.kernel.jobs import enqueue, job

AT_ONCE = 200  # threads


@after(PostPublished)
def note_links_of_post(happened: PostPublished) -> None:
    """Write down what a new post leads to."""
    note_links(happened.post_id, happened.author_id or None)


@after(PostEdited)
def note_links_of_edit(happened: PostEdited) -> None:
    """Write down what a post leads to by now."""
    note_links(happened.post_id, happened.editor_id)


@after(ThreadDescribed)
def note_article(happened: ThreadDescribed) -> None:
    """Write down what a thread is about by now."""
    note_links(happened.opening_id, happened.editor_id)


@after(DocumentRead)
def show_what_was_read(happened: DocumentRead) -> None:
    """Have the pages with a document's card made anew."""
    enqueue(show_card, document_id=happened.document_id)


@after(DocumentDescribed)
def show_what_was_said(happened: DocumentDescribed) -> None:
    """Have the pages with a document's card made anew."""
    enqueue(show_card, document_id=happened.document_id)


@after(PictureFetched)
def show_what_was_fetched(happened: PictureFetched) -> None:
    """Have the pages with a picture made anew."""
    enqueue(show_picture, picture_id=happened.picture_id)


@job
def show_picture(picture_id: int, before: int | None = None) -> None:
    """Have pages with another site's picture made anew, the newest links first."""
    links = threads_with_picture(picture_id, before, AT_ONCE)
    show_cards([thread_id for _, thread_id in links])
    if len(links) == AT_ONCE:
        enqueue(show_picture, picture_id=picture_id, before=links[-1][0])


@job
def show_card(document_id: int, before: int | None = None) -> None:
    """Have pages with a document's card made anew, the newest links first, so many at once."""
    links = threads_with(document_id, before, AT_ONCE)
    show_cards([thread_id for _, thread_id in links])
    if len(links) == AT_ONCE:
        enqueue(show_card, document_id=document_id, before=links[-1][0])
