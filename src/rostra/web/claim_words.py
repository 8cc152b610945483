"""What is said about claims, in words: statuses, stances, sides, what happened."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

WORDS: dict[str, dict[str, str]] = {
    "status": {
        "unsourced": _("Unsourced"),
        "single_source": _("Single source"),
        "doubted": _("Doubted"),
        "contested": _("Contested"),
        "corroborated": _("Corroborated"),
        "conceded": _("Conceded by the other side"),
        "retracted": _("Retracted"),
    },
    "stance": {
        "asserts": _("asserts it"),
        "corroborates": _("observed it too"),
        "relays": _("passes it on"),
        "doubts": _("doubts it"),
        "denies": _("denies it"),
        "concedes": _("concedes it"),
        "retracts": _("takes it back"),
    },
    "party": {
        "aligned": _("it helps their side"),
        "adverse": _("it hurts their side"),
        "non_party": _("no party to it"),
        "unknown": _("whose side they are on is not known"),
    },
    "modality": {
        "stated": _("stated"),
        "probably": _("source says: probably"),
        "possibly": _("source says: possibly"),
        "alleged": _("source says: allegedly"),
    },
    "kind": {
        "event": _("Something happened"),
        "state": _("Something is so"),
        "quantity": _("A number"),
        "quote": _("Somebody said something"),
        "prediction": _("Something will happen"),
    },
    "check": {
        "verified": _("words found in the saved text"),
        "fuzzy": _("words nearly found in the saved text"),
        "not_found": _("words not found in the saved text"),
        "unchecked": _("words not looked for yet"),
    },
    "found": {
        "stands": "",
        "moved": _("The quoted words have moved in the post."),
        "gone": _("The quoted words are no longer in the post."),
    },
    "state": {
        "active": "",
        "disputed": _("Disputed: it does not count until somebody has decided"),
        "withdrawn": _("Taken back: it does not count"),
        "removed": _("Taken out by a moderator: shown to moderators alone"),
    },
    "publisher": {
        "unknown": _("Not known"),
        "state_media": _("State media"),
        "wire": _("News agency"),
        "broadcaster": _("Broadcaster"),
        "newspaper": _("Newspaper"),
        "online": _("Online publication"),
        "ngo": _("Organisation"),
        "monitor": _("Monitoring group"),
        "government": _("Government"),
        "military": _("Military"),
        "armed_group": _("Armed group"),
        "company": _("Company"),
        "individual": _("Individual"),
    },
    "event": {
        "made": _("Claim made"),
        "status": _("Status changed"),
        "entry_added": _("Entry added"),
        "entry_withdrawn": _("Entry taken back"),
        "entry_disputed": _("Entry disputed"),
        "dispute_struck": _("Words of a dispute taken out"),
        "entry_kept": _("Disputed entry kept"),
        "entry_taken_out": _("Disputed entry taken out"),
        "entry_confirmed": _("Entry confirmed"),
        "entry_placed": _("Said whose side a speaker is on"),
        "wording_proposed": _("Another wording proposed"),
        "wording_declined": _("Proposed wording declined"),
        "reworded": _("Claim reworded"),
        "description_proposed": _("Another time, place or tags proposed"),
        "description_declined": _("Proposed time, place or tags declined"),
        "described": _("Time, place or tags changed"),
        "merged": _("Made one with another claim"),
        "took_in": _("Another claim made one with this"),
        "step_proposed": _("A step together with another claim proposed"),
        "step_declined": _("A proposed step declined"),
        "superseded": _("Another claim has taken its place"),
        "restored": _("Claim brought back"),
        "entry_restored": _("Entry brought back"),
        "parted": _("Claims made one parted again"),
        "dispute_unstruck": _("Words of a dispute brought back"),
        "document_read": _("A document was read"),
        "publisher_described": _("A publisher was described"),
    },
}


def in_words(word: str, of: str) -> str:
    """Return a word about claims in the reader's language; "" for what need not be said."""
    found = WORDS[of].get(word, word)
    return gettext(found) if found else ""
