"""The pages of conversations: what they show, what they refuse and why, what they cost."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rostra.effects.notifications.models import Notification
from rostra.forum.cases.models import Case
from rostra.forum.conversations.actions.messages import send_message, withdraw_message
from rostra.forum.conversations.actions.people import open_door
from rostra.forum.conversations.models import Conversation, Message, Report, Seat
from rostra.forum.members.models import Member
from rostra.forum.members.ties import set_tie
from rostra.forum.threads.composing import draft_for
from rostra.kernel import clock
from tests.budgets import CONVERSATIONS, GUEST, MAY_WRITE, MEMBER_MORE
from tests.forum.conversations.talking import LIMITS_ON, later, settled, talk, work
from tests.web.visits import as_

pytestmark = pytest.mark.django_db


@pytest.fixture
def limits(monkeypatch):
    """The limits, in force."""
    monkeypatch.setattr(settings, "ROSTRA", LIMITS_ON)


def form(**changed):
    return {"to": "Hill", "title": "About the barrier", "source": "Some words.", **changed}


def key_of(page: str) -> str:
    return re.search(r'name="key" value="([0-9a-f]{32})"', page)[1]


def envelope(page: str) -> str:
    return re.search(r'data-envelope="(\d+)"', page)[1]


def test_a_conversation_from_beginning_to_end(web, cast):
    as_(web, cast, "quay")
    page = web.get("/conversations/new?to=Hill").text
    assert 'value="Hill"' in page
    key = key_of(page)
    told = form(to="hill،  @Mod Ferris ,", key=key)
    answer = web.post("/conversations/new", told)
    assert answer.status_code == 303
    assert web.post("/conversations/new", told)["Location"] == answer["Location"]
    assert Conversation.objects.count() == 1
    assert Seat.objects.count() == 3
    address = answer["Location"]
    as_(web, cast, "hill")
    front = web.get("/").text
    assert envelope(front) == "1"
    listed = web.get("/conversations").text
    assert "About the barrier" in listed and 'class="tag new"' in listed
    page = web.get(address).text
    assert "Some words." in page
    assert envelope(web.get("/").text) == "0"
    sent = web.post(f"{address}/reply", {"source": "*Heard.*", "key": key_of(page)})
    assert sent.status_code == 303
    there = web.get(sent["Location"])
    assert there["Location"] == f"{address}/page-1#message-2"
    assert "<em>Heard.</em>" in web.get(there["Location"]).text
    web.post(f"{address}/unread")
    assert envelope(web.get("/").text) == "1"
    assert "Leave this conversation" in web.get(f"{address}/leave").text
    assert web.post(f"{address}/leave")["Location"] == "/conversations"
    assert web.get(address).status_code == 404
    assert envelope(web.get("/").text) == "0"


@pytest.mark.parametrize("who", [None, "newcomer", "mod", "admin"])
@pytest.mark.parametrize("act", ["", "/page-1", "/reply", "/invite", "/leave", "/unread"])
def test_it_is_not_there_for_anybody_else(web, cast, who, act):
    address = f"/conversations/{talk(cast, cast.hill).conversation_id}{act}"
    as_(web, cast, who)
    status = 403 if who is None else 404
    if act != "/unread":
        assert web.get(address).status_code == status
    forms = {"/reply": {"source": "Let me in."}, "/invite": {"to": "Newcomer"}}
    if act in ("/reply", "/invite", "/leave", "/unread"):
        assert web.post(address, forms.get(act, {})).status_code == status
    assert Message.objects.count() == 1
    assert Seat.objects.count() == 2


@pytest.mark.parametrize("who", [None, "newcomer", "mod", "admin"])
@pytest.mark.parametrize("act", ["", "/edit", "/withdraw", "/report"])
def test_nor_is_one_of_its_messages(web, cast, who, act):
    """CVE-2024-23649: no message is reported, or read, by its number."""
    address = f"/messages/{talk(cast, cast.hill).pk}{act}"
    as_(web, cast, who)
    status = 403 if who is None else 404
    assert web.get(address).status_code == status
    if act:
        fields = {
            "/edit": {"source": "Mine now."},
            "/report": {"line": "I report it.", "rule": "R2"},
        }
        assert web.post(address, fields.get(act, {})).status_code == status
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    ("changed", "status", "said"),
    [
        ({"to": ""}, 422, "Say to whom you write."),
        ({"to": "Quay"}, 422, "Say to whom you write."),
        ({"to": "Hill, Nobody Here"}, 422, "There is no member of this name: <bdi>Nobody Here"),
        ({"to": ", ".join(f"Name {n}" for n in "abcdefghijklmnopqrstuvwxyzabcdefgh")}, 422, ""),
        ({"title": ""}, 422, "Please write something."),
        ({"source": " "}, 422, "Please write something."),
        ({"title": "x" * 201}, 422, "This is too long."),
        ({"more": "1"}, 422, "does not belong"),
        ({"do": "preview"}, 200, "Preview"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(web, cast, changed, status, said):
    as_(web, cast, "quay")
    answer = web.post("/conversations/new", form(**changed))
    assert answer.status_code == status
    assert said in answer.text
    if "more" not in changed:
        assert "Some words." in answer.text or "source" in changed
        assert f'value="{form(**changed)["to"]}"' in answer.text
    assert not Conversation.objects.exists()
    if status == 422 and "more" not in changed and "source" not in changed:
        kept = draft_for(cast.view(cast.quay), "n1")
        assert kept.more.get("to", "") == form(**changed)["to"]


def test_all_that_is_wrong_is_said_at_once(web, cast):
    as_(web, cast, "quay")
    page = web.post("/conversations/new", form(to="Nobody Here", title="", source="")).text
    assert "There is no member of this name:" in page
    assert page.count("Please write something.") == 2


def test_whom_one_does_not_reach_is_named(web, cast):
    open_door(cast.hill.pk, "nobody")
    as_(web, cast, "quay")
    answer = web.post("/conversations/new", form(to="Hill, Mod Ferris"))
    assert answer.status_code == 422
    assert "They take no messages from you: <bdi>Hill</bdi></span>" in answer.text


def test_a_newcomer_is_told_which_limit_holds_and_when_it_ends(web, cast, limits):
    """ABU-013."""
    as_(web, cast, "newcomer")
    page = web.get("/conversations/new").text
    assert "You can write to the staff, and to members who follow you" in page
    assert "They end after your first day:" in page
    assert "They end once 3 more posts of yours stand." in page
    answer = web.post("/conversations/new", form())
    assert answer.status_code == 422
    assert "You are new here" in answer.text and "<bdi>Hill</bdi>" in answer.text


def test_a_limit_of_the_day_is_named_with_its_end(web, cast, limits):
    settled(cast.quay)
    as_(web, cast, "quay")
    web.post("/conversations/new", form())
    later(timedelta(seconds=5))
    answer = web.post("/conversations/new", form(source="Other words."))
    assert answer.status_code == 429
    assert 1 <= int(answer["Retry-After"]) <= 10
    assert "You began a conversation a moment ago." in answer.text
    assert "What you wrote is kept." in answer.text


def test_of_the_ignored_one_sees_no_words_unasked(web, cast):
    first = talk(cast, cast.hill, cast.mod, words="canary of somebody ignored")
    set_tie(cast.hill.pk, cast.quay.pk, "ignore")
    page = as_(web, cast, "hill").get(f"/conversations/{first.conversation_id}").text
    assert "You ignore this member. Show the words" in page
    assert page.index("<details") < page.index("canary")


def test_a_member_is_written_to_from_their_page(web, cast, limits):
    settled(cast.quay)
    page = f"/members/{cast.hill.pk}.hill"
    link = 'href="/conversations/new?to=Hill"'
    assert link not in web.get(page).text
    assert link in as_(web, cast, "quay").get(page).text
    open_door(cast.hill.pk, "nobody")
    assert link not in web.get(page).text
    assert link in as_(web, cast, "mod").get(page).text
    assert link not in as_(web, cast, "hill").get(page).text
    assert link not in as_(web, cast, "newcomer").get(page).text


def test_whether_one_may_write_costs_the_page_two_queries(web, cast, limits):
    settled(cast.quay)
    address = f"/members/{cast.hill.pk}.hill"
    as_(web, cast, "quay").get(address)
    with CaptureQueriesContext(connection) as queries:
        assert web.get(address).status_code == 200
    assert len(queries) == GUEST["member"] + MEMBER_MORE + MAY_WRITE, [q["sql"] for q in queries]


def test_inviting(web, cast):
    first = talk(cast, cast.hill)
    address = f"/conversations/{first.conversation_id}"
    as_(web, cast, "hill")
    assert "can read everything" in web.get(f"{address}/invite").text
    for to, said in (("", "Say to whom"), ("Nobody Here", "no member of this name")):
        answer = web.post(f"{address}/invite", {"to": to})
        assert answer.status_code == 422
        assert said in answer.text
        assert f'value="{to}"' in answer.text
    assert web.post(f"{address}/invite", {"to": "Mod Ferris"}).status_code == 303
    assert as_(web, cast, "mod").get(address).status_code == 200


def test_changing_and_withdrawing(web, cast):
    first = talk(cast, cast.hill, words="The gate is opne.")
    as_(web, cast, "quay")
    address = f"/messages/{first.pk}"
    assert "The gate is opne." in web.get(f"{address}/edit").text
    assert web.post(f"{address}/edit", {"source": ""}).status_code == 422
    assert web.post(f"{address}/edit", {"source": "The gate is open."}).status_code == 303
    as_(web, cast, "hill").get(f"/conversations/{first.conversation_id}")
    as_(web, cast, "quay")
    answer = web.post(f"{address}/edit", {"source": "The gate is shut."})
    assert answer.status_code == 403
    assert "Somebody has read this message" in answer.text and "is shut." in answer.text
    assert web.get(f"{address}/edit").status_code == 403
    assert "cannot be undone" in web.get(f"{address}/withdraw").text
    assert web.post(f"{address}/withdraw").status_code == 303
    page = as_(web, cast, "hill").get(f"/conversations/{first.conversation_id}").text
    assert "Withdrawn by its author." in page and "is open" not in page


def test_reporting_and_dealing_with_it(web, cast):
    first = talk(cast, cast.hill, words="canary of an insult", title="canary title")
    as_(web, cast, "hill")
    address = f"/messages/{first.pk}/report"
    assert "two before it" in web.get(address).text
    form = {"line": "Insults me <b>", "rule": "R2"}
    answer = web.post(address, {**form, "line": "x" * 501})
    assert answer.status_code == 422
    assert "x" * 501 in answer.text
    assert web.post(address, form)["Location"] == address
    assert "You have reported this message." in web.get(address).text
    assert "/staff/cases" not in web.get("/").text
    assert web.get("/staff/cases").status_code == 403
    as_(web, cast, "mod")
    case = f"/staff/cases/{Case.objects.get().pk}"
    assert case in web.get("/staff/cases").text
    page = web.get(case).text
    assert "Insults me &lt;b&gt;" in page and "canary of an insult" in page
    assert "canary title" not in page
    assert 'href="/staff/cases"' in web.get("/").text
    assert web.post(case, {"do": "settle", "version": "1"}).status_code == 303
    page = web.get(case).text
    assert "Insults me" in page and "canary" not in page
    assert Report.objects.get().closed_by_id == cast.mod.pk
    page = as_(web, cast, "quay").get(f"/conversations/{first.conversation_id}").text
    assert "Insults me" not in page and "reported" not in page.lower()


def test_a_quote_shows_what_its_reader_may_read(web, cast):
    """What a message refers to is asked for each reader."""
    secret = cast.secret.posts.get().pk
    words = f"Look at http://localhost:8000/threads/{cast.secret.pk} and /posts/{secret}"
    first = talk(cast, cast.hill, cast.mod)
    send_message(cast.view(cast.mod), first.conversation_id, words)
    address = f"/conversations/{first.conversation_id}"
    assert "canary-title" in as_(web, cast, "mod").get(address).text
    assert "canary-title" not in as_(web, cast, "hill").get(address).text


def test_what_nobody_looks_at_is_not_read(web, cast):
    first = talk(cast, cast.hill)
    address = f"/conversations/{first.conversation_id}"
    as_(web, cast, "hill").get(address, headers={"Sec-Purpose": "prefetch"})
    web.get(address, headers={"Sec-Fetch-Dest": "image"})
    web.head(address)
    assert Member.objects.get(pk=cast.hill.pk).unread_conversations == 1


def test_reading_goes_on_where_one_was(web, cast):
    first = talk(cast, cast.hill, cast.mod)
    address = f"/conversations/{first.conversation_id}"
    for number in range(2, 31):
        send_message(cast.view(cast.mod), first.conversation_id, f"Said {number}.")
    as_(web, cast, "hill")
    assert "Said 20." in web.get(address).text
    assert Member.objects.get(pk=cast.hill.pk).unread_conversations == 1
    page = web.get(address).text
    assert "Said 21." in page and "Said 20." not in page and "new-from" in page
    assert Member.objects.get(pk=cast.hill.pk).unread_conversations == 0
    assert web.get(f"{address}/page-3").status_code == 404


def test_a_letter_gives_neither_words_nor_title(web, cast, mailoutbox):
    """PRV-011: what is private is not in the mail."""
    from rostra.web.notifications.letters import write_letter

    Member.objects.filter(pk=cast.hill.pk).update(
        email="hill@example.org", email_key="hill@example.org"
    )
    talk(cast, cast.hill, words="canary words", title="canary title")
    work()
    Notification.objects.filter(mail_at__isnull=False).update(mail_at=clock.now())
    write_letter(cast.hill.pk)
    (letter,) = [one for one in mailoutbox if "private" in one.subject]
    whole = letter.message().as_string()
    assert "canary" not in whole
    assert letter.subject == "Quay wrote you a private message · Rostra"
    told = Notification.objects.get(member=cast.hill, kind="message")
    answer = as_(web, cast, "hill").get(f"/notifications/{told.pk}")
    assert answer["Location"] == f"/messages/{told.message_id}"


def test_who_may_write_to_me(web, cast):
    as_(web, cast, "hill")
    page = web.get("/account/conversations").text
    assert 'value="everybody" checked' in page
    assert web.post("/account/conversations", {"opens_to": "friends"}).status_code == 422
    assert web.post("/account/conversations", {"opens_to": "followed"}).status_code == 303
    assert 'value="followed" checked' in web.get("/account/conversations").text


def test_drafts_of_conversations_go_on_where_they_were(web, cast):
    first = talk(cast, cast.hill)
    as_(web, cast, "quay")
    for place, more in ((f"c{first.conversation_id}", {}), ("n1", {"to": "Hill"})):
        told = {"place": place, "title": "", "source": "Half a thought", **more}
        assert web.post("/write/draft", told).status_code == 204
    assert "Half a thought" in web.get(f"/conversations/{first.conversation_id}/reply").text
    page = web.get("/conversations/new").text
    assert "Half a thought" in page and 'value="Hill"' in page
    page = web.get("/account/activity").text
    assert f"/conversations/{first.conversation_id}/reply" in page and "/conversations/new" in page


def test_searching_ones_own(web, cast):
    first = talk(cast, cast.hill, words="The *sluice* is shut.", title="Locks")
    work()
    as_(web, cast, "hill").get(f"/conversations/{first.conversation_id}")
    page = web.get("/conversations?q=sluices").text
    assert "<mark>sluice</mark>" in page and "Locks" in page
    assert "holds these words" in as_(web, cast, "mod").get("/conversations?q=sluices").text
    assert "sluice" not in web.get("/search?q=sluices").text.replace("sluices", "")


def test_a_withdrawn_message_is_not_found_by_number(web, cast):
    first = talk(cast, cast.hill, words="canary")
    withdraw_message(cast.view(cast.quay), first.pk)
    page = as_(web, cast, "hill").get(f"/messages/{first.pk}", follow=True).text
    assert "canary" not in page


@pytest.mark.parametrize("screen", CONVERSATIONS)
@pytest.mark.parametrize("many", [False, True])
def test_each_screen_has_its_price(web, cast, screen, many, monkeypatch):
    """The same for one conversation of one message and for thirty of thirty."""
    first = talk(cast, cast.mod, cast.hill, words="Words of the barrier.")
    for number in range(25 if many else 0):
        send_message(cast.view(cast.mod), first.conversation_id, f"Barrier {number}.")
    for _ in range(15 if many else 0):
        talk(cast, cast.hill, cast.mod, words="")
    work()
    address = {
        "list": "/conversations",
        "found": "/conversations?q=barrier",
        "page": f"/conversations/{first.conversation_id}",
        "new": "/conversations/new",
        "reply": f"/conversations/{first.conversation_id}/reply",
        "invite": f"/conversations/{first.conversation_id}/invite",
        "report": f"/messages/{first.pk}/report",
    }[screen]
    as_(web, cast, "hill")
    monkeypatch.setattr(settings, "ROSTRA", LIMITS_ON)
    if screen in ("page", "found"):
        for _ in range(3):  # all of it is read by then
            web.get(f"/conversations/{first.conversation_id}")
    web.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert web.get(address).status_code == 200
    assert len(queries) == CONVERSATIONS[screen], [q["sql"][:120] for q in queries]
