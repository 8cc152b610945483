"""News, questions and their answers: by the actions, on both databases."""

import json

import pytest

from rostra.forum.modlog.models import LogEntry
from rostra.forum.modlog.queries import first_fault
from rostra.forum.threads.actions import posts
from rostra.forum.threads.actions.answers import accept_answer
from rostra.forum.threads.actions.describing import edit_opening, head_of
from rostra.forum.threads.actions.threads import lock_thread, start_thread
from rostra.forum.threads.heads import Head
from rostra.forum.threads.listing import Wish, threads_in
from rostra.forum.threads.models import BoardStats, Post, Thread
from rostra.forum.threads.queries import thread_for
from rostra.forum.threads.submissions import Sent, fresh_key
from rostra.kernel.errors import Invalid, NotFound, Refused
from rostra.kernel.models import Job
from rostra.transfer.integrity import examine
from tests.forum.threads.test_writing import limits  # noqa: F401 (a fixture)

REASON = "It was filed under the wrong type."
ASKED = Head("question")
NEWS = Head("news", "https://example.org/barrier", "The barrier was closed in time.")


def started(cast, head=Head("question"), who="quay", **options):  # noqa: B008 (a value)
    return start_thread(
        cast.view(getattr(cast, who)), cast.harbour.pk, "Why?", "I ask.", head=head, **options
    )


@pytest.fixture
def question(cast):
    return started(cast)


@pytest.fixture
def answer(cast, question):
    return posts.post_reply(cast.view(cast.hill), question.pk, "Because.")


def opening(thread):
    return Post.objects.get(thread=thread, number=1)


def shown(cast, thread):
    """Return how thread page and lists show the answer."""
    listed = threads_in(cast.view(None), [cast.harbour.pk], Wish())
    in_list = next(row for row in listed.threads if row.id == thread.pk)
    row = thread_for(cast.view(None), thread.pk)
    assert row.answer_id == in_list.answer_id
    return row.answer_id, row.answer_number, row.answer_by


def versions(thread):
    return (
        Thread.objects.get(pk=thread.pk).version,
        BoardStats.objects.get(board_id=thread.board_id).version,
    )


def test_a_thread_is_a_discussion_unless_something_else_is_chosen(cast):
    assert head_of(cast.barrier) == Head(tags="harbour")
    news = started(cast, NEWS)
    assert (head_of(news), news.host) == (NEWS, "example.org")
    row = threads_in(cast.view(None), [cast.harbour.pk], Wish()).threads[0]
    assert (row.kind, row.host) == ("news", "example.org")


def test_all_that_is_wrong_is_told_at_once(cast):
    count = Thread.objects.count()
    with pytest.raises(Invalid) as caught:
        start_thread(cast.view(cast.quay), cast.harbour.pk, "", "", head=Head("news"))
    assert caught.value.fields == {"title": "empty", "source": "empty", "link": "link_missing"}
    assert Thread.objects.count() == count


def test_the_same_form_is_the_same_thread_only_with_the_same_article(cast):
    """REL-011."""
    sent = Sent(fresh_key())
    first = started(cast, NEWS, sent=sent)
    assert started(cast, NEWS, sent=sent).pk == first.pk
    with pytest.raises(Invalid):
        started(cast, NEWS._replace(link="https://example.org/other"), sent=sent)


def test_the_article_counts_among_a_newcomers_links(cast, limits):  # noqa: F811
    """ABU-001."""
    two = (
        "What was said at the harbour this morning is told here by https://one.example/ and in more"
        " words by https://two.example/"
    )
    with pytest.raises(Invalid) as caught:
        start_thread(cast.view(cast.newcomer), cast.harbour.pk, "Buy", two, head=NEWS)
    assert caught.value.fields == {"source": "too_many_links"}
    thread = start_thread(cast.view(cast.newcomer), cast.harbour.pk, "Buy", two)
    with pytest.raises(Invalid):
        edit_opening(cast.view(cast.newcomer), opening(thread).pk, two, NEWS)
    assert Thread.objects.get(pk=thread.pk).kind == "discussion"


def test_who_asked_marks_the_answer_and_takes_it_back(cast, question, answer):
    before = versions(question)
    accept_answer(cast.view(cast.quay), answer.pk, accepted=True)
    assert shown(cast, question) == (answer.pk, 2, "Hill")
    thread, board = versions(question)
    assert (thread > before[0], board > before[1]) == (True, True)  # what is kept of pages is old
    accept_answer(cast.view(cast.quay), answer.pk, accepted=False)
    assert shown(cast, question) == (None, None, None)
    assert not LogEntry.objects.filter(thread_id=question.pk).exists()  # one's own is not logged
    names = Job.objects.filter(name="threads.answer_changed")
    assert len(names) == 2


def test_marking_twice_changes_nothing(cast, question, answer):
    accept_answer(cast.view(cast.quay), answer.pk, accepted=True)
    before = versions(question)
    accept_answer(cast.view(cast.quay), answer.pk, accepted=True)
    assert versions(question) == before


def test_another_answer_takes_its_place(cast, question, answer):
    accept_answer(cast.view(cast.quay), answer.pk, accepted=True)
    better = posts.post_reply(cast.view(cast.mod), question.pk, "Rather because.")
    accept_answer(cast.view(cast.quay), better.pk, accepted=True)
    assert shown(cast, question)[0] == better.pk


def test_a_moderators_choice_is_logged(cast, question, answer):
    """SEC-120: with its reason, or not at all."""
    with pytest.raises(Invalid):
        accept_answer(cast.view(cast.mod), answer.pk, accepted=True)
    accept_answer(cast.view(cast.mod), answer.pk, accepted=True, reason=REASON)
    accept_answer(cast.view(cast.mod), answer.pk, accepted=False, reason=REASON)
    entries = LogEntry.objects.filter(post_id=answer.pk).order_by("n")
    assert [entry.kind for entry in entries] == ["post.accept", "post.unaccept"]
    assert first_fault() is None


@pytest.mark.parametrize("who", ["hill", "newcomer", None])
def test_nobody_else_says_what_the_answer_is(cast, question, answer, who):
    with pytest.raises(Refused):
        accept_answer(cast.view(who and getattr(cast, who)), answer.pk, accepted=True)
    assert shown(cast, question)[0] is None


def test_what_is_not_to_be_seen_is_no_answer(cast):
    """SEC-049."""
    with pytest.raises(NotFound):
        accept_answer(cast.view(cast.quay), opening(cast.secret).pk, accepted=True)
    with pytest.raises(NotFound):
        accept_answer(cast.view(cast.quay), 987_654, accepted=True)


def test_an_answer_that_goes_is_not_shown_and_comes_back_with_its_post(cast, question, answer):
    accept_answer(cast.view(cast.quay), answer.pk, accepted=True)
    posts.withdraw_post(cast.view(cast.hill), answer.pk)
    assert shown(cast, question) == (None, None, None)
    posts.bring_back_post(cast.view(cast.hill), answer.pk)
    assert shown(cast, question) == (answer.pk, 2, "Hill")
    posts.remove_post(cast.view(cast.mod), answer.pk, REASON)
    assert shown(cast, question) == (None, None, None)
    posts.restore_post(cast.view(cast.mod), answer.pk, REASON)
    assert shown(cast, question)[0] == answer.pk
    assert examine() == []


def test_the_type_changes_with_the_opening_post(cast, question, answer):
    accept_answer(cast.view(cast.quay), answer.pk, accepted=True)
    before = versions(question)
    edit_opening(cast.view(cast.quay), opening(question).pk, "I ask.", NEWS)
    thread = Thread.objects.get(pk=question.pk)
    assert (head_of(thread), thread.host, thread.answer_id) == (NEWS, "example.org", None)
    assert all(new > old for new, old in zip(versions(question), before, strict=True))
    assert Post.objects.get(pk=opening(question).pk).edit_count == 0  # the words are as they were
    before = versions(question)
    edit_opening(cast.view(cast.quay), opening(question).pk, "I ask.", NEWS)
    assert versions(question) == before


def test_a_moderators_change_of_type_is_logged(cast, question):
    """SEC-120: what was there before and after, with the reason."""
    with pytest.raises(Invalid):
        edit_opening(cast.view(cast.mod), opening(question).pk, "I ask.", NEWS)
    assert Thread.objects.get(pk=question.pk).kind == "question"
    edit_opening(cast.view(cast.mod), opening(question).pk, "I ask.", NEWS, reason=REASON)
    entry = LogEntry.objects.get(thread_id=question.pk)
    assert (entry.kind, entry.post_id) == ("thread.describe", None)
    texts = {text.field: text.value for text in entry.texts.all()}
    said = json.loads(texts["before"]), json.loads(texts["after"])
    changed = ("kind", "link", "excerpt")
    assert said == tuple({name: getattr(head, name) for name in changed} for head in (ASKED, NEWS))
    assert texts["reason"] == REASON


def test_a_reply_has_no_type_and_a_locked_thread_keeps_its_own(cast, question, answer):
    with pytest.raises(Invalid):
        edit_opening(cast.view(cast.hill), answer.pk, "Because.", Head())
    with pytest.raises(Refused):
        edit_opening(cast.view(cast.hill), opening(question).pk, "I ask.", Head())
    lock_thread(cast.view(cast.mod), question.pk, locked=True, reason=REASON)
    with pytest.raises(Refused):
        edit_opening(cast.view(cast.quay), opening(question).pk, "I ask.", Head())
