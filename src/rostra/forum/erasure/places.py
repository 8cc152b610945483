"""Every column that leads to a member, and what becomes of it. Pure; a test holds it complete.

The tables are named, not imported: the promise is about all of them, whatever floor they are on.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

type Act = Literal["delete", "unlink", "keep", "own"]


class Place(NamedTuple):
    """A column with a member's id.

    delete: the row goes. unlink: the column is emptied. keep: it leads to the neutral name from
    then on. own: an act of its room sees to it. blank: what else in the row is overwritten.
    """

    model: str
    column: str
    act: Act
    why: str
    blank: dict[str, Any] = {}  # never changed


# In the order in which it is done, some rows at a time.
PLACES = (
    # What only the member had.
    Place("account.EmailAddress", "user", "delete", "their address"),
    Place("mfa.Authenticator", "user", "delete", "second steps and passkeys"),
    Place("members.Membership", "member", "delete", "groups"),
    Place("members.Session", "member", "delete", "sessions with browser and network"),
    Place("members.MailToken", "member", "delete", "links by mail"),
    Place("members.FormerName", "member", "own", "names before; a hash keeps them from others"),
    Place("members.Invitation", "inviter", "delete", "addresses they invited"),
    Place("members.Invitation", "used_by", "delete", "by which address they came"),
    Place("members.Identity", "member", "delete", "accounts elsewhere"),
    Place("members.Tie", "member", "delete", "followed and ignored"),
    Place("members.Tie", "other", "delete", "who followed or ignored them"),
    Place("threads.TagMute", "member", "delete", "a choice"),
    Place("threads.Submission", "member", "delete", "forms they sent"),
    Place("threads.Draft", "member", "delete", "drafts"),
    Place("threads.BoardMark", "member", "delete", "what they read and watched"),
    Place("bookmarks.Bookmark", "member", "delete", "bookmarks and their notes"),
    Place("threads.ThreadMark", "member", "delete", "what they read and watched"),
    Place("notifications.Notification", "member", "delete", "what they were told"),
    Place("notifications.Wishes", "member", "delete", "a choice"),
    Place("conversations.Door", "member", "delete", "a choice"),
    Place("takeout.Takeout", "member", "own", "their archive: goes at once, with its file"),
    # What they said where only some could read it.
    Place("conversations.Message", "author", "own", "messages: empty, called withdrawn"),
    Place("conversations.Conversation", "starter", "unlink", "titles", {"title": "…"}),
    Place("conversations.Seat", "member", "own", "their place; empty conversations go"),
    Place("conversations.Seat", "invited_by", "unlink", "whom they invited"),
    Place("conversations.Report", "member", "unlink", "reports", {"line": ""}),
    Place("conversations.Report", "closed_by", "unlink", "an act of staff stands without it"),
    Place("cases.Report", "reporter", "unlink", "reports", {"line": "", "key": ""}),
    Place("cases.Step", "member", "unlink", "what was done with a case stands without it"),
    Place("cases.Hiding", "member", "delete", "whose reports hid something"),
    Place(
        "cases.Case", "subject", "unlink", "the copy of what was reported",
        {"title": "", "source": "", "digest": ""},
    ),
    Place("cases.Case", "claimed_by", "unlink", "an act of staff stands without it"),
    Place("cases.Case", "decided_by", "unlink", "an act of staff stands without it"),
    Place("appeals.Appeal", "member", "delete", "appeals; how they ended is in the log"),
    Place("seconds.Second", "actor", "unlink", "an act of staff stands without it"),
    Place("seconds.Second", "confirmed_by", "unlink", "an act of staff stands without it"),
    Place("seconds.Second", "subject", "unlink", "the log says what was done"),
    Place("appeals.Appeal", "decided_by", "unlink", "an act of staff stands without it"),
    # What staff knew of them; and what they did as staff once.
    Place("sanctions.Warned", "member", "delete", "warnings; the log says that there was one"),
    Place("sanctions.Limited", "member", "delete", "limits; the log says that there was one"),
    Place("sanctions.StaffNote", "member", "delete", "what staff wrote down of them"),
    Place("sanctions.StaffNote", "author", "unlink", "about another member, for staff"),
    Place("sanctions.StaffNote", "withdrawn_by", "unlink", "an act of staff stands without it"),
    Place("sanctions.Look", "member", "delete", "who looked at their networks"),
    Place("sanctions.Look", "by", "unlink", "an act of staff stands without it"),
    Place("cleaning.Cleaning", "member", "delete", "what a clean-up kept of the account"),
    Place("cleaning.Cleaning", "by", "unlink", "an act of staff stands without it"),
    Place("words.WatchedWord", "added_by", "unlink", "an act of staff stands without it"),
    Place("notices.Notice", "written_by", "unlink", "an act of staff stands without it"),
    Place("holds.Hold", "author", "delete", "what waited"),
    Place("holds.Hold", "decided_by", "unlink", "an act of staff stands without it"),
    Place("holds.Trace", "member", "delete", "what their posts had in common with others"),
    # What they said to everybody.
    Place("threads.Post", "author", "own", "stays under the neutral name; words go by choice"),
    Place("threads.Revision", "editor", "unlink", "who edited", {"reason": ""}),
    Place("threads.Thread", "starter", "keep", "whose thread it is: the neutral name"),
    Place("threads.Thread", "last_poster", "keep", "the neutral name in lists"),
    Place("threads.MemberStats", "member", "keep", "a number: how many posts stand"),
    Place("reactions.Reaction", "member", "own", "counted on, without a name"),
    Place("reactions.Reputation", "member", "keep", "a number, made of others' reactions"),
    Place("polls.Vote", "member", "own", "taken out of the count"),
    Place("claims.Claim", "maker", "own", "others' entries rest on it; words go by choice"),
    Place("claims.Claim", "step_by", "unlink", "a step they proposed", {"step": ""}),
    Place("claims.Claim", "proposed_by", "unlink", "a wording they proposed", {"proposed": ""}),
    Place("claims.Claim", "described_by", "unlink", "as its wording", {"described": ""}),
    Place("claims.Attribution", "added_by", "keep", "who says what elsewhere: others' words"),
    Place("claims.Attribution", "confirmed_by", "keep", "whether an entry counts rests on it"),
    Place("claims.Dispute", "member", "own", "whether an entry counts; words go by choice"),
    Place("claims.Watch", "member", "delete", "what they watched"),
    Place("claims.ClaimEvent", "member", "keep", "the feed of changes is never rewritten"),
    Place("notes.Note", "author", "own", "signed by an alias that is gone; words go by choice"),
    Place("notes.Rater", "member", "own", "ratings, placement, inputs of runs"),
    Place("documents.PublisherEdit", "editor", "keep", "facts about others, with sources"),
    Place("documents.Document", "described_by", "unlink", "facts about a page elsewhere"),
    Place("notifications.Notification", "actor", "keep", "others' news: the neutral name"),
    Place("media.Upload", "owner", "own", "pictures and files; those of kept posts stay"),
    Place("media.Usage", "owner", "keep", "a number: how much is stored"),
    Place("modlog.Statement", "member_id", "own", "goes with the texts of the log"),
    Place("modlog.ActorLabel", "member_id", "own", "the label stays and is nobody's"),
    Place("erasure.Erasure", "member", "keep", "that it was done, and how"),
)  # fmt: skip

# Tables with texts and no column for a member: why nothing of one stays there, or what may.
TEXTS_BESIDE = {
    "kernel.Job": "letters that wait go by the address; what is done is deleted in 7 days",
    "kernel.Version": "names of ours", "kernel.Chosen": "settings of the forum",
    "kernel.Tries": "hashes and numbers, for a day",
    "auth.Group": "not used", "auth.Permission": "not used", "contenttypes.ContentType": "ours",
    "account.EmailConfirmation": "goes with the address",
    "media.RemotePicture": "addresses elsewhere", "modlog.RuleVersion": "rules of the forum",
    "modlog.LogEntry": "codes and numbers; commitments without their texts",
    "modlog.LogText": "texts about the member, and texts that name them, are deleted",
    "modlog.LogHead": "a hash", "members.Member": "the account: overwritten first of all",
    "members.Group": "names of groups", "members.SetupToken": "a hash",
    "members.Application": "somebody else, or gone with joining",
    "boards.Board": "titles of boards", "access.Grant": "verbs", "holds.KnownHost": "hosts",
    "holds.Caution": "codes and numbers",
    "threads.Tagging": "tags", "claims.Tagged": "tags", "reactions.Tally": "kinds",
    "conversations.Word": "goes with the messages",
    "documents.Publisher": "facts about others", "documents.Address": "addresses elsewhere",
    "documents.Snapshot": "others' pages", "documents.Link": "addresses elsewhere",
    "notes.Rating": "codes", "notes.Run": "numbers; theirs are taken out", "notes.Engine": "a mode",
    "notes.StateChange": "codes",
    "polls.Poll": "words go by choice", "polls.Option": "words go by choice",
    "search.Mark": "names of ours", "smilies.Smilie": "codes and pictures of the forum",
    "transfer.Origin": "names of imported forums", "transfer.Mapped": "deleted for the member",
    "transfer.OldAddress": "deleted for the member",
}  # fmt: skip

# Which words may stand still, with which choice, and why: (table, column) → (choice, reason).
KEPT_WORDS: dict[tuple[str, str], tuple[Literal["name", "always"], str]] = {
    ("threads.Post", "source"): ("name", "what everybody reads stays"),
    ("threads.Post", "html"): ("name", "what everybody reads stays"),
    ("threads.Thread", "title"): ("name", "what everybody reads stays"),
    ("claims.Claim", "text"): ("name", "what everybody reads stays"),
    ("claims.Claim", "quote"): ("name", "what everybody reads stays"),
    ("claims.Claim", "place"): ("name", "what everybody reads stays"),
    ("claims.Claim", "tags"): ("name", "what everybody reads stays"),
    ("claims.Dispute", "reason"): ("name", "what everybody reads stays"),
    ("notes.Note", "text"): ("name", "what everybody reads stays"),
    ("polls.Poll", "question"): ("name", "what everybody reads stays"),
    ("polls.Option", "text"): ("name", "what everybody reads stays"),
}
