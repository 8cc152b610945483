"""An appeal from the statement to the log, as pages."""

from __future__ import annotations

from datetime import timedelta

from rostra.forum.appeals.actions import file_appeal
from rostra.forum.appeals.models import Appeal
from rostra.forum.modlog import queries as modlog
from rostra.forum.modlog.models import LogEntry
from rostra.forum.threads.actions.logging import Why
from rostra.forum.threads.actions.posts import edit_post, remove_post
from rostra.forum.threads.models import Post
from rostra.kernel import clock, jobs
from tests.forum.appeals.every_kind import CASES
from tests.forum.appeals.test_not_as_before import done
from tests.web.test_own_data import of
from tests.web.visits import as_

SUMMARY = "The quoted words were those of another."


def removed(cast) -> int:
    post = Post.objects.get(thread=cast.barrier, number=2)
    remove_post(cast.view(cast.mod), post.pk, "Insults a group of people.", why=Why("R2"))
    return modlog.head()[0]


def test_from_the_statement_to_the_outcome(web, cast):
    """LAW-003: clock and outcome in the public log, and the post is there again."""
    n = removed(cast)
    as_(web, cast, "hill")
    assert "You can appeal once, until" in web.get(f"/statements/{n}").text
    wrong = web.post(f"/statements/{n}/appeal", {"text": "<i>" + "x" * 2000})
    assert wrong.status_code == 422
    assert "&lt;i&gt;xxx" in wrong.text
    assert web.post(f"/statements/{n}/appeal", {"text": "I only <i>quoted</i>."}).status_code == 303
    page = web.get(f"/statements/{n}").text
    assert "I only &lt;i&gt;quoted&lt;/i&gt;." in page
    assert "to be decided by" in page
    assert "under appeal" in web.get("/moderation-log").text
    as_(web, cast, "mod")
    assert "another moderator decides" in web.get(f"/staff/appeals/{n}").text
    form = {"outcome": "overturned", "reason": SUMMARY}
    assert web.post(f"/staff/appeals/{n}", form).status_code == 403
    as_(web, cast, "admin")
    assert f"/staff/appeals/{n}" in web.get("/staff/appeals").text
    wrong = web.post(f"/staff/appeals/{n}", {**form, "reason": "short"})
    assert wrong.status_code == 422
    assert ">short</textarea>" in wrong.text
    assert web.post(f"/staff/appeals/{n}", form).status_code == 303
    assert Post.objects.get(thread=cast.barrier, number=2).state == "visible"
    while jobs.run_due():
        continue
    as_(web, cast, "hill")
    assert "Your appeal was decided" in web.get("/notifications").text
    assert SUMMARY in web.get(f"/statements/{n}").text
    assert [one["state"] for one in of(cast, "appeal")] == ["overturned"]
    web.logout()
    page = web.get("/moderation-log").text
    for words in ("overturned on appeal", "Appeal: the act was overturned", SUMMARY):
        assert words in page, words
    assert "quoted&lt;/i&gt;" not in page, "what is said in an appeal is not public"


def test_appeals_are_their_members_and_the_staffs(web, cast):
    """SEC-049."""
    n = removed(cast)
    file_appeal(cast.view(cast.hill), n, "canary words of an appeal")
    for who, expected in ((None, 403), ("quay", 403), ("hill", 403), ("mod", 200)):
        as_(web, cast, who)
        answer = web.get(f"/staff/appeals/{n}")
        assert answer.status_code == expected, who
        assert ("canary" in answer.text) is (expected == 200)
    assert web.post(f"/statements/{n}/appeal", {"text": "Not mine."}).status_code == 404


def test_everybody_reads_how_many_are_overdue(web, cast):
    file_appeal(cast.view(cast.hill), removed(cast), "I only quoted.")
    assert "waited for more than seven days" not in web.get("/moderation-log").text
    Appeal.objects.update(due_at=clock.now() - timedelta(days=1))
    assert "1 appeal has waited for more than seven days." in web.get("/moderation-log").text


def told(web, cast, n, who="admin") -> str:
    as_(web, cast, who)
    return web.get(f"/staff/appeals/{n}" if who == "admin" else f"/statements/{n}").text


def test_what_cannot_be_undone_is_said_before_it_is_decided(web, cast):
    """LAW-003: to who appeals and to who decides; then it is not to be chosen."""
    n = done(cast, CASES["post.edit"](cast))
    assert 'value="overturned"' in told(web, cast, n)
    edit_post(cast.view(cast.hill), Post.objects.get(thread=cast.barrier, number=2).pk, "Mine.")
    page = told(web, cast, n)
    for words in ("they are not written over", "staff do the rest by hand"):
        assert words in page
    assert 'value="overturned"' not in page
    form = {"outcome": "overturned", "reason": SUMMARY}
    refused = web.post(f"/staff/appeals/{n}", form)
    assert (refused.status_code, SUMMARY in refused.text) == (403, True)
    assert "under appeal" in told(web, cast, n)
    assert web.post(f"/staff/appeals/{n}", {**form, "outcome": "partly"}).status_code == 303


def test_redacted_words_are_their_authors_to_write_in_again(web, cast):
    """PRV-001: they are gone, which all are told who have to do with it, before and after."""
    CASES["post.redact"](cast).act()
    n = modlog.head()[0]
    gone = "are gone for good: nothing keeps them"
    before = told(web, cast, n, "hill")
    assert gone in before
    post = Post.objects.get(thread=cast.barrier, number=2)
    assert f'href="/posts/{post.pk}/edit"' not in before
    assert web.get(f"/posts/{post.pk}/edit").status_code == 403
    file_appeal(cast.view(cast.hill), n, "She said it in public.")
    page = told(web, cast, n)
    assert gone in page
    assert 'value="overturned"' in page
    web.post(f"/staff/appeals/{n}", {"outcome": "overturned", "reason": SUMMARY})
    assert gone in told(web, cast, n)
    page = told(web, cast, n, "hill")
    assert gone in page
    assert f'href="/posts/{post.pk}/edit"' in page
    assert "Ask ▮▮▮▮▮▮, or me." in web.get(f"/posts/{post.pk}/edit").text
    web.logout()
    undone = LogEntry.objects.get(kind="post.unredact").n
    page = web.get(f"/threads/{cast.barrier.pk}", follow=True).text
    assert f"/moderation-log?before={undone + 1}" in page, "beside the post as well"


def test_what_was_changed_is_seen_by_who_decides_and_by_whose_it_was(web, cast):
    """A name, a title, a poll: before and after, in their words; nobody else is told."""
    for kind, before, after in (
        ("member.rename", "Hill", "Somebody"),
        ("thread.describe", "Why?", "What for?"),
        ("poll.edit", "The quay · Mill Street · Neither", "The quay · A bridge"),
    ):
        case = CASES[kind](cast)
        n = done(cast, case)
        who = "quay" if case.member == cast.quay else "hill"
        for page in (told(web, cast, n), told(web, cast, n, who)):
            assert f'<del dir="auto">{before}</del> <ins dir="auto">{after}</ins>' in page
        web.logout()
        assert f"{after}</ins>" not in web.get("/moderation-log").text
