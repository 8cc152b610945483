"""What a claim and an entry may be, who may write them and how many. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from rostra.forum.claims.anchors import LONGEST, SHORTEST, plain
from rostra.forum.claims.status import MODALITIES, PARTIES, STANCES
from rostra.forum.threads.rules import PostFacts, ThreadFacts, may_read_post, may_reply
from rostra.forum.threads.standing import Rung
from rostra.kernel import text
from rostra.kernel.errors import Invalid
from rostra.kernel.verdict import ALLOWED, Verdict

if TYPE_CHECKING:
    from rostra.forum.access.viewer import Viewer

KINDS = ("event", "state", "quantity", "quote", "prediction")
TEXT = (10, 280)
SPEAKER, REASON = 120, 500
MOST_CLAIMS = 100  # of a thread
MOST_ENTRIES = 200  # of a claim
CLAIMS_A_DAY: dict[Rung, int] = {"new": 0, "member": 5, "trusted": 10}
ENTRIES_A_DAY: dict[Rung, int] = {"new": 0, "member": 5, "trusted": 50}
DISPUTES_A_DAY = 10
DISPUTED_BY = 2  # members; then an entry does not count
SETTLED_AT = 3  # entries; from then on its maker does not change a claim alone
OLDEST = 1400  # year


class Entry(NamedTuple):
    """Who said what, as it is typed."""

    stance: str = "asserts"
    speaker: str = ""
    url: str = ""  # of a document, or:
    post_number: int | None = None  # in the claim's thread
    quote: str = ""
    said: str = ""  # 2026-11-20, or 2026-11-20 07:10 (UTC)
    modality: str = "stated"
    has_details: bool = True


class EntryFacts(NamedTuple):
    """What the rules ask of an entry."""

    added_by_id: int | None
    state: str
    disputed_by: frozenset[int] = frozenset()  # ever
    is_confirmed: bool = False


def check_text(words: str) -> str:
    """Return a claim's text as it is kept; raises Invalid."""
    words = text.one_line(words)
    if text.is_blank(words):
        raise Invalid({"text": "empty"})
    if not TEXT[0] <= len(words) <= TEXT[1]:
        raise Invalid({"text": "claim_length"})
    return words


def check_entry(entry: Entry, now: datetime) -> tuple[Entry, datetime | None, bool]:
    """Return an entry as it is kept, when it was said, and whether to the minute; raises Invalid.

    With all that is wrong.
    """
    entry = entry._replace(
        speaker=text.one_line(entry.speaker),
        url=entry.url.strip(),
        quote=plain(text.storable(entry.quote)),
    )
    wrong = _wrong_in(entry)
    said_at, is_exact = None, False
    if entry.said.strip():
        try:
            said_at, is_exact = moment(entry.said)
        except ValueError:
            wrong["said"] = "moment_odd"
        else:
            if said_at > now or said_at.year < OLDEST:
                wrong["said"] = "moment_odd"
    if wrong:
        raise Invalid(wrong)
    return entry, said_at, is_exact


def _wrong_in(entry: Entry) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if entry.stance not in STANCES:
        wrong["stance"] = "not_a_choice"
    if entry.modality not in MODALITIES:
        wrong["modality"] = "not_a_choice"
    if len(entry.speaker) > SPEAKER:
        wrong["speaker"] = "too_long"
    if not entry.url and entry.post_number is None:
        wrong["url"] = "no_source"
    elif not entry.url and text.is_blank(entry.speaker):
        wrong["speaker"] = "empty"
    if entry.quote and not SHORTEST <= len(entry.quote) <= LONGEST:
        wrong["quote"] = "quote_length"
    return wrong


def moment(typed: str) -> tuple[datetime, bool]:
    """Return the time that is typed (UTC), and whether to the minute; raises ValueError."""
    typed = typed.strip()
    is_exact = len(typed) > 10
    found = datetime.fromisoformat(typed)
    return found if found.tzinfo else found.replace(tzinfo=UTC), is_exact


def is_said_too_late(said_at: datetime | None, document_at: datetime | None) -> bool:
    """Whether something was said after the document was last changed that is to hold it."""
    if said_at is None or document_at is None:
        return False
    return said_at - document_at > timedelta(days=1)


def check_reason(reason: str) -> str:
    """Return why an entry is disputed; raises Invalid."""
    reason = text.one_line(reason)
    if text.is_blank(reason):
        raise Invalid({"reason": "empty"})
    if len(reason) > REASON:
        raise Invalid({"reason": "too_long"})
    return reason


def may_read_claim(viewer: Viewer, thread: ThreadFacts, post: PostFacts) -> bool:
    """Whether a claim in a readable thread is shown: not where its post was taken out.

    What an author withdrew takes its words along, not what others have put together since.
    """
    return post.state == "withdrawn" or bool(may_read_post(viewer, thread, post))


def may_take_part(viewer: Viewer, thread: ThreadFacts, rung: Rung | None) -> Verdict:
    """Whether the viewer may add entries to claims of a thread, and dispute them.

    rung: where they stand; None for the board's moderators.
    """
    said = may_reply(viewer, thread)
    if not said:
        return said
    return Verdict("claims_for_members") if rung == "new" else ALLOWED


def may_make(
    viewer: Viewer, thread: ThreadFacts, rung: Rung | None, author_id: int | None
) -> Verdict:
    """Whether the viewer may make a claim from a post of a member's: of theirs, or trusted."""
    said = may_take_part(viewer, thread, rung)
    if not said:
        return said
    if rung == "member" and author_id != viewer.member_id:
        return Verdict("claims_from_own_posts")
    return ALLOWED


def may_judge(viewer: Viewer, thread: ThreadFacts, rung: Rung | None) -> Verdict:
    """Whether the viewer may say who is party, who speaks for whom, and reword: trusted ones."""
    said = may_take_part(viewer, thread, rung)
    if not said:
        return said
    return Verdict("claims_for_trusted") if rung == "member" else ALLOWED


def may_dispute(
    viewer: Viewer, thread: ThreadFacts, rung: Rung | None, entry: EntryFacts
) -> Verdict:
    """Whether the viewer may dispute an entry: once, and not their own."""
    said = may_take_part(viewer, thread, rung)
    if not said:
        return said
    if entry.added_by_id == viewer.member_id:
        return Verdict("own_entry")
    if entry.state != "active":
        return Verdict("entry_not_active")
    if viewer.member_id in entry.disputed_by:
        return Verdict("disputed_already")
    return ALLOWED


def may_decide(
    viewer: Viewer, thread: ThreadFacts, rung: Rung | None, entry: EntryFacts
) -> Verdict:
    """Whether the viewer may keep or take out a disputed entry: a third, who did neither."""
    said = may_judge(viewer, thread, rung)
    if not said:
        return said
    if entry.state != "disputed":
        return Verdict("entry_not_disputed")
    if viewer.member_id == entry.added_by_id or viewer.member_id in entry.disputed_by:
        return Verdict("decided_by_a_third")
    return ALLOWED


def may_confirm(
    viewer: Viewer, thread: ThreadFacts, rung: Rung | None, entry: EntryFacts
) -> Verdict:
    """Whether the viewer may confirm that an entry's source says so: trusted, not who added it."""
    said = may_judge(viewer, thread, rung)
    if not said:
        return said
    if viewer.member_id == entry.added_by_id:
        return Verdict("own_entry")
    if entry.state != "active" or entry.is_confirmed:
        return Verdict("entry_not_active")
    return ALLOWED


def is_party(party: str) -> bool:
    """Whether this is one of the parties."""
    return party in PARTIES
