"""An archive of one's own data: how often, how long, and that nothing of it is left over."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from rostra.forum.erasure.actions import begin_due, carry_out
from rostra.forum.erasure.models import Erasure
from rostra.forum.takeout import actions, files, rules
from rostra.forum.takeout.models import Takeout
from rostra.forum.takeout.queries import archive_for, takeout_of
from rostra.kernel import clock
from rostra.kernel.errors import NotFound, Refused

pytestmark = pytest.mark.django_db(transaction=True)
SILENCE = timedelta(minutes=5)


@pytest.fixture(autouse=True)
def _of_its_own(tmp_path, settings):
    settings.ROSTRA = dataclasses.replace(settings.ROSTRA, data=tmp_path)


def made(cast, who="hill") -> str:
    """Have an archive asked for and made; return its key."""
    number = actions.ask(cast.view(getattr(cast, who)), "en")
    return written(number)


def written(number: int) -> str:
    begun = actions.begin(number, SILENCE)
    assert begun is not None
    with files.fresh(begun.key, ".part") as file:
        file.write(b"all of it")
    actions.finish(begun.key)
    return begun.key


def test_one_at_a_time_and_one_a_day(cast):
    """PRV-001."""
    hill = cast.view(cast.hill)
    number = actions.ask(hill, "en")
    with pytest.raises(Refused, match="takeout_being_made"):
        actions.ask(hill, "en")
    key = written(number)
    with pytest.raises(Refused, match="takeout_once_a_day"):
        actions.ask(hill, "en")
    actions.ask(cast.view(cast.quay), "en")
    with time_machine.travel(timezone.now() + rules.ONE_IN, tick=False):
        actions.ask(hill, "en")
        assert not files.path_of(key).exists()
    assert Takeout.objects.filter(member=cast.hill).count() == 1


def test_one_that_failed_is_no_reason_to_wait(cast):
    hill = cast.view(cast.hill)
    begun = actions.begin(actions.ask(hill, "en"), SILENCE)
    files.fresh(begun.key, ".part").close()
    actions.fail(begun.key)
    assert takeout_of(hill)[0].state == "failed"
    assert list(files.folder().iterdir()) == []
    actions.ask(hill, "en")


def test_one_that_was_given_up_is_no_reason_to_wait_longer_than_a_day(cast):
    hill = cast.view(cast.hill)
    actions.begin(actions.ask(hill, "en"), SILENCE)
    with pytest.raises(Refused):
        actions.ask(hill, "en")
    with time_machine.travel(timezone.now() + rules.ONE_IN, tick=False):
        actions.ask(hill, "en")


def test_where_a_worker_was_killed_the_next_one_begins_anew(cast):
    """What the first one left is deleted, and should it live after all it changes nothing."""
    number = actions.ask(cast.view(cast.hill), "en")
    first = actions.begin(number, SILENCE)
    files.fresh(first.key, ".part").close()
    with pytest.raises(Refused):
        actions.begin(number, SILENCE)
    with time_machine.travel(timezone.now() + SILENCE, tick=False):
        second = actions.begin(number, SILENCE)
        assert not files.path_of(first.key).with_suffix(".part").exists()
        assert not actions.go_on(first.key)
        assert actions.go_on(second.key)
        actions.finish(first.key)
        assert Takeout.objects.get().state == "making"
    assert actions.begin(number + 1, SILENCE) is None


def test_it_is_kept_for_seven_days_and_given_to_nobody_else(cast):
    """PRV-001, SEC-085."""
    key = made(cast)
    hill = cast.view(cast.hill)
    with archive_for(hill).file as file:
        assert file.read() == b"all of it"
    assert files.path_of(key).stat().st_mode & 0o077 == 0
    assert files.folder().stat().st_mode & 0o077 == 0
    with pytest.raises(NotFound):
        archive_for(cast.view(cast.admin))
    (files.folder() / "of-nobody.zip").write_bytes(b"left over")
    actions.delete_old()
    assert [path.stem for path in files.folder().iterdir()] == [key]
    with time_machine.travel(timezone.now() + rules.KEPT_FOR, tick=False):
        with pytest.raises(NotFound):
            archive_for(hill)
        assert takeout_of(hill) == (None, takeout_of(hill)[1])
        actions.delete_old()
    assert list(files.folder().iterdir()) == []
    assert not Takeout.objects.exists()


def test_without_its_file_there_is_none(cast):
    """A forum that was restored has the row and not the file, which no backup takes."""
    key = made(cast)
    files.path_of(key).unlink()
    row, may = takeout_of(cast.view(cast.hill))
    assert row is None and may
    with pytest.raises(NotFound):
        archive_for(cast.view(cast.hill))
    actions.ask(cast.view(cast.hill), "en")


def test_erasure_deletes_it_at_once(cast):
    """PRV-002: before all the rest, also while it is being made."""
    key = made(cast)
    Erasure.objects.create(
        member=cast.hill, choice="name", state="waiting", asked_at=clock.now(), due_at=clock.now()
    )
    being_made = actions.begin(actions.ask(cast.view(cast.quay), "en"), SILENCE)
    Erasure.objects.create(
        member=cast.quay, choice="name", state="waiting", asked_at=clock.now(), due_at=clock.now()
    )
    begin_due()
    carry_out(cast.hill.pk)
    carry_out(cast.quay.pk)
    assert not files.path_of(key).exists()
    assert not Takeout.objects.exists()
    assert not actions.go_on(being_made.key)
    with files.fresh(being_made.key, ".part") as file:
        file.write(b"too late")
    actions.finish(being_made.key)
    assert list(files.folder().iterdir()) == []
