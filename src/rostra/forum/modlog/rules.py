"""What a rule of the forum may be, which acts restrict a member, and what appeals go by. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from rostra.kernel import text
from rostra.kernel.errors import Invalid
from rostra.kernel.verdict import Verdict

TITLE_LENGTH = 120
TEXT_LENGTH = 4000
REASON_LENGTH = (15, 500)
APPEAL_WITHIN = timedelta(days=182)

# Acts that take something from whose words or account they are about: each makes a statement.
RESTRICTIONS = frozenset(
    {
        "post.remove", "post.hide", "post.edit", "post.redact", "post.reject", "post.reject_edit",
        "thread.lock", "thread.move", "thread.split", "thread.merge", "thread.describe",
        "post.unaccept", "poll.edit", "poll.close", "group.leave", "member.close",
        "member.rename",
        "member.avatar_remove", "member.clean", "thread.remove", "member.warn", "member.limit",
        "member.read_only", "member.suspend", "member.ban", "claim.edit", "claim.merge",
        "claim.describe", "claim.remove", "claim.withdraw_entry", "claim.strike", "note.remove",
    }
)  # fmt: skip

# How things lie, not what somebody said: such acts rest on the rule about it, if there is one.
UPKEEP = frozenset(
    {
        "post.accept", "post.unaccept", "thread.describe", "thread.lock", "thread.unlock",
        "thread.pin", "thread.unpin", "thread.move", "thread.split", "thread.merge",
        "thread.rejoin", "thread.unmerge", "thread.slow", "poll.edit", "poll.close",
    }
)  # fmt: skip
UPKEEP_RULE = "R5"


class Outlook(NamedTuple):
    """What is known beforehand of taking an act back, each a code that is put into words.

    refused: why it cannot be; left: what stays as it is although it is taken back.
    """

    refused: str = ""
    left: str = ""

    def enforce(self) -> None:
        """Raise Refused where it cannot be taken back."""
        Verdict(self.refused).enforce()


ALL_COMES_BACK = Outlook()


class Wording(NamedTuple):
    """What a rule says."""

    title: str
    text: str


def _(words: str) -> str:
    """Mark words for the catalogue: a forum begins with them in its own language."""
    return words


DEFAULTS: dict[str, Wording] = {
    "R1": Wording(
        _("Nothing against the law"),
        _(
            "No threats, no incitement, no pictures or texts that are somebody else's to publish. "
            "What is against the law is removed."
        ),
    ),
    "R2": Wording(
        _("No insults of persons or groups"),
        _(
            "Say what is wrong with a claim, not with whoever makes it, and say nothing that puts "
            "down people for where they come from or what they believe."
        ),
    ),
    "R3": Wording(
        _("Stay with the matter"),
        _(
            "A post answers what its thread is about. What you quote stays as it was said, and "
            "what you claim as a fact has a source that others can look at."
        ),
    ),
    "R4": Wording(
        _("No private data of others"),
        _(
            "No names, addresses, numbers or pictures of people who are not in public life, and "
            "nothing out of private conversations."
        ),
    ),
    UPKEEP_RULE: Wording(
        _("Once, and in its place"),
        _(
            "No advertising, the same words in one place only, a thread in the board it fits under "
            "a title that says what it is about. Moderators move, retitle, pin and lock threads so "
            "that others find what they look for."
        ),
    ),
}


def checked(wording: Wording) -> Wording:
    """Return a rule's words as they are kept; raises Invalid with all that is wrong."""
    wrong: dict[str, str] = {}
    title = text.one_line(wording.title)
    body = text.storable(wording.text).strip()
    for name, words, longest in (("title", title, TITLE_LENGTH), ("text", body, TEXT_LENGTH)):
        if text.is_blank(words):
            wrong[name] = "empty"
        elif len(words) > longest:
            wrong[name] = f"rule_{name}_too_long"
    if wrong:
        raise Invalid(wrong)
    return Wording(title, body)


def check_reason(reason: str) -> str:
    """Return the public reason, trimmed; raises Invalid when it is too short or too long."""
    reason = reason.strip()
    shortest, longest = REASON_LENGTH
    if len(reason) < shortest:
        raise Invalid({"reason": "reason_too_short"})
    if len(reason) > longest:
        raise Invalid({"reason": "reason_too_long"})
    return reason
