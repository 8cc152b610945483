"""The export holds something of every table that leads to a member, or it is said why not."""

from __future__ import annotations

import pytest

from rostra.forum.erasure.places import PLACES
from rostra.forum.members.models import Member
from rostra.reading.own_data import own_data
from tests.forum.erasure.test_everywhere import fill
from tests.house.test_house import SOURCE
from tests.web.visits import as_

pytestmark = pytest.mark.django_db

SECRET = "a secret, or what is behind one"
STAFF = "an act of staff, or of what staff know: not theirs to take along"
OTHERS = "another's choice or words about them"
DERIVED = "computed from what is exported"
SAID_THERE = {  # the reason → words of the archive's first page that say it
    SECRET: "Your password, second steps, passkeys",
    STAFF: "What you did as one of the staff, and what the staff write down of members",
    OTHERS: "What others said or chose about you",
    DERIVED: "What is computed of what is in here",
}
WHERE = {  # (table, column) → the kind in the export, or "-" and why there is none
    "account.EmailAddress.user": "account", "mfa.Authenticator.user": f"-{SECRET}",
    "members.Membership.member": "group", "members.Session.member": "session",
    "members.MailToken.member": f"-{SECRET}", "members.FormerName.member": "former_name",
    "members.Invitation.inviter": "invitation", "members.Invitation.used_by": f"-{OTHERS}",
    "members.Identity.member": "identity", "members.Tie.member": "follow",
    "members.Tie.other": f"-{OTHERS}", "threads.TagMute.member": "muted_tag",
    "threads.Submission.member": f"-{DERIVED}", "threads.Draft.member": "draft",
    "threads.BoardMark.member": "watched", "bookmarks.Bookmark.member": "bookmark",
    "threads.ThreadMark.member": "watched", "notifications.Notification.member": f"-{DERIVED}",
    "notifications.Wishes.member": "told_how", "conversations.Door.member": "who_may_write",
    "conversations.Message.author": "message", "conversations.Conversation.starter": "message",
    "conversations.Seat.member": "message_of_another", "conversations.Seat.invited_by": f"-{DERIVED}",
    "conversations.Report.member": "report", "conversations.Report.closed_by": f"-{STAFF}",
    "cases.Report.reporter": "report", "cases.Step.member": f"-{STAFF}",
    "cases.Hiding.member": f"-{DERIVED}", "cases.Case.subject": f"-{STAFF}",
    "cases.Case.claimed_by": f"-{STAFF}", "cases.Case.decided_by": f"-{STAFF}",
    "appeals.Appeal.member": "appeal", "appeals.Appeal.decided_by": f"-{STAFF}",
    "seconds.Second.actor": f"-{STAFF}", "seconds.Second.confirmed_by": f"-{STAFF}",
    "seconds.Second.subject": f"-{STAFF}",
    "sanctions.Warned.member": "sanction", "sanctions.Limited.member": "sanction",
    "sanctions.StaffNote.member": f"-{STAFF}", "sanctions.StaffNote.author": f"-{STAFF}",
    "sanctions.StaffNote.withdrawn_by": f"-{STAFF}", "sanctions.Look.member": "look",
    "sanctions.Look.by": f"-{STAFF}", "cleaning.Cleaning.member": f"-{STAFF}",
    "takeout.Takeout.member": f"-{DERIVED}",
    "cleaning.Cleaning.by": f"-{STAFF}", "words.WatchedWord.added_by": f"-{STAFF}",
    "notices.Notice.written_by": f"-{STAFF}",
    "holds.Hold.author": "held", "holds.Hold.decided_by": f"-{STAFF}",
    "holds.Trace.member": f"-{DERIVED}", "threads.Post.author": "post",
    "threads.Revision.editor": "earlier_words", "threads.Thread.starter": "post",
    "threads.Thread.last_poster": f"-{DERIVED}", "threads.MemberStats.member": f"-{DERIVED}",
    "reactions.Reaction.member": "reaction", "reactions.Reputation.member": f"-{DERIVED}",
    "polls.Vote.member": "vote", "claims.Claim.maker": "claim",
    "claims.Claim.step_by": f"-{OTHERS}",
    "claims.Claim.proposed_by": f"-{OTHERS}", "claims.Claim.described_by": f"-{OTHERS}",
    "claims.Attribution.added_by": "claim_entry",
    "claims.Attribution.confirmed_by": f"-{OTHERS}", "claims.Dispute.member": "claim_dispute", "claims.Watch.member": "watched",
    "claims.ClaimEvent.member": f"-{DERIVED}", "notes.Note.author": "note",
    "notes.Rater.member": "rating", "documents.PublisherEdit.editor": f"-{OTHERS}",
    "documents.Document.described_by": "description",
    "notifications.Notification.actor": f"-{OTHERS}", "media.Upload.owner": "upload",
    "media.Usage.owner": f"-{DERIVED}", "modlog.Statement.member_id": "statement",
    "modlog.ActorLabel.member_id": f"-{STAFF}", "erasure.Erasure.member": "erasure",
}  # fmt: skip
NOT_OF_THE_ACCOUNT = {  # columns of the member's own row → why they are not in it
    SECRET: {"password"},
    DERIVED: {
        "name_key", "email_key", "about_html", "signature_html", "avatar", "bell", "limits",
        "unread_conversations", "read_before", "is_active", "is_claimed", "suspended_until",
        "sanctioned_at", "last_login", "dismissed",
    },
}  # fmt: skip
# Of the tables above, what a made-up row cannot show: `test_own_data` and the rooms' tests do.
SHOWN_ELSEWHERE = {"rating", "account"}


def test_every_column_is_exported_or_it_is_said_why_not():
    """PRV-001: a new table that leads to members says where it is in the export."""
    assert set(WHERE) == {f"{place.model}.{place.column}" for place in PLACES}


def test_what_is_said_to_be_there_is_there(web, cast):
    fill(cast)
    as_(web, cast, "hill")
    kinds = {thing["kind"] for thing in own_data(cast.view(cast.hill))}
    expected = {kind for kind in WHERE.values() if not kind.startswith("-")} - SHOWN_ELSEWHERE
    assert expected - kinds - {"erasure"} == set()


def test_every_reason_for_leaving_out_stands_in_the_archive():
    """What is not in it is said there, on its first page."""
    page = SOURCE.joinpath("web/takeout/jinja2/takeout/index.html").read_text()
    reasons = {kind[1:] for kind in WHERE.values() if kind.startswith("-")}
    assert reasons == set(SAID_THERE)
    assert all(words in page for words in SAID_THERE.values())


def test_every_column_of_the_account_is_there_or_it_is_said_why_not(cast):
    columns = {field.attname for field in Member._meta.concrete_fields}
    account = next(own_data(cast.view(cast.hill)))
    assert account["kind"] == "account"
    assert set(account) - {"kind"} == columns - set().union(*NOT_OF_THE_ACCOUNT.values())
