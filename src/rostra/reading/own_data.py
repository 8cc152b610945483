"""Everything a member wrote and chose, for themselves to take along."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from rostra.effects.notifications.queries import wishes_of
from rostra.forum.access.viewer import Viewer
from rostra.forum.appeals.queries import appeals_of
from rostra.forum.bookmarks.queries import all_kept
from rostra.forum.cases.queries import reports_by
from rostra.forum.claims.own import claims_watched_by, own_claims, own_disputes, own_entries
from rostra.forum.conversations.queries import (
    OwnMessage,
    Received,
    door_of,
    messages_by,
    messages_to,
)
from rostra.forum.documents.queries import described_by
from rostra.forum.erasure.queries import wish_of
from rostra.forum.holds.queries import own_holds
from rostra.forum.members.identities import identities_of
from rostra.forum.members.inviting import invitations_of
from rostra.forum.members.models import Member
from rostra.forum.members.queries import chosen_groups, former_names, groups
from rostra.forum.members.sessions import sessions_of
from rostra.forum.members.ties import ties_of
from rostra.forum.modlog.queries import LogRow, entries_about
from rostra.forum.modlog.statements import statements_of
from rostra.forum.notes.own_place import own_place
from rostra.forum.notes.queries import own_notes, rater_for
from rostra.forum.polls.queries import own_votes, polls_of
from rostra.forum.reactions.queries import all_given
from rostra.forum.sanctions.queries import (
    LimitRow,
    WarningRow,
    limits_of,
    own_looks,
    warnings_of,
)
from rostra.forum.threads import rules
from rostra.forum.threads.composing import drafts_of, earlier_by, own_words, posts_by
from rostra.forum.threads.marks import muted_tags, watched_by
from rostra.forum.uploads.queries import own_uploads

BATCH = 500
_OF_SESSIONS = ("begun_at", "seen_at", "agent", "network")
_NOT_TOLD = ("n", "member_id", "member", "kind")  # of sanctions


def own_data(viewer: Viewer) -> Iterator[dict[str, Any]]:
    """Yield it, a thing at a time: first the account, then posts, reactions, bookmarks and so on.

    Own words all of them, wherever they stand now. Titles, and what was quoted of others, only
    where the member may still read (SEC-058); others' messages where they sit still. Forty queries
    at most, and one for 500 posts, reactions, messages, claims, entries or disputes, two for 500
    uploads, statements or entries of the log.
    """
    member_id = viewer.require_member()
    yield _account(member_id)
    yield from _beside_the_account(member_id)
    yield from _posts(viewer, member_id)
    yield from _earlier(viewer, member_id)
    yield from own_holds(member_id)
    for thread_id, question, options in polls_of(member_id):
        yield {"kind": "poll", "thread": thread_id, "question": question, "options": options}
    yield from _reactions(member_id)
    for post_id, note, remind_at, at in all_kept(member_id):
        yield {"kind": "bookmark", "post": post_id, "note": note, "remind_at": remind_at, "at": at}
    yield from _uploads(member_id)
    yield from _messages(member_id)
    yield from _claims(member_id)
    yield from _notes(viewer)
    yield from _statements(member_id)
    yield from _log(member_id)
    yield from _sanctions(member_id)
    yield from _reports_and_appeals(member_id)
    for at, what in own_looks(member_id):
        yield {"kind": "look", "at": at, "what": what}
    yield {"kind": "who_may_write", "opens_to": door_of(member_id)}
    for draft in drafts_of(member_id):
        yield {"kind": "draft", **draft._asdict()}
    for tie, others in ties_of(member_id).items():
        for other_id, name, _ in others:
            yield {"kind": tie, "member": other_id, "name": name}
    for tag in muted_tags(member_id):
        yield {"kind": "muted_tag", "tag": tag}


def _account(member_id: int) -> dict[str, Any]:
    fields = (
        "id", "name", "title", "email", "joined_at", "about", "signature", "language", "time_zone",
        "per_page", "theme", "density", "hides_signatures",
    )  # fmt: skip
    return {"kind": "account", **Member.objects.values(*fields).get(id=member_id)}


def _beside_the_account(member_id: int) -> Iterator[dict[str, Any]]:
    """Yield names before, groups, sessions, who vouches for them, whom they invited, choices."""
    for name, until in former_names(member_id):
        yield {"kind": "former_name", "name": name, "until": until}
    chosen = chosen_groups([member_id]).get(member_id, frozenset())
    for group in groups() if chosen else ():
        if group.id in chosen:
            yield {"kind": "group", "name": group.name}
    for session in sessions_of(member_id, None):
        told = {key: value for key, value in session._asdict().items() if key in _OF_SESSIONS}
        yield {"kind": "session", **told}
    for identity in identities_of(member_id):
        yield {"kind": "identity", **identity._asdict()}
    for invitation in invitations_of(member_id):
        yield {"kind": "invitation", **invitation._asdict()}
    claims = (("claim", claim_id, "watch") for claim_id in claims_watched_by(member_id))
    for what, key, level in (*watched_by(member_id), *claims):
        yield {"kind": "watched", what: key, "level": level}
    for thread_id, place, at in own_votes(member_id):
        yield {"kind": "vote", "thread": thread_id, "option": place, "at": at}
    yield {"kind": "told_how", **wishes_of(member_id)._asdict()}
    if (wish := wish_of(member_id)) is not None:
        yield {"kind": "erasure", "choice": wish.choice, "at": wish.asked_at, "due": wish.due_at}


def _posts(viewer: Viewer, member_id: int) -> Iterator[dict[str, Any]]:
    for post in _by_key(partial(posts_by, member_id)):
        may_read = rules.may_read(viewer, post.thread)
        yield {
            "kind": "post",
            "id": post.id,
            "number": post.number,
            "created_at": post.created_at,
            "edited_at": post.edited_at,
            "state": post.state,
            "thread": post.thread_id,
            "title": post.thread_title if may_read else None,
            "dialect": post.dialect,
            "source": post.source if may_read else own_words(post.dialect, post.source, post.html),
        }


def _earlier(viewer: Viewer, member_id: int) -> Iterator[dict[str, Any]]:
    """Yield what their posts said before they were edited."""
    for one in _by_key(partial(earlier_by, member_id)):
        words = one.source
        if not rules.may_read(viewer, one.thread):
            # How an imported one was shown is not kept: others' words cannot be told from theirs.
            words = own_words(one.dialect, words, "") if one.dialect == "native" else ""
        yield {
            "kind": "earlier_words", "post": one.post_id, "until": one.replaced_at,
            "dialect": one.dialect, "source": words,
        }  # fmt: skip


def _reactions(member_id: int) -> Iterator[dict[str, Any]]:
    for _, post_id, kind, at in _by_key(partial(all_given, member_id)):
        yield {"kind": "reaction", "post": post_id, "reaction": kind, "at": at}


def _uploads(member_id: int) -> Iterator[dict[str, Any]]:
    """Yield what they brought; what it holds is behind its address, while they may see it."""
    for _, upload, posts in _by_key(partial(own_uploads, member_id)):
        yield {
            "kind": "upload",
            "what": upload.kind,
            "address": f"/{'avatars' if upload.kind == 'avatar' else 'files'}/{upload.key}",
            "file": f"files/{upload.key}.{upload.form}",
            "name": upload.name,
            "size": upload.size,
            "at": upload.created_at,
            "posts": posts,
        }


def _messages(member_id: int) -> Iterator[dict[str, Any]]:
    """Yield what they wrote in conversations, and others where they sit still, as it was written.

    A title only where they sit there still.
    """
    own = map(_own_message, _by_key(partial(messages_by, member_id)))
    of_others = map(_received, _by_key(partial(messages_to, member_id)))
    return heapq.merge(own, of_others, key=lambda message: message["id"])


def _own_message(message: OwnMessage) -> dict[str, Any]:
    return {
        "kind": "message",
        "id": message.id,
        "conversation": message.conversation_id,
        "number": message.number,
        "created_at": message.created_at,
        "withdrawn_at": message.withdrawn_at,
        "title": message.title if message.is_there else None,
        "source": message.source,
    }


def _received(message: Received) -> dict[str, Any]:
    return {
        "kind": "message_of_another",
        "id": message.id,
        "conversation": message.conversation_id,
        "number": message.number,
        "created_at": message.created_at,
        "author": message.author,
        "title": message.title,
        "source": message.source,
    }


def _claims(member_id: int) -> Iterator[dict[str, Any]]:
    """Yield claims, entries and disputes of theirs, and what they said documents are."""
    for claim in _by_key(partial(own_claims, member_id)):
        yield {"kind": "claim", **claim._asdict()}
    for entry in _by_key(partial(own_entries, member_id)):
        yield {"kind": "claim_entry", **entry._asdict()}
    for dispute in _by_key(partial(own_disputes, member_id)):
        yield {"kind": "claim_dispute", **dispute._asdict()}
    for _, url, title, summary, day in _by_key(partial(described_by, member_id)):
        yield {
            "kind": "description", "address": url, "title": title, "summary": summary,
            "published": day,
        }  # fmt: skip


def _notes(viewer: Viewer) -> Iterator[dict[str, Any]]:
    """Yield their notes and ratings, that they agreed to rate, and where that has put them."""
    yield from own_notes(viewer.require_member())
    if (rater := rater_for(viewer)) is not None:
        yield {
            "kind": "consent", "to": "rating", "at": rater.consented_at, "alias": rater.alias,
            "open_data": rater.is_published,
        }  # fmt: skip
    if (place := own_place(viewer)) is not None:
        yield {"kind": "placement", **place._asdict()}


def _statements(member_id: int) -> Iterator[dict[str, Any]]:
    """Yield what was decided about them, with the reasons, the latest first."""
    before: int | None = None
    while found := statements_of(member_id, before=before, limit=BATCH):
        for one in found:
            rule = one.entry.rule
            yield {
                "kind": "statement",
                "entry": one.entry.n,
                "act": one.entry.kind,
                "at": one.entry.at,
                "reason": one.entry.reason,
                "rule": rule and {"code": rule[0], "version": rule[1]},
                "origin": one.entry.origin,
                "is_automatic": one.entry.role == "automatic",
                "post": one.entry.post_id,
                "thread": one.entry.thread_id,
                "appeal_until": one.appeal_until,
            }
        before = found[-1].entry.n


def _log(member_id: int) -> Iterator[dict[str, Any]]:
    """Yield the entries of the moderation log that are about them, the latest first."""
    before: int | None = None
    while found := entries_about(member_id, before=before, limit=BATCH):
        yield from map(_entry, found)
        before = found[-1].n


def _entry(row: LogRow) -> dict[str, Any]:
    return {
        "kind": "log_entry",
        "entry": row.n,
        "act": row.kind,
        "at": row.at,
        "reason": row.reason,
        "rule": row.rule and {"code": row.rule[0], "version": row.rule[1]},
        "role": row.role,
        "origin": row.origin,
        "post": row.post_id,
        "thread": row.thread_id,
        "reverts": row.reverts,
    }


def _sanctions(member_id: int) -> Iterator[dict[str, Any]]:
    """Yield warnings and limits, with what happened, the latest first."""
    found: list[WarningRow | LimitRow] = [*warnings_of(member_id), *limits_of(member_id)]
    for row in found:
        told = {key: value for key, value in row._asdict().items() if key not in _NOT_TOLD}
        what = row.kind if isinstance(row, LimitRow) else "warning"
        yield {"kind": "sanction", "entry": row.n, "what": what, **told}


def _reports_and_appeals(member_id: int) -> Iterator[dict[str, Any]]:
    """Yield what they reported and what they appealed against, with what came of it."""
    before: int | None = None
    while reports := reports_by(member_id, before=before, limit=BATCH):
        for report in reports:
            yield {**report._asdict(), "kind": "report", "about": report.kind}
        before = reports[-1].id
    for appeal in appeals_of(member_id):
        yield {
            "kind": "appeal",
            "entry": appeal.log_n,
            "text": appeal.text,
            "at": appeal.at,
            "state": appeal.state,
            "outcome": appeal.outcome_n,
        }


def _by_key[Row: tuple[Any, ...]](some: Callable[[int, int], list[Row]]) -> Iterator[Row]:
    """Yield rows in order of their ids, which stand first in them, some at a time."""
    after = 0
    while rows := some(after, BATCH):
        yield from rows
        after = rows[-1][0]
