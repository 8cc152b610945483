"""Erased means everywhere: each table, each column, with each choice (PRV-002, SEC-121, REL-053)."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models

from rostra.forum.bookmarks.actions import keep_post
from rostra.forum.claims.actions.making import make_claim, reword_claim
from rostra.forum.conversations.actions.messages import send_message
from rostra.forum.erasure import ledger
from rostra.forum.erasure.actions import begin_due
from rostra.forum.erasure.models import Erasure
from rostra.forum.erasure.places import KEPT_WORDS, PLACES, TEXTS_BESIDE
from rostra.forum.members.models import FormerName, Member
from rostra.forum.members.names import name_key
from rostra.forum.members.queries import is_name_taken
from rostra.forum.members.recovery import rename
from rostra.forum.modlog.queries import first_fault
from rostra.forum.reactions.actions import react
from rostra.forum.threads.actions.drafts import save_draft
from rostra.forum.threads.actions.posts import post_reply, remove_post, withdraw_post
from rostra.forum.threads.models import Post, Revision
from rostra.kernel import clock, jobs
from rostra.transfer.integrity import examine
from tests.cast import WHY
from tests.forum.claims.people import raise_to
from tests.forum.conversations.talking import talk
from tests.forum.erasure.canaries import CANARY, found_in, row

pytestmark = pytest.mark.django_db
NAME = "Kanarix Wren"
THEIRS = {("claims.Claim", "maker"): ("text", "quote")}  # the rest is another's, or codes


def _references() -> set[tuple[str, str]]:
    found = set()
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            is_one = field.is_relation and field.related_model is Member
            if is_one or field.attname == "member_id":
                found.add((model._meta.label, field.name))
    return found


def test_every_column_with_a_member_is_listed():
    """A new table that leads to members says in `places` what becomes of its rows."""
    assert {(place.model, place.column) for place in PLACES} == _references()


def test_every_table_with_texts_is_listed():
    listed = {place.model for place in PLACES} | set(TEXTS_BESIDE)
    texts = (models.TextField, models.CharField, models.JSONField, models.BinaryField)
    for model in apps.get_models(include_auto_created=True):
        if any(isinstance(field, texts) for field in model._meta.concrete_fields):
            assert model._meta.label in listed


def fill(cast) -> Member:
    """Give Hill something in every table, with a canary in every text."""
    hill = cast.hill
    rename(hill.pk, NAME)
    Member.objects.filter(id=hill.pk).update(
        email=f"{CANARY}@example.org", email_key=f"{CANARY}@example.org", about=CANARY,
        about_html=CANARY, signature=CANARY, signature_html=CANARY, title=CANARY,
    )  # fmt: skip
    hill.refresh_from_db()
    viewer, quay = cast.view(hill), cast.view(cast.quay)
    shown = post_reply(viewer, cast.barrier.pk, f"Everybody reads {CANARY} here.")
    removed = post_reply(viewer, cast.barrier.pk, f"Removed {CANARY}.")
    remove_post(cast.view(cast.mod), removed.pk, f"This is what {NAME} should not say.")
    taken_back = post_reply(viewer, cast.barrier.pk, f"Taken back {CANARY}.")
    withdraw_post(viewer, taken_back.pk)
    post_reply(
        quay,
        cast.barrier.pk,
        f'[quote="{NAME}, post: {shown.pk}"]Everybody reads {CANARY} here.[/quote]\n\n'
        f'Is it so, @"{NAME}"? A free word.',
    )
    Revision.objects.create(
        post=shown, number=1, source=CANARY, title=CANARY, dialect="native", replaced_at=clock.now()
    )
    first = talk(cast, hill, words="Do you know?", title="Matters of two")
    send_message(viewer, first.conversation_id, f"A message with {CANARY}.")
    react(viewer, cast.barrier.posts.get(number=1).pk, "thanks")
    keep_post(viewer, cast.barrier.posts.get(number=1).pk, note=CANARY, remind_at=None)
    save_draft(viewer, f"t{cast.barrier.pk}", title="", source=CANARY)
    _work()
    for place in PLACES:
        model = apps.get_model(place.model)
        if place.model == "erasure.Erasure":
            continue
        if not model._default_manager.filter(**{place.column: hill.pk}).exists():
            # Of what is only unlinked the words are others', but for those that are overwritten.
            is_all = place.act in ("delete", "own")
            only = THEIRS.get((place.model, place.column), None if is_all else place.blank)
            row(model, hill, cast.newcomer, place.column, only)
    return hill


def erase(cast, hill: Member, choice: str) -> None:
    Erasure.objects.create(
        member=hill, choice=choice, state="waiting", asked_at=clock.now(), due_at=clock.now()
    )
    begin_due()
    _work()


def _work() -> None:
    for _ in range(50):
        if not jobs.run_due() + jobs.run_aside():
            return


@pytest.mark.parametrize("choice", ["name", "words"])
def test_no_canary_is_left_but_what_the_choice_keeps(cast, choice):
    hill = fill(cast)
    before = found_in([CANARY])
    assert len(before) > 50
    erase(cast, hill, choice)
    assert Erasure.objects.get(member=hill).state == "done"
    kept = {
        f"{apps.get_model(model)._meta.db_table}.{column}"
        for (model, column), (when, _) in KEPT_WORDS.items()
        if when in ("always", choice)
    }
    if choice == "name":  # what can be read can be found
        kept |= {table for table in before if table.startswith("search_words")}
    left = " ".join(sorted(found_in([CANARY]) - kept))
    assert not left
    for place in PLACES:
        rows = apps.get_model(place.model)._default_manager.filter(**{place.column: hill.pk})
        if place.act in ("delete", "unlink"):
            assert not rows.exists(), place
    assert first_fault() is None
    assert NAME.casefold() not in ledger.path().read_text().casefold()


def test_words_of_a_claim_leave_the_log_of_another_members_post(cast):
    """SEC-121: the entry is about whose post it was; the words in it were the maker's."""
    raise_to(cast.hill)
    other = cast.barrier.posts.get(number=1)
    claim = make_claim(cast.view(cast.hill), other.pk, f"It is a {CANARY} matter.")
    reword_claim(cast.view(cast.mod), claim.pk, "It is a matter.", reason=WHY)
    assert "modlog_logtext.value" in found_in([CANARY])
    erase(cast, cast.hill, "words")
    assert "modlog_logtext.value" not in found_in(["is a matter"])
    assert first_fault() is None


def test_the_counts_still_add_up(cast):
    hill = cast.hill
    rename(hill.pk, NAME)
    post_reply(cast.view(hill), cast.barrier.pk, f"Everybody reads {CANARY} here.")
    react(cast.view(hill), cast.barrier.posts.get(number=1).pk, "thanks")
    erase(cast, hill, "words")
    assert [one.check for one in examine() if one.check not in ("search index", "uploads")] == []
    assert not Post.objects.filter(author=hill).exclude(source="").exists()
    assert cast.barrier.posts.get(number=1).source
    assert is_name_taken(name_key(NAME))  # SEC-090
    assert not FormerName.objects.exclude(name="").exists()
