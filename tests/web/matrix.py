"""One table of who may see what: every place and state, every role; and where each can be met.

A canary is a word that stands in one thing alone. Who is not named beside it must never meet it,
on no address, in no answer's text or headers; who is named must meet it at its own address.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone

from rostra.effects.notifications.models import Notification
from rostra.forum.access.actions import set_access
from rostra.forum.access.presets import table
from rostra.forum.access.queries import viewer_for
from rostra.forum.access.viewer import VERBS
from rostra.forum.boards.actions import create_board
from rostra.forum.bookmarks.actions import keep_post
from rostra.forum.cases.actions.reporting import report_item
from rostra.forum.cases.models import Case
from rostra.forum.conversations.actions.messages import (
    send_message,
    start_conversation,
    withdraw_message,
)
from rostra.forum.conversations.actions.people import leave_conversation
from rostra.forum.conversations.models import Conversation, Message
from rostra.forum.documents.models import Document
from rostra.forum.members.actions import create_group, create_member, join_group, leave_group
from rostra.forum.members.models import Member
from rostra.forum.members.queries import account_for
from rostra.forum.notes.actions.publishing import publish
from rostra.forum.notes.models import Note
from rostra.forum.polls.actions import start_with_poll
from rostra.forum.polls.rules import Plan
from rostra.forum.threads.actions.marks import watch_thread
from rostra.forum.threads.actions.posts import edit_post, post_reply, remove_post
from rostra.forum.threads.actions.threads import move_thread, start_thread
from rostra.forum.threads.heads import Head
from rostra.forum.threads.models import Post, Thread
from rostra.forum.uploads.actions import upload_file
from rostra.kernel import jobs
from tests.cast import WHY
from tests.web.matrix_acts import act_on_threads
from tests.web.matrix_claims import claim_from
from tests.web.matrix_holds import further, let_things_wait, let_wait
from tests.web.matrix_notices import of_notices, put_up
from tests.web.matrix_sanctions import of_sanctions, sanctions

ALL = frozenset(
    {"guest", "kept", "newcomer", "member", "author", "club", "ex_club", "suspended", "other_mod",
     "mod", "admin"}
)  # fmt: skip
GUESTS = frozenset({"guest", "kept"})
MEMBERS = ALL - GUESTS - {"suspended"}  # who sees of the forum what guests see
STAFF = frozenset({"mod", "admin"})
OWN = STAFF | {"author"}
NOBODY: frozenset[str] = frozenset()

# Boards: who reads their threads. `half` is seen by all and read by staff.
BOARDS = {
    "public": ALL, "inner": MEMBERS, "club": STAFF | {"club", "author"}, "staff": STAFF,
    "half": STAFF, "region": ALL,
}  # fmt: skip
SEEN = {**BOARDS, "half": ALL}
THREAD_STATES = {
    "visible": ALL, "pending": OWN, "hidden": STAFF, "removed": STAFF, "withdrawn": OWN,
}  # fmt: skip
POST_STATES = {
    "visible": ALL, "pending": OWN, "hidden": OWN, "removed": OWN, "withdrawn": OWN,
}  # fmt: skip


@dataclass
class Canary:
    """A word, who may meet it, and where those must (None: nowhere in particular)."""

    word: str
    who: frozenset[str]
    at: str | None


@dataclass
class Matrix:
    """The forum of the table."""

    roles: dict[str, Member | None]
    canaries: list[Canary] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    leading: dict[str, frozenset[str]] = field(default_factory=dict)  # to documents

    def add(self, word: str, who: frozenset[str], at: str | None) -> str:
        self.canaries.append(Canary(word, who, at))
        return word


def build(cast) -> Matrix:
    """Build every thing of the table; what it is about stands in the word itself."""
    people = {
        name: create_member(name) for name in ("Author", "Clubber", "Left", "Barred", "Warden")
    }
    Member.objects.filter(pk=people["Barred"].pk).update(
        suspended_until=timezone.now() + timedelta(days=9)
    )
    club = create_group("Club")
    wardens = create_group("Wardens of one board")
    for who in ("Author", "Clubber", "Left"):
        join_group(club.pk, people[who].pk, reason=WHY)
    leave_group(club.pk, people["Left"].pk, reason=WHY)
    join_group(wardens.pk, people["Warden"].pk, reason=WHY)
    matrix = Matrix(
        {
            "guest": None, "kept": None, "newcomer": cast.newcomer, "member": cast.hill,
            "author": people["Author"], "club": people["Clubber"], "ex_club": people["Left"],
            "suspended": people["Barred"], "other_mod": people["Warden"], "mod": cast.mod,
            "admin": cast.admin,
        }
    )  # fmt: skip
    boards = _boards(matrix, cast, club.pk, wardens.pk)
    author, mod = cast.view(people["Author"]), cast.view(cast.mod)

    opened: dict[str, Thread] = {}
    for name, board_id in boards.items():
        who = BOARDS[name]
        starter = author if "author" in who else mod
        head = Head(tags=f"in{name}tag, shared tag")
        thread = start_thread(
            starter, board_id, f"in{name}title", f"in{name}words of one", head=head
        )
        opened[name] = thread
        claim_from(matrix, thread.posts.get(number=1), f"in{name}", who)
        for word in ("title", "words", "tag"):
            matrix.add(f"in{name}{word}", who, f"/threads/{thread.pk}.x")
        plan = Plan(f"in{name}asked", (f"in{name}chosen one", "Another"), is_public=True)
        polled = start_with_poll(starter, board_id, f"in{name}polled", "Words.", plan)
        for word in ("asked", "chosen"):
            matrix.add(f"in{name}{word}", who, f"/threads/{polled.pk}.x")
        _attach(matrix, starter, thread.pk, f"in{name}filed", who)
        _note(matrix, thread.posts.get(number=1), f"in{name}noted", who)
        removed = post_reply(starter, thread.pk, f"in{name}gone to be removed")
        if name != "half":
            remove_post(mod, removed.pk, f"in{name}reason of the moderators.")
            matrix.add(f"in{name}reason", who, "/moderation-log")
            gone = STAFF | ({"author"} & who) | ({"other_mod"} if name == "region" else set())
            matrix.add(f"in{name}gone", gone, f"/threads/{thread.pk}.x")

    for state, who in THREAD_STATES.items():
        thread = start_thread(
            author, boards["public"], f"thread{state}title", f"thread{state}words of one",
            head=Head(tags=f"thread{state}tag, shared tag"),
        )  # fmt: skip
        for word in ("title", "words", "tag"):
            matrix.add(f"thread{state}{word}", who, f"/threads/{thread.pk}.x")
        _attach(matrix, author, thread.pk, f"thread{state}filed", who)
        Thread.objects.filter(pk=thread.pk).update(state=state)
        opened[f"thread {state}"] = thread
        claim_from(matrix, thread.posts.get(number=1), f"thread{state}", who)

    home = let_things_wait(matrix, author, mod, boards, opened["public"])
    _posts_in_every_state(matrix, author, home)
    _talk(matrix, author, mod, people)
    _say_otherwise(matrix, author, home.pk)
    _move_away(matrix, boards, author, mod)
    act_on_threads(matrix, boards, opened, author, mod)
    sanctions(matrix, cast, boards, people["Author"])
    put_up(matrix, cast, boards)
    _refer_to_everything(mod, home.pk)
    _name_documents(matrix)
    others = (_of_documents, _of_notes, further, of_sanctions, of_notices)
    matrix.addresses = _addresses(matrix, boards) + [one for of in others for one in of()]
    return matrix


def _posts_in_every_state(matrix: Matrix, author, home: Thread) -> None:
    for state, who in POST_STATES.items():
        words = f"post{state}words of one {_brought(matrix, author, f'post{state}filed', who)}"
        post = post_reply(author, home.pk, words)
        at = None if state == "pending" else f"/threads/{home.pk}.x"
        matrix.add(f"post{state}words", who, at)
        let_wait(matrix, author, post, state)
        _note(matrix, post, f"post{state}noted", who)
        Post.objects.filter(pk=post.pk).update(state=state, number=post.number if at else None)
        # What an author withdrew takes its words along, not the claim that others made of them.
        claim_from(matrix, post, f"post{state}", who, ALL if state == "withdrawn" else who)


def _note(matrix: Matrix, post: Post, word: str, who: frozenset[str]) -> None:
    """A community note below a post is known to who may read the post."""
    now = timezone.now() - timedelta(days=5)  # old enough to be in open data
    note = Note.objects.create(
        post=post, author_id=post.author_id, why="outdated", text=f"{word} words of a note",
        state="shown", created_at=now, state_at=now,
    )  # fmt: skip
    Thread.objects.filter(pk=post.thread_id).update(note_count=1)
    matrix.add(word, who, f"/notes/{note.pk}")


def _of_notes() -> list[str]:
    found = ["/notes", "/notes?show=all", "/notes/how", "/notes/data", "/notes/data.json",
             "/notes/join", "/notes/leave", "/notes/rate", "/staff/notes"]  # fmt: skip
    for pk, post in Note.objects.values_list("pk", "post_id"):
        acts = ("/report", "", "/withdraw", "/review", "/remove", "/restore", "/rate")
        found += [*(f"/notes/{pk}{act}" for act in acts), f"/posts/{post}/notes",
                  f"/posts/{post}/notes/write"]  # fmt: skip
    release = publish()
    return found + [f"/notes/data/{release.name}/{file.name}" for file in release.files]


def _name_documents(matrix: Matrix) -> None:
    """What waits is done. Documents that one post alone leads to are known to who may read it; so is what they say."""
    while jobs.run_due():  # who watches is told, of what they may read alone
        continue
    for name, who in matrix.leading.items():
        found = Document.objects.get(publisher__domain=f"{name}.example")
        Document.objects.filter(pk=found.pk).update(title=f"{name}called", summary=f"{name}summed")
        for word in ("called", "summed"):
            matrix.add(f"{name}{word}", who, f"/documents/{found.pk}")
    Thread.objects.filter(posts__link__isnull=False).update(has_cards=True)


def _of_documents() -> list[str]:
    found = ["/documents", "/documents?address=https://instaff.example/x"]
    for pk, publisher in Document.objects.values_list("pk", "publisher_id"):
        found += [f"/documents/{pk}", f"/documents/{pk}/describe", f"/publishers/{publisher}",
                  f"/publishers/{publisher}/describe"]  # fmt: skip
    return found


def _say_otherwise(matrix: Matrix, author, thread_id: int) -> None:
    """What a post said before its edit is shown where edits are, and nowhere else."""
    edited = post_reply(author, thread_id, "editedbeforewords of one")
    edit_post(author, edited.pk, "Said otherwise since.")
    matrix.add("editedbeforewords", NOBODY, None)


def _talk(matrix: Matrix, author, mod, people: dict[str, Member]) -> None:
    """Author, Clubber and the moderator talk; Left was there, and Warden sees what is reported."""
    to = [people["Clubber"].pk, people["Left"].pk, mod.member_id]
    first = start_conversation(author, to, "talktitle", "talkfirst words of one")
    said = {1: "talkfirst"}
    for number, word in enumerate(
        ("talktwobefore", "talkonebefore", "talkreported", "talkoneafter", "talktwoafter",
         "talklast", "talkwithdrawn"), start=2,
    ):  # fmt: skip
        message = send_message(author, first.conversation_id, f"{word} words of one")
        said[number] = word
        if word == "talkreported":
            reported = message
        if word == "talkwithdrawn":
            withdraw_message(author, message.pk)
    clubber = viewer_for(account_for(people["Clubber"].pk))
    leave_conversation(viewer_for(account_for(people["Left"].pk)), first.conversation_id)
    report_item(clubber, "message", reported.pk, rule="R2", line="talkreason of who reports it")
    # Who moderates the whole forum sits in it as a member does; one who moderates a board does not.
    there = frozenset({"author", "club", "mod"})
    staff = frozenset({"mod", "admin", "other_mod"})
    at = f"/conversations/{first.conversation_id}"
    matrix.add("talktitle", there, at)
    for number, word in said.items():
        if word == "talkwithdrawn":
            matrix.add(word, frozenset({"author"}), at)
        elif number in (1, 7):
            matrix.add(word, there, at)
        else:
            matrix.add(word, there | staff, None)  # in two places, for two kinds of people
    # Who wrote it reads it in their own record, staff at the case: in two places again.
    matrix.add("talkreason", staff | {"club"}, None)


def _move_away(matrix: Matrix, boards: dict[str, int], author, mod) -> None:
    """A thread goes out of the sight of its author, who watches it and keeps a post of it."""
    moved = start_thread(author, boards["public"], "movedawaytitle", "movedawaywords of one")
    watch_thread(author, moved.pk, "watch")
    _attach(matrix, author, moved.pk, "movedawayfiled", STAFF)
    keep_post(author, moved.posts.get(number=1).pk, note="To come back to.", remind_at=None)
    move_thread(mod, moved.pk, boards["staff"], reason="It was not for everybody's eyes.")
    _brought(matrix, author, "infreshfiled", frozenset({"author"}))  # nothing shows it yet
    matrix.add("movedawaytitle", STAFF, f"/threads/{moved.pk}.x")
    matrix.add("movedawaywords", STAFF, f"/threads/{moved.pk}.x")


def _brought(matrix: Matrix, viewer, word: str, who: frozenset[str]) -> str:
    """Bring a file that holds a word; return how it is written in a post."""
    row = upload_file(viewer, "notes.txt", f"{word} of one".encode())
    matrix.add(word, who, f"/files/{row.key}")
    matrix.files.append(row.key)
    return f"[notes](upload:{row.key})"


def _attach(matrix: Matrix, viewer, thread_id: int, word: str, who: frozenset[str]) -> None:
    post_reply(viewer, thread_id, f"Beside this. {_brought(matrix, viewer, word, who)}")
    name = word.replace("filed", "linked")
    matrix.leading[name] = who
    post_reply(viewer, thread_id, f"https://{name}.example/")


def _boards(matrix: Matrix, cast, club: int, wardens: int) -> dict[str, int]:
    """Make the boards; `region` of the cast is where the warden moderates."""
    groups = cast.groups
    found = {}
    for name in ("public", "inner", "club", "staff", "half"):
        who = SEEN[name]
        board = create_board(f"board{name}title", description=f"board{name}about", position=9)
        for part in ("title", "about"):
            matrix.add(
                f"board{name}{part}", who, f"/boards/{board.pk}.x" if name != "half" else "/"
            )
        preset = {"inner": "members_only", "club": "invited", "half": "staff"}.get(name, name)
        rows = dict(
            table(
                preset, everyone=groups.everyone, members=groups.members, staff=groups.staff,
                invited=club if name == "club" else None,
            )
        )  # fmt: skip
        if name == "half":
            rows[groups.everyone] = ("see",)
        set_access(None, board.pk, rows, reason=WHY)
        found[name] = board.pk
    rows = dict(
        table("public", everyone=groups.everyone, members=groups.members, staff=groups.staff)
    )
    set_access(None, cast.region.pk, {**rows, wardens: VERBS}, reason=WHY)
    found["region"] = cast.region.pk
    return found


def _refer_to_everything(mod, thread_id: int) -> None:
    """A moderator links and quotes every thing there is; others' words never come with it."""
    lines = [
        f"http://localhost:8000/threads/{pk}" for pk in Thread.objects.values_list("pk", flat=True)
    ]
    lines.extend(
        f'http://localhost:8000/posts/{pk}\n\n[quote="Author, post: {pk}"]One.[/quote]'
        for pk in Post.objects.values_list("pk", flat=True)
    )
    for start in range(0, len(lines), 8):
        post_reply(mod, thread_id, "\n\n".join(lines[start : start + 8]))


def _addresses(matrix: Matrix, boards: dict[str, int]) -> list[str]:
    """Return every address of the router at which a thing of the table could show."""
    found = [
        "/", "/whats-new", "/whats-new?sort=start", "/whats-new?show=unanswered", "/members",
        "/whats-new?show=unread", "/whats-new/read", "/whats-new?show=watched", "/account/bookmarks", "/account/profile", "/account/activity", "/account/data", "/account/data/archive", "/account/people", "/account/tags",
        "/notifications", "/notifications/read", "/account/notifications",
        "/account/notifications/mail", "/unsubscribe/guess",
        "/moderation-log", "/moderation-log/feed.atom", "/moderation-log/entries.json", *(f"/moderation-log/numbers{kind}" for kind in ("", ".csv", ".json")), "/rules",
        "/rules/R1", "/account/record", "/statements/1", "/statements/1/appeal", "/staff/appeals", "/staff/appeals/1", "/staff/seconds", "/staff/rules/new", "/staff/rules/R1", "/search", "/sitemap.xml", "/sitemap-0.xml", "/robots.txt", "/nope/here",
        "/account/login", "/account/closed", "/account/logout", "/account/reading", "/setup/guess", "/staff/access",
        "/write/preview", "/write/smilies?q=sm", "/tags/shared_tag", "/tags/no_such_tag",
        "/staff/mail", "/staff/applications", "/staff/erasures", "/account/erase", "/account", "/account/confirm", "/account/code",
        "/account/join", "/account/join/guess", "/account/invitation/guess", "/account/reset",
        "/account/reset/guess", "/account/email/guess", "/account/password", "/account/email",
        "/account/name", "/account/sessions", "/account/second-factor", "/account/invitations",
        "/account/second-factor/app", "/account/second-factor/passkey",
        "/account/sessions/end", "/account/second-factor/remove", "/account/second-factor/codes",
        "/account/passkey", "/account/with", "/account/with/none", "/account/with/none/back",
        "/account/providers", "/files", "/account/picture", f"/avatars/{'0' * 32}",
        f"/logo/{matrix.files[0]}", f"/colours/{'0' * 16}.css",
        f"/avatars/{matrix.files[0]}", f"/pictures/{'0' * 32}", f"/pictures/{matrix.files[0]}",
    ]  # fmt: skip
    for key in matrix.files:
        found += [f"/files/{key}", f"/files/{key}-1"]
    for pk in [*boards.values()]:
        found += [f"/boards/{pk}", f"/boards/{pk}.x", f"/boards/{pk}/feed.atom",
                  f"/boards/{pk}/start", f"/boards/{pk}/watch", f"/write/draft?place=b{pk}", f"/boards/{pk}.x?sort=replies", f"/search?q=one&board={pk}",
                  f"/staff/access?member=Author&board={pk}"]  # fmt: skip
    for pk in Thread.objects.values_list("pk", flat=True):
        found += [f"/threads/{pk}", f"/threads/{pk}.x", f"/threads/{pk}.x/page-1",
                  f"/threads/{pk}.x/page-2", f"/threads/{pk}.x/page?to=1", f"/threads/{pk}/feed.atom",
                  f"/threads/{pk}/reply", f"/threads/{pk}/similar", f"/threads/{pk}/unread",
                  f"/threads/{pk}/watch", f"/threads/{pk}/caution", f"/threads/{pk}/report", *(f"/threads/{pk}/poll{act}" for act in ("", "/edit", "/close", "/voters")), f"/search?q=one&thread={pk}"]  # fmt: skip
    found += ["/conversations", "/conversations?show=unread", "/conversations/new",
              "/conversations/new?to=Author", "/conversations?q=words", "/account/conversations",
              "/staff/messages", "/staff/cases", "/staff/cases?show=done", "/reports/guess"]  # fmt: skip
    found += [f"/staff/cases/{pk}" for pk in Case.objects.values_list("pk", flat=True)]
    for pk in Conversation.objects.values_list("pk", flat=True):
        found += [f"/conversations/{pk}{act}" for act in ("", "/page-1", "/reply", "/invite",
                                                          "/leave", "/unread")]  # fmt: skip
        found.append(f"/write/draft?place=c{pk}")
    for pk in Message.objects.values_list("pk", flat=True):
        found += [f"/messages/{pk}{act}" for act in ("", "/edit", "/withdraw", "/report")]
    for pk, source in Post.objects.values_list("pk", "source"):
        found.append(f"/posts/{pk}")
        if source.startswith("http"):
            continue  # it only leads to something of the table
        found += [f"/posts/{pk}/{act}" for act in ("reply", "quotation", "edit", "history",
                                                   "withdraw", "bring-back", "reactions", "bookmark", "answer", "report", "waiting", "sanction")]  # fmt: skip
    for pk in Member.objects.values_list("pk", flat=True):
        acts = (".x", ".x?show=threads", ".x?show=given", "/tie", "/report", "/picture", "/clean")
        found += [f"/members/{pk}{act}" for act in acts]
    found += [f"/notifications/{pk}" for pk in Notification.objects.values_list("pk", flat=True)]
    return found
