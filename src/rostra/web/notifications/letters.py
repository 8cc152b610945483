"""Letters about what happened, and the letter of the week: when they go, and what they hold.

Who may read what is asked when the letter is written (SEC-048): a post that was removed, hidden or
moved meanwhile is in none.
"""

from __future__ import annotations

from datetime import timedelta
from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rostra.content.markup.excerpt import excerpt
from rostra.effects.notifications import actions, queries
from rostra.effects.notifications.rules import HARD, MAIL_WAITS, is_digest_due, when_to_mail
from rostra.forum.access.queries import viewer_for
from rostra.forum.access.viewer import Viewer
from rostra.forum.members.queries import MailRow, account_for, mail_of
from rostra.forum.members.sessions import last_seen
from rostra.forum.threads.listing import Listed, Wish
from rostra.forum.threads.spoken import words_of
from rostra.kernel import clock
from rostra.kernel.jobs import enqueue, every, job
from rostra.kernel.text import one_line
from rostra.reading.whats_new import whats_new
from rostra.web import addresses, letter
from rostra.web.letter import Item
from rostra.web.notifications import subscriptions
from rostra.web.notifications.words import in_letter
from rostra.web.request import LANGUAGES

LETTERS_AT_ONCE = 200
TOLD_IN_A_LETTER = 20
EXCERPT = 300
IN_A_DIGEST = 7
LOOKED_AT = 100  # unread threads of which the week's letter tells


@every(timedelta(minutes=1))
def write_letters() -> None:
    """Have letters written for whom one is due, unless they are reading just now."""
    now = clock.now()
    waiting = queries.members_to_mail(now, LETTERS_AT_ONCE)
    seen = last_seen([member_id for member_id, _ in waiting])
    for member_id, told in waiting:
        at = seen.get(member_id)
        is_reading = at is not None and now - at < MAIL_WAITS
        later = when_to_mail(told, now, is_reading=is_reading)
        if later is not None:
            actions.put_off(member_id, later)
        else:
            # The same letter has the same key, however many clocks and workers come to it.
            key = f"letter:{member_id}:{told.isoformat()}"
            enqueue(write_letter, run_key=key, member_id=member_id)


@job
def write_letter(member_id: int) -> None:
    """Write and send one letter about all that is due, as far as it may be read now."""
    now = clock.now()
    to = mail_of(member_id)
    viewer = viewer_for(account_for(member_id))
    lines = queries.lines(queries.due_for(viewer, now)) if to is not None else []
    if to is not None and lines:
        with translation.override(_language(to)):
            words = words_of([line.told.post_id for line in lines if line.told.post_id])
            items = [
                Item(
                    in_letter(line),
                    f"{settings.ROSTRA.base_url}/notifications/{line.first_id}",
                    one_line(excerpt(words.get(line.told.post_id or 0, ""), EXCERPT)),
                )
                for line in lines[:TOLD_IN_A_LETTER]
            ]
            more = len(lines) - len(items)
            subject = (
                items[0].words
                if len(lines) == 1
                else ngettext("%(n)s thing happened", "%(n)s things happened", len(lines))
                % {"n": len(lines)}
            )
            told = [_("More of it is on the site.")] if more else []
            _deliver(to, subject, told, items, "all")
    actions.mailed(member_id, now)


@every(timedelta(hours=6))
def write_digests() -> None:
    """Have the letter of the week written for whom it is due."""
    after, now = 0, clock.now()
    while batch := queries.digests_to_look_at(after, LETTERS_AT_ONCE):
        seen = last_seen([member_id for member_id, _, _ in batch])
        for member_id, last, unanswered in batch:
            if is_digest_due(last, unanswered, seen.get(member_id), now):
                key = f"digest:{member_id}:{now:%Y%m%d}"
                enqueue(write_digest, run_key=key, member_id=member_id)
        after = batch[-1][0]


@job
def write_digest(member_id: int) -> None:
    """Write and send the letter of the week: what is talked about most of what they have not read.

    Nothing where they have read everything.
    """
    to = mail_of(member_id)
    if to is None or queries.wishes_of(member_id).has_bounced:
        return
    threads = _of_the_week(viewer_for(account_for(member_id)))
    if not threads:
        return
    with translation.override(_language(to)):
        items = [
            Item(
                one_line(thread.title),
                settings.ROSTRA.base_url + addresses.thread(thread.id, thread.title),
                ngettext("%(n)s reply", "%(n)s replies", thread.reply_count)
                % {"n": thread.reply_count},
            )
            for thread in threads
        ]
        hello = _("What was talked about since you were here last, and you have not read:")
        _deliver(to, _("Your week"), [hello], items, "digest")
    actions.note_digest(member_id, last_seen([member_id]).get(member_id))


def _of_the_week(viewer: Viewer) -> list[Listed]:
    """Return the threads of the last days with the most replies that the viewer has not read."""
    page = whats_new(viewer, "unread", Wish(per_page=LOOKED_AT, days=7))
    threads = [thread for thread, _ in page.threads]
    return sorted(threads, key=lambda thread: (-thread.reply_count, -thread.id))[:IN_A_DIGEST]


def _deliver(to: MailRow, subject: str, told: list[str], items: list[Item], what: str) -> None:
    """Send; an address that the server of mail knows nothing of counts as one that came back."""
    stop = subscriptions.link(to.id, what), _("No more of these letters")
    try:
        letter.send(
            to.email, subject, told, items=items, last=stop,
            headers=subscriptions.headers(to.id, what),
        )  # fmt: skip
    except SMTPRecipientsRefused as refusal:
        if not all(code >= 500 for code, _ in refusal.recipients.values()):
            raise
        actions.note_bounce(to.id, HARD)


def _language(to: MailRow) -> str:
    return to.language if to.language in LANGUAGES else settings.ROSTRA.language
