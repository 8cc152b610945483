"""Every route of the router, found by reflection, with an address that reaches it."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from tests.pictures import png

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PURGE")


@dataclass(frozen=True)
class Route:
    """One pattern; `converters` names what each of its variable parts may be."""

    pattern: str
    converters: dict[str, str]

    def address(self, **parts) -> str:
        """Return the address with these parts."""
        path = self.pattern
        for name, kind in self.converters.items():
            path = path.replace(f"<{kind}:{name}>", str(parts[name]))
        return f"/{path}"


def routes() -> list[Route]:
    """Return all of them, in the router's order."""
    return list(_below(get_resolver(), ""))


def _below(resolver: URLResolver, prefix: str):
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            kinds = dict(part[1:-1].split(":")[::-1] for part in _parts(pattern))
            yield Route(pattern, kinds)
        else:
            yield from _below(entry, pattern)


def _parts(pattern: str):
    while "<" in pattern:
        start, end = pattern.index("<"), pattern.index(">")
        yield pattern[start : end + 1]
        pattern = pattern[end + 1 :]


def moderated(cast) -> tuple[int, int, int]:
    """Return a case, an entry against which somebody appealed, and one that restricts the admin."""
    from rostra.forum.appeals.actions import file_appeal
    from rostra.forum.cases.actions.reporting import report_item
    from rostra.forum.cases.models import Case
    from rostra.forum.modlog.queries import head
    from rostra.forum.threads.actions.posts import post_reply, remove_post

    entries = []
    for author in (cast.newcomer, cast.admin):
        removed = post_reply(cast.view(author), cast.barrier.pk, f"Words of {author}.")
        remove_post(cast.view(cast.mod), removed.pk, "Insults a group of people.")
        entries.append(head()[0])
    file_appeal(cast.view(cast.newcomer), entries[0], "I only quoted.")
    first = cast.barrier.posts.get(number=1)
    report_item(cast.view(cast.hill), "post", first.pk, rule="R2", line="Insults us all.")
    return Case.objects.get().pk, *entries


def _remote_picture(post_id: int) -> str:
    """Have a post lead to another site's picture that is here; return its key."""
    from rostra.content.media import remote
    from rostra.content.media.pictures import Made
    from rostra.forum.documents.models import Link

    (row,) = remote.want(["https://courier.example/a.png"], is_fetched=True).values()
    made = Made(1, 1, is_animated=False, parts=(b"RIFF",))
    remote.store(row, made)
    remote.enter(row, made)
    Link.objects.filter(post_id=post_id).update(picture_id=row.id)
    return row.key


def _logo(cast) -> str:
    """Bring a picture to stand beside the forum's name; return its key."""
    from rostra.forum.choices.actions import choose_logo
    from rostra.kernel.chosen import kept

    seen = {"logo": "", "logo_text": ""}
    choose_logo(
        cast.view(cast.admin), png(80, 80), "", seen=seen, reason="As the council asked for."
    )
    return kept()["logo"]


def _notice(cast) -> int:
    """Put up a notice that says when the forum moves; return its id."""
    from rostra.forum.notices.actions import write_notice
    from rostra.forum.notices.rules import Plan

    return write_notice(cast.view(cast.admin), Plan({"en": "We move."}), reason="As was decided.")


def _smilie(cast) -> str:
    """Add a smilie with a picture; return its key."""
    from rostra.forum.smilies.actions import add_smilie
    from rostra.forum.smilies.models import Smilie
    from rostra.forum.smilies.rules import Wish

    wish = Wish("crane", words="A crane")
    add_smilie(cast.view(cast.admin), wish, png(20, 20), reason="As the council asked for.")
    return Smilie.objects.get().key


def addresses_of(cast) -> dict[str, str]:
    """Return for each route an address at which somebody of the cast finds something."""
    from rostra.effects.notifications.models import Notification
    from rostra.forum.claims.actions.making import make_claim
    from rostra.forum.conversations.actions.messages import start_conversation
    from rostra.forum.documents.actions.linking import note_links
    from rostra.forum.documents.models import Document
    from rostra.forum.holds.actions import Place, hold
    from rostra.forum.holds.models import Hold
    from rostra.forum.holds.rules import Reason
    from rostra.forum.members.models import Member
    from rostra.forum.notes.actions.publishing import publish
    from rostra.forum.polls.actions import start_with_poll
    from rostra.forum.polls.rules import Plan
    from rostra.forum.threads.actions.posts import post_reply
    from rostra.forum.threads.models import Post
    from rostra.forum.uploads.actions import choose_avatar, upload_file
    from tests.forum.claims.people import says
    from tests.forum.notes.readers import join, proposed
    from tests.forum.sanctions.people import sanctioned

    plan = Plan("Which?", ("One", "Two"), is_public=True)
    polled = start_with_poll(cast.view(cast.quay), cast.harbour.pk, "Poll", "Words.", plan)
    post = Post.objects.filter(thread=cast.barrier).order_by("number")[0]
    said = start_conversation(cast.view(cast.mod), [cast.admin.pk], "Rota", "Who is on?")
    told, _ = Notification.objects.get_or_create(
        member=cast.admin, kind="follow", key="follower", group="followers", actor=cast.quay,
        defaults={"at": timezone.now()},
    )  # fmt: skip
    row = upload_file(cast.view(cast.quay), "log.txt", b"Eleven columns.")
    post_reply(cast.view(cast.quay), cast.barrier.pk, f"[log](upload:{row.key})")
    choose_avatar(cast.view(cast.quay), png(80, 80))
    leading = post_reply(cast.view(cast.quay), cast.barrier.pk, "https://courier.example/a")
    note_links(leading.pk, None)
    document = Document.objects.get()
    picture, notice, smilie = _remote_picture(leading.pk), _notice(cast), _smilie(cast)
    shown, avatar, logo = row.key, Member.objects.get(pk=cast.quay.pk).avatar, _logo(cast)
    note = proposed(cast, join(cast.hill).member)
    case_id, appealed, own = moderated(cast)
    warned, _ = sanctioned(cast, cast.newcomer)
    claim = make_claim(cast.view(cast.mod), post.pk, "The barrier was closed in time.")
    entry = says(cast.view(cast.mod), claim, "asserts", "The authority", "authority")
    at = Place(post.pk, cast.barrier.pk, cast.harbour.pk)
    hold("edit", at, cast.admin.pk, [Reason("group")], source="Other words.")
    found, release = {}, publish().name
    for route in routes():
        kind = route.pattern.partition("/")[0]
        numbers = {"boards": cast.harbour.pk, "members": cast.quay.pk, "posts": post.pk}
        number = numbers.get(kind, cast.barrier.pk)
        if "/poll" in route.pattern:
            number = polled.pk
        if route.pattern.startswith("staff/members"):
            number = cast.quay.pk
        keys = {"avatars": avatar, "pictures": picture, "logo": logo, "smilies": smilie}
        parts = {
            "wanted": keys.get(kind, shown), "ref": f"{number}.words", "board_id": cast.harbour.pk, "group_id": cast.groups.members, "thread_id": number,
            "member_id": number,
            "conversation_id": said.conversation_id, "message_id": said.pk,
            "notification_id": told.pk, "number": 1, "tag": "harbour", "post_id": post.pk, "part": 0,
            "claim_id": claim.pk, "notice_id": notice, "hold_id": Hold.objects.get().pk, "entry_id": entry.pk, "note_id": note.pk, "document_id": document.pk, "publisher_id": document.publisher_id,
            "release": release, "name": "notes.tsv.gz", "token": "a-token", "code": "R2", "case_id": case_id, "target_id": {"claims": claim.pk, "notes": note.pk}.get(kind, number),
                "n": warned if "sanctions" in route.pattern else own if kind == "statements" else appealed, "key": "0" * 16, "page": "joining", "path": "old/address.1",
        }  # fmt: skip
        found[route.pattern] = route.address(**{name: parts[name] for name in route.converters})
    return found
