"""Which tables are in the archive, in which order, with which columns."""

from __future__ import annotations

from types import MappingProxyType

from allauth.mfa.models import Authenticator

from rostra.content.media.models import Upload
from rostra.effects.notifications.models import Wishes
from rostra.forum.access.models import Grant, OwnAccess
from rostra.forum.bookmarks.models import Bookmark
from rostra.forum.cases.models import Case, Report, Step
from rostra.forum.conversations.models import Conversation, Door, Message, Seat
from rostra.forum.conversations.models import Report as MessageReport
from rostra.forum.documents.models import (
    Address,
    Document,
    Link,
    Publisher,
    PublisherEdit,
    Snapshot,
)
from rostra.forum.members.models import Application, FormerName, Group, Identity, Membership, Tie
from rostra.forum.modlog.models import (
    ActorLabel,
    LogEntry,
    LogHead,
    LogText,
    RuleVersion,
    Statement,
)
from rostra.forum.polls.models import Option, Poll, Vote
from rostra.forum.statistics.models import Day
from rostra.forum.threads.models import (
    Attachment,
    BoardMark,
    Merge,
    Move,
    Revision,
    TagMute,
    ThreadMark,
)
from rostra.transfer.archive.claims import CLAIMS
from rostra.transfer.archive.decided import DECIDED, SMILIES
from rostra.transfer.archive.notes import NOTES
from rostra.transfer.archive.sanctions import SANCTIONS
from rostra.transfer.archive.tables import Part
from rostra.transfer.archive.waiting import WAITING
from rostra.transfer.models import Mapped, OldAddress, Origin

# In the order in which they must be restored: what a row points at comes before it.
BEFORE_MEMBERS = (SMILIES,)
BEFORE_POSTS = (
    *DECIDED,
    Part(
        "days",
        Day,
        ("day", "members", "threads", "posts", "active_day", "active_week", "active_month"),
    ),
    Part(
        "groups",
        Group,
        ("id", "name", "kind", "capabilities", "needs_second_factor"),
        MappingProxyType({"needs_second_factor": False}),
    ),
    Part("identities", Identity, ("id", "member_id", "issuer", "subject", "added_at")),
    Part("former_names", FormerName, ("id", "member_id", "name", "name_key", "given_up_at")),
    Part(
        "second_factors",
        Authenticator,
        ("id", "user_id", "type", "data", "created_at", "last_used_at"),
    ),
    Part(
        "applications",
        Application,
        (
            "id",
            "kind",
            "name",
            "name_key",
            "email",
            "email_key",
            "password",
            "language",
            "created_at",
            "until",
        ),
    ),
    Part("memberships", Membership, ("id", "group_id", "member_id")),
    Part("ties", Tie, ("id", "member_id", "other_id", "kind", "at")),
    Part(
        "ways_to_be_told",
        Wishes,
        (
            "member_id",
            "channels",
            "watches_own",
            "has_digest",
            "digest_at",
            "digests_unanswered",
            "bounces",
            "bounced_at",
        ),
    ),
    Part("board_marks", BoardMark, ("id", "member_id", "board_id", "level", "read_before")),
    Part("muted_tags", TagMute, ("id", "member_id", "tag")),
    Part("own_access", OwnAccess, ("board_id",)),
    Part("grants", Grant, ("id", "board_id", "group_id", "verb")),
    Part(
        "uploads",
        Upload,
        (
            "id",
            "key",
            "owner_id",
            "kind",
            "form",
            "name",
            "size",
            "width",
            "height",
            "is_animated",
            "created_at",
            "unused_since",
        ),
    ),
    Part("origins", Origin, ("id", "name", "dialect")),
    Part("old_ids", Mapped, ("id", "origin_id", "kind", "old_id", "new_id")),
    Part("old_addresses", OldAddress, ("id", "address", "kind", "new_id")),
)
AFTER_POSTS = (
    Part(
        "thread_marks",
        ThreadMark,
        ("id", "member_id", "thread_id", "number", "level", "is_chosen", "read_at", "bookmarks"),
    ),
    Part("moves", Move, ("tombstone_id", "post_id")),
    Part("merges", Merge, ("thread_id", "into_id", "divider_id", "count", "answer_id")),
    Part("attachments", Attachment, ("id", "post_id", "upload_id")),
    Part("bookmarks", Bookmark, ("id", "member_id", "post_id", "note", "remind_at", "at")),
    Part(
        "revisions",
        Revision,
        (
            "id",
            "post_id",
            "number",
            "source",
            "title",
            "dialect",
            "replaced_at",
            "editor_id",
            "reason",
        ),
        MappingProxyType({"title": ""}),
    ),
    Part("conversations", Conversation, ("id", "title", "starter_id", "created_at", "last_number")),
    Part(
        "conversation_seats",
        Seat,
        (
            "id",
            "conversation_id",
            "member_id",
            "invited_by_id",
            "joined_at",
            "left_at",
            "read_number",
            "is_unread",
            "bumped_at",
        ),
    ),
    Part(
        "messages",
        Message,
        ("id", "conversation_id", "number", "author_id", "source", "created_at", "withdrawn_at"),
    ),
    Part(
        "message_reports",
        MessageReport,
        ("id", "message_id", "member_id", "line", "at", "closed_at", "closed_by_id"),
    ),
    Part("who_may_write", Door, ("member_id", "opens_to")),
    Part(
        "log",
        LogEntry,
        (
            "n",
            "at",
            "kind",
            "board_id",
            "thread_id",
            "post_id",
            "by",
            "rule",
            "reverts",
            "public",
            "hash",
        ),
        MappingProxyType(
            {
                "by": lambda row: row["public"].get("by"),
                "rule": lambda row: (row["public"].get("rule") or {}).get("code", ""),
                "reverts": lambda row: row["public"].get("reverts"),
            }
        ),
    ),
    Part(
        "polls",
        Poll,
        (
            "thread_id",
            "question",
            "most",
            "closes_at",
            "is_public",
            "may_change",
            "shows_results",
            "without_names",
        ),
        MappingProxyType({"without_names": 0}),
    ),
    Part(
        "publishers",
        Publisher,
        ("id", "domain", "name", "kind", "owner_id", "facts"),
        MappingProxyType({"kind": "unknown", "owner_id": None, "facts": ""}),
    ),
    Part(
        "publisher_edits",
        PublisherEdit,
        ("id", "publisher_id", "at", "editor_id", "before", "after"),
    ),
    Part(
        "documents",
        Document,
        (
            "id",
            "publisher_id",
            "url",
            "title",
            "authors",
            "published_at",
            "is_exact",
            "modified_at",
            "language",
            "kind",
            "summary",
            "state",
            "described_by_id",
            "added_at",
            "read_at",
            "checked_at",
            "changed_at",
            "gone_at",
            "check_at",
            "checks",
            "failures",
            "failing_since",
        ),
    ),
    Part("document_addresses", Address, ("id", "key", "document_id")),
    Part("document_copies", Snapshot, ("id", "document_id", "taken_at", "text", "sha256")),
    Part("document_links", Link, ("id", "post_id", "place", "document_id", "url")),
    *CLAIMS,
    *NOTES,
    Part(
        "poll_options",
        Option,
        ("id", "poll_id", "place", "text", "without_names"),
        MappingProxyType({"without_names": 0}),
    ),
    Part("poll_votes", Vote, ("id", "poll_id", "option_id", "member_id", "at")),
    Part(
        "cases",
        Case,
        (
            "id",
            "kind",
            "target_id",
            "thread_id",
            "subject_id",
            "state",
            "version",
            "opened_at",
            "claimed_by_id",
            "claimed_at",
            "decided_by_id",
            "decided_at",
            "decision",
            "rule",
            "log_n",
            "duplicate_of_id",
            "title",
            "source",
            "digest",
        ),
    ),
    Part(
        "reports",
        Report,
        ("id", "case_id", "reporter_id", "rule", "line", "at", "weight", "outcome", "key"),
    ),
    Part("case_steps", Step, ("id", "case_id", "kind", "member_id", "text", "at")),
    *WAITING,
    *SANCTIONS,
    Part(
        "rules",
        RuleVersion,
        ("id", "code", "version", "title", "text", "is_in_force", "effective_at"),
    ),
    Part("statements", Statement, ("entry_id", "member_id", "at", "appeal_until")),
    Part("log_texts", LogText, ("id", "entry_id", "field", "salt", "value")),
    Part("log_head", LogHead, ("id", "n", "hash")),
    Part("log_labels", ActorLabel, ("id", "member_id", "number")),
)
PARTS = (*BEFORE_MEMBERS, *BEFORE_POSTS, *AFTER_POSTS)
