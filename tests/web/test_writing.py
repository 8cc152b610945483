"""The pages of writing, as browsers without scripts use them: every door, every refusal."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.middleware.csrf import _unmask_cipher_token
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rostra.forum.members.models import Member
from rostra.forum.reactions.actions import react
from rostra.forum.threads.actions.drafts import save_draft
from rostra.forum.threads.actions.posts import edit_post, post_reply, remove_post, withdraw_post
from rostra.forum.threads.actions.threads import lock_thread
from rostra.forum.threads.composing import draft_for
from rostra.forum.threads.models import Post, Thread
from rostra.web import limits
from rostra.web.ballot import POLL
from rostra.web.form_page import HEAD
from rostra.web.tokens import masked
from tests.budgets import WRITING
from tests.web.visits import as_, thread_address

REASON = "Insults a group of people."


def doors(cast):
    """Every address that takes a form of writing, with a form it would take."""
    post = Post.objects.get(thread=cast.barrier, number=2)  # by Hill
    gone = post_reply(cast.view(cast.hill), cast.barrier.pk, "Withdrawn words.")
    withdraw_post(cast.view(cast.hill), gone.pk)
    return {
        f"/threads/{cast.barrier.pk}/reply": {"source": "Words of a form."},
        f"/boards/{cast.harbour.pk}/start": {"title": "Title of a form", "source": "Words."},
        f"/posts/{post.pk}/edit": {"source": "Changed words."},
        f"/posts/{post.pk}/withdraw": {},
        f"/posts/{gone.pk}/bring-back": {},
        f"/posts/{Post.objects.get(thread=cast.barrier, number=1).pk}/reactions": {"kind": "like"},
        "/write/draft": {"place": f"t{cast.barrier.pk}", "title": "", "source": "Half a thought."},
        "/write/preview": {"source": "Words."},
    }


def state():
    """What the forum holds, in one value."""
    tables = [t for t in connection.introspection.table_names() if t.split("_")[0] in
              ("threads", "reactions", "kernel", "modlog", "boards")]  # fmt: skip
    with connection.cursor() as cursor:
        found = []
        for table in sorted(tables):
            cursor.execute(f"SELECT * FROM {table}")
            found.append((table, sorted(map(repr, cursor.fetchall()))))
    return found


def test_every_door_takes_its_form(web, cast):
    as_(web, cast, "hill")
    for address, form in doors(cast).items():
        answer = web.post(address, form)
        assert answer.status_code in (200, 204, 303), (address, answer.text)
    assert Post.objects.filter(source__in=["Words of a form.", "Changed words."]).count() == 2
    assert Thread.objects.filter(title="Title of a form").exists()


def test_no_door_opens_without_the_token(cast):
    """SEC-026: no token, another member's token, a foreign origin; nothing changes."""
    client = Client(enforce_csrf_checks=True, HTTP_HOST="localhost:8000")
    other = Client(enforce_csrf_checks=True, HTTP_HOST="localhost:8000")
    as_(client, cast, "hill")
    as_(other, cast, "quay")
    page = other.get(f"/threads/{cast.barrier.pk}/reply").text
    foreign = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    found = doors(cast)
    client.get(f"/threads/{cast.barrier.pk}/reply")
    before = state()
    for address, form in found.items():
        assert client.post(address, form).status_code == 403
        assert client.post(address, {**form, "csrfmiddlewaretoken": foreign}).status_code == 403
        mine = client.cookies[settings.CSRF_COOKIE_NAME].value
        answer = client.post(
            address, {**form, "csrfmiddlewaretoken": mine}, HTTP_ORIGIN="https://evil.example"
        )
        assert answer.status_code == 403
        assert client.post(address, json.dumps(form), content_type="text/plain").status_code == 403
    assert state() == before


def test_no_door_takes_a_field_that_is_not_its_own(web, cast):
    """SEC-064: every column there is, and then some; nothing is set by it."""
    as_(web, cast, "hill")
    found = doors(cast)
    columns = {field.name for model in (Post, Thread) for field in model._meta.concrete_fields}
    names = columns | {"role", "is_admin", "pinned_globally", "author_id", "created_at", "id"}
    before = state()
    for address, form in found.items():
        limits.made.forget()  # more requests than anybody makes in a minute
        own = (*HEAD, *POLL) if re.search("start|draft", address) else ()
        for name in names - {"source", "title", "kind", "place", "key", "do", "seen", "sure", *own}:
            assert web.post(address, {**form, name: "1"}).status_code == 422, (address, name)
        for name in form:
            assert web.post(address, {**form, name: ["a", "b"]}).status_code == 422
    assert state() == before


@pytest.mark.parametrize("who", [None, "hill"])
def test_guests_and_the_suspended_write_nothing(web, cast, who):
    found = doors(cast)
    Member.objects.filter(pk=cast.hill.pk).update(suspended_until=timezone.now() + timedelta(1))
    as_(web, cast, who)
    withdraws = f"/posts/{Post.objects.get(thread=cast.barrier, number=2).pk}/withdraw"
    own = ("/write/draft", "/write/preview", withdraws)
    before = state()
    for address, form in found.items():
        if who and address in own:
            continue  # what they type is kept for them alone; they may take back what they said
        status = web.post(address, form).status_code
        assert status in (403, 404), address
    after = state()
    assert [rows for name, rows in after if name != "threads_draft"] == [
        rows for name, rows in before if name != "threads_draft"
    ]


def test_another_members_posts_are_not_ones_own(web, cast):
    """SEC-067: the same requests by somebody else."""
    as_(web, cast, "quay")
    found = [address for address in doors(cast) if re.search("edit|withdraw|bring", address)]
    before = state()
    for address in found:
        form = {"source": "Mine now."} if address.endswith("edit") else {}
        assert web.post(address, form).status_code in (403, 404), address
        assert web.get(address).status_code in (403, 404), address
    assert [rows for name, rows in state() if name != "threads_draft"] == [
        rows for name, rows in before if name != "threads_draft"
    ]
    assert not Post.objects.filter(source="Mine now.").exists()
    assert Post.objects.get(thread=cast.barrier, number=2).state == "visible"


def test_what_is_not_to_be_seen_is_not_written_in(web, cast):
    """SEC-049: 404, without an echo."""
    as_(web, cast, "hill")
    secret = Post.objects.get(thread=cast.secret)
    for address, form in {
        f"/threads/{cast.secret.pk}/reply": {"source": "Words."},
        f"/boards/{cast.staff_room.pk}/start": {"title": "T", "source": "Words."},
        f"/posts/{secret.pk}/edit": {"source": "Words."},
        f"/posts/{secret.pk}/reactions": {"kind": "like"},
        f"/posts/{secret.pk}/withdraw": {},
    }.items():
        for answer in (web.get(address), web.post(address, form)):
            assert answer.status_code == 404
            assert "canary" not in answer.text
    for act in ("reply", "quotation", "history"):
        assert web.get(f"/posts/{secret.pk}/{act}").status_code == 404


def test_a_reply_leads_to_its_place(web, cast):
    answer = as_(web, cast, "hill").post(
        f"/threads/{cast.barrier.pk}/reply", {"source": "Words of a form."}
    )
    assert answer.headers["Location"] == f"{thread_address(cast)}#post-4"


def test_the_composer_is_on_the_page_of_who_may_reply(web, cast):
    assert 'id="reply"' not in web.get(thread_address(cast)).text
    assert settings.CSRF_COOKIE_NAME not in web.cookies
    as_(web, cast, "hill")
    page = web.get(thread_address(cast)).text
    assert 'id="reply"' in page
    key = re.search(r'name="key" value="([0-9a-f]{32})"', page)[1]
    assert key not in web.get(thread_address(cast)).text  # each form has its own
    form = {"source": "By the composer.", "key": key, "seen": "3"}
    first = web.post(f"/threads/{cast.barrier.pk}/reply", form)
    second = web.post(f"/threads/{cast.barrier.pk}/reply", {**form, "seen": ""})
    assert first.headers["Location"] == second.headers["Location"]  # REL-011
    lock_thread(cast.view(cast.mod), cast.barrier.pk, locked=True, reason=REASON)
    assert 'id="reply"' not in web.get(thread_address(cast)).text


def test_the_quick_token_is_one_of_djangos(web, cast):
    """A twin of a function that is not ours: it must stay one."""
    secret = "aZ09" * 8
    tokens = {masked(secret) for _ in range(50)}
    assert len(tokens) == 50
    assert {_unmask_cipher_token(token) for token in tokens} == {secret}
    client = Client(enforce_csrf_checks=True, HTTP_HOST="localhost:8000")
    as_(client, cast, "hill")
    assert settings.CSRF_COOKIE_NAME in client.get(thread_address(cast)).cookies  # the first time
    answer = client.get(thread_address(cast))
    assert settings.CSRF_COOKIE_NAME not in answer.cookies
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', answer.text)[1]
    form = {"source": "With its token.", "csrfmiddlewaretoken": token}
    assert client.post(f"/threads/{cast.barrier.pk}/reply", form).status_code == 303


def test_what_was_posted_meanwhile_is_said_once(web, cast):
    as_(web, cast, "hill")
    post_reply(cast.view(cast.quay), cast.barrier.pk, "Something that changes it all.")
    form = {"source": "My reply.", "seen": "3", "key": "0" * 32}
    answer = web.post(f"/threads/{cast.barrier.pk}/reply", form)
    assert answer.status_code == 200
    assert "Something that changes it all." in answer.text
    assert "My reply." in answer.text
    assert not Post.objects.filter(source="My reply.").exists()
    seen = re.search(r'name="seen" value="([^"]*)"', answer.text)[1]
    again = web.post(f"/threads/{cast.barrier.pk}/reply", {**form, "seen": seen})
    assert again.status_code == 303


def test_ones_own_posts_are_no_news(web, cast):
    as_(web, cast, "hill")
    post_reply(cast.view(cast.hill), cast.barrier.pk, "My other tab.")
    form = {"source": "My reply.", "seen": "3"}
    assert web.post(f"/threads/{cast.barrier.pk}/reply", form).status_code == 303


def test_the_preview_is_what_is_posted(web, cast):
    as_(web, cast, "hill")
    source = "A **word**, @Quay, https://example.org/x and [spoiler]s[/spoiler] <script>x</script>"
    shown = web.post("/write/preview", {"source": source}).text
    page = web.post(f"/threads/{cast.barrier.pk}/reply", {"source": source, "do": "preview"}).text
    assert shown in page
    assert source.split(",")[0] in page  # and what was typed
    assert not Post.objects.filter(source=source).exists()
    web.post(f"/threads/{cast.barrier.pk}/reply", {"source": source})
    assert shown in web.get(thread_address(cast)).text


def test_a_preview_shows_nothing_that_may_not_be_read(web, cast):
    """SEC-022, 047."""
    as_(web, cast, "hill")
    secret = Post.objects.get(thread=cast.secret)
    source = (
        f'[quote="Mod Ferris, post: {secret.pk}"]x[/quote]\n\n'
        f"http://localhost:8000/threads/{cast.secret.pk}\n\nhttp://localhost:8000/posts/{secret.pk}"
    )
    assert "canary" not in web.post("/write/preview", {"source": source}).text
    assert "canary" in as_(web, cast, "mod").post("/write/preview", {"source": source}).text


@pytest.mark.parametrize("source", ["", " \u200b\n", "x" * 32_001])
def test_what_cannot_be_posted_comes_back_as_typed(web, cast, source):
    as_(web, cast, "hill")
    answer = web.post(
        f"/boards/{cast.harbour.pk}/start", {"title": "A good title", "source": source}
    )
    assert answer.status_code == 422
    assert 'value="A good title"' in answer.text
    assert source.strip("\n") in answer.text
    assert 'aria-invalid="true"' in answer.text
    kept = draft_for(cast.view(cast.hill), f"b{cast.harbour.pk}")
    assert kept.title == "A good title"
    assert 'value="A good title"' in web.get(f"/boards/{cast.harbour.pk}/start").text


def test_a_refusal_says_which_limit_and_until_when(web, cast, monkeypatch):
    """ABU-001."""
    monkeypatch.setattr(settings, "ROSTRA", replace(settings.ROSTRA, posting_limits="on"))
    as_(web, cast, "newcomer")
    assert "some limits hold" in web.get(f"/threads/{cast.barrier.pk}/reply").text
    assert web.post(f"/threads/{cast.barrier.pk}/reply", {"source": "One."}).status_code == 303
    answer = web.post(f"/threads/{cast.barrier.pk}/reply", {"source": "Two."})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 30
    assert "You posted a moment ago." in answer.text
    assert re.search(r"You can go on in \d+ seconds?\.", answer.text)
    assert "Two." in answer.text


def test_the_same_words_again_can_be_meant(web, cast, monkeypatch):
    """REL-011: asked, not refused."""
    address = f"/threads/{cast.barrier.pk}/reply"
    as_(web, cast, "mod")
    web.post(address, {"source": "Again."})
    monkeypatch.setattr(settings, "ROSTRA", replace(settings.ROSTRA, posting_limits="on"))
    answer = web.post(address, {"source": "Again."})
    assert answer.status_code == 422
    assert 'name="sure"' in answer.text
    assert web.post(address, {"source": "Again.", "sure": "1"}).status_code == 303


def test_who_may_no_longer_reply_keeps_what_they_typed(web, cast):
    """SEC-066: locked while somebody wrote."""
    as_(web, cast, "hill")
    lock_thread(cast.view(cast.mod), cast.barrier.pk, locked=True, reason=REASON)
    answer = web.post(f"/threads/{cast.barrier.pk}/reply", {"source": "Long words.", "seen": "3"})
    assert answer.status_code == 403
    assert "locked" in answer.text
    assert "Long words." in answer.text


def test_quotes_are_collected(web, cast):
    as_(web, cast, "hill")
    first, second = Post.objects.filter(thread=cast.barrier).order_by("number")[:2]
    page = web.get(f"/threads/{cast.barrier.pk}/reply?quote={first.pk},{second.pk}").text
    assert page.count("[quote=") == 2
    assert web.get(f"/posts/{first.pk}/reply").text.count("[quote=") == 1
    save_draft(cast.view(cast.hill), f"t{cast.barrier.pk}", title="", source="Begun before.")
    page = web.get(f"/posts/{first.pk}/reply").text
    assert "Begun before." in page
    assert page.index("Begun before.") < page.index("[quote=")
    assert web.get(f"/threads/{cast.barrier.pk}/reply?quote=x").status_code == 404


def test_an_edit_is_open_to_all_who_read(web, cast):
    post = Post.objects.get(thread=cast.barrier, number=2)
    as_(web, cast, "mod")
    page = web.get(f"/posts/{post.pk}/edit").text
    assert "another member" in page
    short = web.post(f"/posts/{post.pk}/edit", {"source": "Post two.", "reason": "no"})
    assert short.status_code == 422
    assert "at least 15" in short.text
    form = {"source": "Post two.", "reason": "A name had to go from it.", "rule": "R4"}
    assert web.post(f"/posts/{post.pk}/edit", form).status_code == 303
    assert "<del>2</del>" in web.get(f"/posts/{post.pk}/history").text
    assert "<del>2</del>" in as_(web, cast, "hill").get(f"/posts/{post.pk}/history").text
    web.logout()
    page = web.get(f"/posts/{post.pk}/history").text
    assert "<del>2</del>" not in page
    assert "taken out" in page
    assert "<ins>two</ins>" in page
    assert "A name had to go from it." in page
    assert f"/posts/{post.pk}/history" in web.get(thread_address(cast)).text


def test_what_a_moderator_took_out_comes_back_by_no_edit(web, cast, monkeypatch):
    """A telephone number, edited before and after by its author: for others it is gone."""
    monkeypatch.setattr(
        settings, "ROSTRA", replace(settings.ROSTRA, edit_grace_minutes=0, posting_limits="off")
    )
    post = post_reply(cast.view(cast.hill), cast.barrier.pk, "He is at 0555-canary.")
    edit_post(cast.view(cast.hill), post.pk, "He is at 0555-canary. Ring him.")
    edit_post(
        cast.view(cast.mod), post.pk, "He is. Ring him.", reason="A number had to go from it."
    )
    edit_post(cast.view(cast.hill), post.pk, "He is. Ring him, all.")
    for who, sees in ((None, False), ("quay", False), ("hill", True), ("mod", True)):
        pages = as_(web, cast, who).get(f"/posts/{post.pk}/history").text
        for edit in (1, 2, 3):
            pages += web.get(f"/posts/{post.pk}/history?edit={edit}").text
        assert ("canary" in pages) == sees
        assert "A number had to go from it." in pages
        assert "<ins>, all</ins>" in pages


def test_every_edit_can_be_looked_at(web, cast):
    post = Post.objects.get(thread=cast.barrier, number=2)
    for words in ("One.", "One two.", "One two three."):
        edit_post(cast.view(cast.mod), post.pk, words, reason="A name had to go from it.")
    as_(web, cast, "mod")
    assert "<ins> three</ins>" in web.get(f"/posts/{post.pk}/history").text
    assert "<ins> two</ins>" in web.get(f"/posts/{post.pk}/history?edit=2").text
    assert web.get(f"/posts/{post.pk}/history?edit=4").status_code == 404
    untouched = Post.objects.get(thread=cast.barrier, number=1)
    assert "never changed" in web.get(f"/posts/{untouched.pk}/history").text


def test_what_a_removed_post_said_is_not_in_its_history(web, cast):
    post = Post.objects.get(thread=cast.barrier, number=2)
    edit_post(cast.view(cast.mod), post.pk, "Otherwise.", reason="A name had to go from it.")
    remove_post(cast.view(cast.mod), post.pk, REASON)
    for act in ("history", "reactions", "quotation"):
        assert web.get(f"/posts/{post.pk}/{act}").status_code == 404
    assert as_(web, cast, "quay").get(f"/posts/{post.pk}/history").status_code == 404
    assert as_(web, cast, "mod").get(f"/posts/{post.pk}/history").status_code == 200


def test_an_edit_of_what_was_edited_meanwhile_shows_both(web, cast):
    """REL-017."""
    post = Post.objects.get(thread=cast.barrier, number=2)
    as_(web, cast, "hill")
    was = re.search(r'name="was" value="([0-9a-f]+)"', web.get(f"/posts/{post.pk}/edit").text)[1]
    edit_post(cast.view(cast.mod), post.pk, "A mod's words.", reason="A name had to go from it.")
    answer = web.post(f"/posts/{post.pk}/edit", {"source": "My words.", "was": was})
    assert answer.status_code == 422
    assert "A mod&#39;s words." in answer.text
    assert "My words." in answer.text
    was = re.search(r'name="was" value="([0-9a-f]+)"', answer.text)[1]
    form = {"source": "My words.", "was": was}
    assert web.post(f"/posts/{post.pk}/edit", form).status_code == 303


def test_withdrawing_is_asked_and_can_be_undone(web, cast):
    """SEC-028: looking changes nothing."""
    post = Post.objects.get(thread=cast.barrier, number=2)
    as_(web, cast, "hill")
    web.get(f"/posts/{post.pk}/withdraw")
    assert Post.objects.get(pk=post.pk).state == "visible"
    web.post(f"/posts/{post.pk}/withdraw")
    page = web.get(thread_address(cast)).text
    assert "Withdrawn by its author." in page
    assert f"/posts/{post.pk}/bring-back" in page
    web.post(f"/posts/{post.pk}/bring-back")
    assert Post.objects.get(pk=post.pk).state == "visible"


def test_reactions_are_seen_by_all_and_marked_for_their_own(web, cast):
    post = Post.objects.get(thread=cast.barrier, number=1)
    as_(web, cast, "hill")
    answer = web.post(
        f"/posts/{post.pk}/reactions", {"kind": "like"}, headers={"accept": "application/json"}
    )
    assert answer.json() == {"mine": "like", "counts": [["like", 1]]}
    assert 'aria-current="true"' in web.get(thread_address(cast)).text
    assert 'aria-pressed="true"' in web.get(f"/posts/{post.pk}/reactions").text
    web.logout()
    page = web.get(f"/posts/{post.pk}/reactions").text
    assert "Hill" in page
    assert '<form class="reacting"' not in page
    assert 'aria-current="true"' not in web.get(thread_address(cast)).text
    assert as_(web, cast, "quay").post(
        f"/posts/{post.pk}/reactions", {"kind": "like"}
    ).status_code == 403  # own  # fmt: skip


def test_nothing_that_is_offered_is_refused(web, cast):
    """What stands below a post is what may be done: each link opens."""
    react(cast.view(cast.hill), Post.objects.get(thread=cast.barrier, number=1).pk, "like")
    for who in ("quay", "hill", "mod"):
        page = as_(web, cast, who).get(thread_address(cast)).text
        found = set(re.findall(r'href="(/posts/\d+/[a-z-]+|/boards/\d+/start)"', page))
        assert len(found) > 5
        for address in found:
            assert web.get(address).status_code == 200, (who, address)


@pytest.mark.parametrize("screen", WRITING)
def test_what_a_page_of_writing_costs(web, cast, screen):
    post = Post.objects.get(thread=cast.barrier, number=2)
    edit_post(cast.view(cast.mod), post.pk, "Otherwise.", reason="A name had to go from it.")
    address = {
        "start": f"/boards/{cast.harbour.pk}/start",
        "reply": f"/threads/{cast.barrier.pk}/reply",
        "reply_to": f"/posts/{post.pk}/reply",
        "edit": f"/posts/{post.pk}/edit",
        "history": f"/posts/{post.pk}/history",
        "reactions": f"/posts/{post.pk}/reactions",
    }[screen]
    as_(web, cast, "hill").get(address)
    with CaptureQueriesContext(connection) as queries:
        assert web.get(address).status_code == 200
    assert len(queries) == WRITING[screen], [q["sql"][:90] for q in queries]
