"""Letters that come back: what is read of them, and what is not done because of them."""

from __future__ import annotations

import pytest

from rostra.effects.notifications import actions
from rostra.kernel.models import Job
from rostra.web.notifications.bounces import read_bounce
from rostra.web.notifications.subscriptions import link


def report(token: str, status: str) -> bytes:
    """A report of delivery as servers of mail write it (RFC 3464)."""
    return f"""From: MAILER-DAEMON@mx.example
To: forum@example.org
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I could not deliver.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; hill@example.org
Action: failed
Status: {status}

--b
Content-Type: message/rfc822

From: forum@example.org
To: hill@example.org
Subject: Something
List-Unsubscribe: <{token}>

Words.
--b--
""".replace("\n", "\r\n").encode()


@pytest.mark.parametrize(
    ("status", "points"), [("5.1.1", 2), ("4.2.2", 1), ("2.0.0", None), ("", None)]
)
def test_a_report_of_delivery_says_whose_letter_came_back(cast, status, points):
    found = read_bounce(report(link(cast.hill.pk, "all"), status))
    assert (found and found.points) == points
    assert found is None or found.member_id == cast.hill.pk


@pytest.mark.parametrize("raw", [b"", b"\xff\x00", b"Subject: Hello\n\nWords", b"x" * 3_000_000])
def test_what_is_no_report_says_nothing(cast, raw):
    assert read_bounce(raw) is None


def test_a_report_without_a_letter_of_ours_stops_nobodys_mail(cast):
    forged = link(cast.hill.pk, "all")[:-3] + "AAA"
    assert read_bounce(report(forged, "5.1.1")) is None


def test_sec_043_an_address_in_a_letter_is_asked_by_nobody(cast, monkeypatch):
    """SEC-043: whatever a letter asks for, reading it opens no connection and leaves no work."""
    wishes = b"X-Fetch: https://evil.example/a\r\nContent-Location: https://evil.example/b\r\n"
    elsewhere = b'--b\r\nContent-Type: message/external-body; access-type="URL"; '
    elsewhere += b'URL="https://evil.example/c"\r\n\r\nContent-Type: text/html\r\n\r\n--b--'
    raw = wishes + report(link(cast.hill.pk, "all"), "5.1.1").replace(b"--b--", elsewhere)
    before = Job.objects.count()

    def connect(*words):
        raise AssertionError(words)

    monkeypatch.setattr("socket.socket.connect", connect)
    monkeypatch.setattr("socket.getaddrinfo", connect)
    assert read_bounce(raw).member_id == cast.hill.pk
    actions.note_bounce(cast.hill.pk, 2)
    assert Job.objects.count() == before
