"""A thread gets another title with its opening post: by the actions, on both databases."""

from datetime import timedelta

import pytest

from rostra.effects.search.parse import parse
from rostra.effects.search.queries import Scope, search
from rostra.forum.modlog.models import LogEntry
from rostra.forum.threads.actions.describing import edit_opening, head_of
from rostra.forum.threads.models import BoardStats, Post, Revision, Thread
from rostra.kernel import clock, jobs
from rostra.kernel.errors import Invalid, Refused
from rostra.transfer.integrity import examine

REASON = "The title said more than the article."


def opening(thread) -> Post:
    return Post.objects.get(thread=thread, number=1)


def rename(cast, who, title, **options):
    post = opening(cast.barrier)
    head = head_of(Thread.objects.get(pk=cast.barrier.pk))
    return edit_opening(
        cast.view(getattr(cast, who)), post.pk, post.source, head, title=title, **options
    )


@pytest.fixture
def older(cast):
    """The grace in which an author's edits leave no mark is over."""
    Post.objects.filter(thread=cast.barrier).update(created_at=clock.now() - timedelta(hours=1))


def test_a_thread_is_called_otherwise_and_every_list_knows(cast, older):
    board = BoardStats.objects.get(board=cast.harbour).version
    rename(cast, "quay", "  The barrier   held ")
    thread = Thread.objects.get(pk=cast.barrier.pk)
    assert (thread.title, thread.version > cast.barrier.version) == ("The barrier held", True)
    assert BoardStats.objects.get(board=cast.harbour).version > board
    [kept] = Revision.objects.filter(post=opening(thread))
    assert (kept.title, kept.source) == ("Flood barrier", opening(thread).source)
    assert opening(thread).edited_at is not None
    assert not LogEntry.objects.filter(thread_id=thread.pk).exists()
    assert examine() == []


def test_the_same_title_changes_nothing(cast, older):
    before = Thread.objects.get(pk=cast.barrier.pk).version
    rename(cast, "quay", "Flood barrier")
    assert Thread.objects.get(pk=cast.barrier.pk).version == before
    assert not Revision.objects.exists()


def test_words_and_title_are_one_edit(cast, older):
    post, head = opening(cast.barrier), head_of(cast.barrier)
    edit_opening(cast.view(cast.quay), post.pk, "It held.", head, title="It held")
    [kept] = Revision.objects.filter(post=post)
    assert (kept.title, kept.source) == ("Flood barrier", "It was closed in time.")


def test_a_bad_title_changes_nothing(cast):
    for title, why in (("", "empty"), ("\u200b ", "empty"), ("x" * 201, "too_long")):
        with pytest.raises(Invalid) as refused:
            rename(cast, "quay", title)
        assert refused.value.fields == {"title": why}
    assert Thread.objects.get(pk=cast.barrier.pk).title == "Flood barrier"


def test_it_is_its_starter_who_does_or_a_moderator_with_a_reason(cast, older):
    """SEC-120."""
    with pytest.raises(Refused):
        rename(cast, "hill", "Mine now")
    with pytest.raises(Invalid):
        rename(cast, "mod", "The barrier held")
    assert Thread.objects.get(pk=cast.barrier.pk).title == "Flood barrier"
    rename(cast, "mod", "The barrier held", reason=REASON)
    entry = LogEntry.objects.get(thread_id=cast.barrier.pk)
    texts = {text.field: text.value for text in entry.texts.all()}
    assert entry.kind == "thread.describe"
    assert texts["before"] == '{"title": "Flood barrier"}'
    assert texts["after"] == '{"title": "The barrier held"}'
    [kept] = Revision.objects.filter(post=opening(cast.barrier))
    assert (kept.title, kept.editor_id) == ("Flood barrier", cast.mod.pk)


def test_it_is_found_by_its_new_title_alone(cast, older):
    def found(words: str) -> list[int]:
        while jobs.run_due():
            pass
        hits = search(cast.view(None), parse(f"title:{words}"), Scope()).hits
        return [hit.post.thread_id for hit in hits]

    assert cast.barrier.pk in found("flood")
    rename(cast, "quay", "Sluice")
    assert found("flood") == []
    assert found("sluice") == [cast.barrier.pk]
