"""What follows for cases after posts went to another thread, or lost words."""

from __future__ import annotations

from collections.abc import Callable

from rostra.forum.cases.models import Case
from rostra.forum.claims.queries import threads_of as claims_at
from rostra.forum.modlog.queries import find_entry
from rostra.forum.notes.queries import threads_of as notes_at
from rostra.forum.threads.events import PostEdited, PostsMoved
from rostra.forum.threads.outside import source_of, threads_of
from rostra.kernel.events import after


@after(PostsMoved)
def follow_posts(happened: PostsMoved) -> None:
    """Have cases about posts go along with them, so that the moderators there decide."""
    cases = Case.objects.filter(kind=Case.Kind.POST, thread_id=happened.from_thread_id)
    posts = dict(cases.values_list("target_id", "id"))
    for post_id, thread_id in threads_of(list(posts)).items():
        if thread_id == happened.to_thread_id:
            Case.objects.filter(id=posts[post_id]).update(thread_id=thread_id)
    _follow(Case.Kind.CLAIM, claims_at, happened)
    _follow(Case.Kind.NOTE, notes_at, happened)


def _follow(
    kind: Case.Kind, places: Callable[[list[int]], dict[int, int]], happened: PostsMoved
) -> None:
    """Have cases about what hangs on posts go along, by where its post stands now."""
    cases = Case.objects.filter(kind=kind, thread_id=happened.from_thread_id)
    found = dict(cases.values_list("target_id", "id"))
    for target_id, thread_id in places(list(found)).items():
        if thread_id == happened.to_thread_id:
            Case.objects.filter(id=found[target_id]).update(thread_id=thread_id)


@after(PostEdited)
def forget_words(happened: PostEdited) -> None:
    """Keep no word in a case that was redacted in its post."""
    entry = find_entry(happened.log_n) if happened.log_n is not None else None
    if entry is not None and entry.kind == "post.redact":
        cases = Case.objects.filter(kind=Case.Kind.POST, target_id=happened.post_id)
        cases.update(source=source_of(happened.post_id))
