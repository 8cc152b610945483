"""What one was told, on its page and by mail; how to be told; letters that stop and come back."""

from __future__ import annotations

import re
import smtplib
from datetime import timedelta
from email import policy
from email.parser import BytesParser

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from rostra.effects.notifications import actions, queries
from rostra.effects.notifications.models import Notification, Wishes
from rostra.forum.members.models import Member, Session
from rostra.forum.threads.actions.marks import watch_thread
from rostra.forum.threads.actions.posts import post_reply, remove_post
from rostra.forum.threads.actions.threads import move_thread
from rostra.forum.threads.models import Thread
from rostra.kernel import jobs, mailing
from rostra.project import schedule  # noqa: F401  (the jobs register themselves)
from rostra.web.notifications import letters
from rostra.web.notifications.subscriptions import link
from tests.web.visits import as_, thread_address

REASON = "Insults a group of people."
SOON = timedelta(minutes=11)


def work():
    while jobs.run_due():
        pass
    assert jobs.dead_of("rostra") == 0


def later(**delta):
    return time_machine.travel(timezone.now() + timedelta(**delta), tick=True)


@pytest.fixture
def heard(cast):
    """The cast with addresses, and Hill who watches what Quay writes."""
    work()
    Notification.objects.all().delete()
    for member in (cast.quay, cast.hill):
        member.email = f"{member.name.lower()}@example.org"
        member.email_key = member.email
        member.save()
    mail.outbox.clear()
    return cast


def speak(cast, words="@Hill, look!"):
    post = post_reply(cast.view(cast.quay), cast.barrier.pk, words)
    work()
    return post


def sent():
    letters.write_letters()
    work()
    return mail.outbox


def test_the_page_tells_what_happened_and_leads_there(web, heard):
    speak(heard)
    as_(web, heard, "hill")
    page = web.get("/notifications").text
    assert "<strong><bdi>Quay</bdi></strong> mentioned you in <bdi>Flood barrier</bdi>" in page
    assert 'data-bell="1">1</span>' in page
    told = Notification.objects.get(member=heard.hill)
    there = web.get(f"/notifications/{told.pk}")
    assert there.headers["Location"] == f"/posts/{told.post_id}"
    page = web.get("/notifications").text
    assert "told unread" not in page
    assert 'data-bell="0" hidden' in page


def test_fetching_ahead_reads_nothing(web, heard):
    speak(heard)
    told = Notification.objects.get(member=heard.hill)
    as_(web, heard, "hill").get(f"/notifications/{told.pk}", headers={"Sec-Purpose": "prefetch"})
    web.head(f"/notifications/{told.pk}")
    assert Member.objects.get(pk=heard.hill.pk).bell == 1


def test_the_page_of_the_thread_reads_it_too(web, heard):
    speak(heard)
    as_(web, heard, "hill").get(thread_address(heard))
    assert Member.objects.get(pk=heard.hill.pk).bell == 0


def test_another_reads_and_opens_nothing_of_mine(web, heard):
    """SEC-067: B replays A's addresses with A's ids."""
    speak(heard)
    told = Notification.objects.get(member=heard.hill)
    as_(web, heard, "newcomer")
    assert web.get(f"/notifications/{told.pk}").status_code == 404
    assert web.post("/notifications/read", {"newest": told.pk}).status_code == 303
    assert Member.objects.get(pk=heard.hill.pk).bell == 1


def test_all_read_leaves_what_came_after(web, heard):
    speak(heard)
    newest = Notification.objects.get(member=heard.hill).pk
    heard.barrier.refresh_from_db()
    other = Thread.objects.get(pk=heard.barrier.pk)
    speak(heard, "@Hill, and this!")
    as_(web, heard, "hill").post("/notifications/read", {"newest": newest})
    assert Member.objects.get(pk=heard.hill.pk).bell == 1
    assert other.pk == heard.barrier.pk
    assert web.post("/notifications/read", {"newest": "all"}).status_code == 422


def test_a_guest_has_none(web, heard):
    for address in ("/notifications", "/account/notifications"):
        assert web.get(address).status_code == 403
    assert "bell" not in web.get("/").text


def test_choosing_the_ways(web, heard):
    as_(web, heard, "hill")
    page = web.get("/account/notifications").text
    assert (
        'name="mention-mail" value="1" aria-label="Somebody mentions me: By mail" checked' in page
    )
    assert (
        web.post("/account/notifications", {"quote-site": "1", "has_digest": "1"}).status_code
        == 303
    )
    wish = queries.wishes_of(heard.hill.pk)
    assert wish.channels["mention"] == [] and wish.channels["quote"] == ["site"]
    assert wish.has_digest and not wish.watches_own
    assert web.post("/account/notifications", {"mention-owl": "1"}).status_code == 422


def test_a_letter_goes_after_ten_minutes_in_two_parts(heard):
    speak(heard, "@Hill, was it *really* closed? [spoiler]No.[/spoiler]")
    assert sent() == []
    with later(minutes=11):
        (letter,) = sent()
        assert len(sent()) == 1  # and no second one
    assert letter.to == ["hill@example.org"]
    assert letter.subject.startswith("Quay mentioned you in “Flood barrier”")
    html = letter.alternatives[0][0]
    for part in (letter.body, html):
        assert "was it really closed?" in part and "No." not in part
        assert "http://localhost:8000/notifications/" in part
        assert "/unsubscribe/" in part
    assert '<html lang="en" dir="ltr">' in html
    raw = letter.message(policy=policy.SMTP).as_bytes()
    lines = raw.split(b"\r\n")
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines
    (stop,) = (line for line in lines if line.startswith(b"List-Unsubscribe: "))
    assert re.fullmatch(rb"List-Unsubscribe: <http://localhost:8000/unsubscribe/[^<>=?]+>", stop)
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_letter_speaks_its_readers_language(heard):
    Member.objects.filter(pk=heard.hill.pk).update(language="ar")
    speak(heard)
    with later(minutes=11):
        (letter,) = sent()
    html = letter.alternatives[0][0]
    assert '<html lang="ar" dir="rtl">' in html
    assert "mentioned you" not in letter.body + letter.subject


def test_what_was_read_meanwhile_is_in_no_letter(web, heard):
    speak(heard)
    as_(web, heard, "hill").get(thread_address(heard))
    with later(minutes=11):
        assert sent() == []


def test_a_letter_waits_while_its_reader_is_about(web, heard):
    speak(heard)
    as_(web, heard, "hill").get("/")
    with later(minutes=11):
        Session.objects.filter(member=heard.hill).update(seen_at=timezone.now())
        assert sent() == []
    with later(minutes=40):
        (letter,) = sent()
    assert letter.to == ["hill@example.org"]


@pytest.mark.parametrize("what", ["removed", "moved", "left", "ignored", "inactive", "no address"])
def test_who_may_read_is_asked_when_the_letter_is_written(heard, what):
    """SEC-048: between the telling and the sending the post goes out of sight."""
    post = speak(heard, "@Hill, secret-to-be words.")
    hill = Member.objects.filter(pk=heard.hill.pk)
    if what == "removed":
        remove_post(heard.view(heard.mod), post.pk, REASON)
    elif what == "moved":  # and nobody has taken note of it yet
        Thread.objects.filter(pk=heard.barrier.pk).update(board=heard.staff_room)
    elif what == "left":
        move_thread(heard.view(heard.mod), heard.barrier.pk, heard.staff_room.pk, reason=REASON)
    elif what == "ignored":
        from rostra.forum.members.ties import set_tie

        set_tie(heard.hill.pk, heard.quay.pk, "ignore")
    elif what == "inactive":
        hill.update(is_active=False)
    else:
        hill.update(email="", email_key="")
    with later(minutes=11):
        assert sent() == []
        waiting = Notification.objects.filter(mail_at__isnull=False)
        assert not waiting.exclude(kind="notice").exists()  # its author is told of the act


HOSTILE = "<script>alert(1)</script>\r\nBcc: all@example.org\u2028&amp; \u202e"


def test_a_hostile_title_and_words_are_text_in_a_letter(heard):
    """SEC-012, 021, 111: what was quoted or named stays text, and out of the headers."""
    Thread.objects.filter(pk=heard.barrier.pk).update(title=HOSTILE)
    speak(heard, "@Hill <img src=x onerror=alert(1)> https://evil.example/page")
    with later(minutes=11):
        (letter,) = sent()
    raw = letter.message(policy=policy.SMTP).as_bytes()
    parsed = BytesParser(policy=policy.default).parsebytes(raw)
    assert parsed["Bcc"] is None and parsed["To"] == "hill@example.org"
    assert "\n" not in parsed["Subject"]
    html = letter.alternatives[0][0]
    assert "<script" not in html and "<img" not in html
    assert "&lt;script&gt;" in html


def test_many_things_are_one_letter(heard):
    for number in range(3):
        speak(heard, f"@Hill, number {number}.")
    watch_thread(heard.view(heard.hill), heard.barrier.pk, "watch")
    with later(minutes=11):
        (letter,) = sent()
    assert letter.body.count("/notifications/") == 1


def test_a_server_of_mail_that_is_away_loses_no_letter(heard, monkeypatch):
    speak(heard)
    real = mailing.send

    def away(*args, **more):
        raise ConnectionRefusedError

    with later(minutes=11):
        monkeypatch.setattr(mailing, "send", away)
        assert sent() == []
    with later(minutes=13):
        monkeypatch.setattr(mailing, "send", real)
        letters.write_letters()
        work()
    assert len(mail.outbox) == 1


def test_an_address_nobody_has_counts_as_come_back(heard, monkeypatch):
    def refused(*args, **more):
        raise smtplib.SMTPRecipientsRefused({"hill@example.org": (550, b"No such user")})

    monkeypatch.setattr(mailing, "send", refused)
    for minutes in (11, 31):
        speak(heard)
        with later(minutes=minutes):
            sent()
    assert Wishes.objects.get(member=heard.hill).bounces == 4
    assert queries.wishes_of(heard.hill.pk).has_bounced
    speak(heard)
    assert not Notification.objects.filter(member=heard.hill, mail_at__isnull=False).exists()


def test_letters_that_came_back_are_said_and_tried_again(web, heard):
    actions.note_bounce(heard.hill.pk, 4)
    as_(web, heard, "hill")
    assert "came back" in web.get("/account/notifications").text
    assert web.post("/account/notifications/mail").status_code == 303
    assert not queries.wishes_of(heard.hill.pk).has_bounced


def test_one_click_stops_letters_without_signing_in(heard):
    """RFC 8058, SEC-033: a POST by the mail program, without cookie and token; looking at the
    page, as scanners and browsers that fetch ahead do, changes nothing."""
    speak(heard)
    with later(minutes=11):
        (letter,) = sent()
    address = (
        letter.extra_headers["List-Unsubscribe"].strip("<>").removeprefix("http://localhost:8000")
    )
    browser = Client(enforce_csrf_checks=True, headers={"host": "localhost:8000"})
    assert browser.get(address).status_code == 200
    assert not Wishes.objects.exists()
    done = browser.post(address, {"List-Unsubscribe": "One-Click"})
    assert done.status_code == 200
    assert not browser.cookies
    speak(heard)
    with later(minutes=22):
        assert len(sent()) == 1
    assert Member.objects.get(pk=heard.hill.pk).bell == 1  # on the site they are told on


@pytest.mark.parametrize("token", ["guess", "1.all~x", "1.all", "0.all~x", "1.more~x"])
def test_a_token_that_is_none_of_ours_stops_nothing(web, heard, token):
    assert web.post(f"/unsubscribe/{token}").status_code == 404
    other = (
        link(heard.hill.pk, "all")
        .rpartition("/")[2]
        .replace(f"{heard.hill.pk}.", f"{heard.quay.pk}.", 1)
    )
    assert web.post(f"/unsubscribe/{other}").status_code == 404
    assert not Wishes.objects.exists()


def digest_for(cast, days):
    with later(days=days):
        letters.write_digests()
        work()


def test_the_letter_of_the_week_tells_what_is_unread_and_stops(heard):
    actions.choose_ways(heard.hill.pk, {"mention": []}, watches_own=True, has_digest=True)
    for week in range(7):
        with later(days=8 * week):
            post_reply(heard.view(heard.quay), heard.barrier.pk, "Talk of the week.")
        digest_for(heard, 8 * week)
    assert len(mail.outbox) == 4  # nobody came back
    letter = mail.outbox[0]
    assert "Flood barrier" in letter.body and "canary" not in letter.body
    assert ".digest~" in letter.extra_headers["List-Unsubscribe"]


def test_the_letter_of_the_week_stays_away_where_all_is_read_or_one_comes_by(web, heard):
    actions.choose_ways(heard.hill.pk, {}, watches_own=True, has_digest=True)
    as_(web, heard, "hill").get("/")
    digest_for(heard, 1)
    assert mail.outbox == []  # here a day ago
    with later(days=9):
        post_reply(heard.view(heard.quay), heard.barrier.pk, "Talk of the week.")
        web.get(thread_address(heard))
    digest_for(heard, 17)
    assert mail.outbox == []
