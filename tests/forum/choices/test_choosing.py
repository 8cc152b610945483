"""Choosing settings: whole or not at all, logged, in force in every process, never lost."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rostra.content.media import storage
from rostra.content.media.models import Upload
from rostra.forum.boards.queries import VERSION
from rostra.forum.choices import queries
from rostra.forum.choices.actions import Wish, choose, choose_logo
from rostra.forum.modlog.models import LogEntry
from rostra.kernel import chosen, jobs, versions
from rostra.kernel.errors import Invalid, Refused
from rostra.transfer.uploads import CHECKS
from tests.pictures import png

REASON = "As the council of the port decided."
NOTHING = {"logo": "", "logo_text": ""}


def wish(name: str, to: str | None) -> dict[str, Wish]:
    """Return a wish of somebody who has just seen what holds."""
    return {name: Wish(to, queries.values()[name].now)}


def entries() -> list[dict[str, str]]:
    rows = LogEntry.objects.filter(kind="setting.change").order_by("n")
    return [entry.public["facts"] for entry in rows]


@pytest.fixture
def admin(cast):
    return cast.view(cast.admin)


def test_a_choice_holds_once_it_is_asked_for_and_is_one_entry(admin):
    before = versions.current(VERSION)
    made = wish("site_name", "The Quay") | wish("edit_days", "9")
    assert choose(admin, made, reason=REASON) == ["site_name", "edit_days"]
    assert settings.ROSTRA.site_name == "Rostra"  # until this process asks
    version = versions.current(VERSION)
    assert version == before + 1
    chosen.refresh(version)
    assert (settings.ROSTRA.site_name, settings.ROSTRA.edit_days) == ("The Quay", 9)
    with CaptureQueriesContext(connection) as asked:
        chosen.refresh(version)
    assert len(asked) == 0
    assert entries() == [
        {"setting": "site_name", "from": "Rostra", "to": "The Quay"},
        {"setting": "edit_days", "from": "30", "to": "9"},
    ]


def test_a_default_is_no_choice(admin):
    choose(admin, wish("edit_days", "9"), reason=REASON)
    chosen.refresh()
    choose(admin, wish("edit_days", None), reason=REASON)
    chosen.refresh()
    assert settings.ROSTRA.edit_days == 30 and chosen.kept() == {}
    choose(admin, wish("edit_days", "9"), reason=REASON)
    choose(admin, wish("edit_days", "30"), reason=REASON)  # typed, it is the same
    assert chosen.kept() == {}
    assert queries.values()["edit_days"].origin == "default"


@pytest.mark.parametrize("who", [None, "quay", "mod"])
def test_only_administrators_choose(cast, who):
    """SEC-048."""
    with pytest.raises(Refused):
        choose(cast.view(who and getattr(cast, who)), wish("edit_days", "9"), reason=REASON)
    with pytest.raises(Refused):
        choose_logo(
            cast.view(who and getattr(cast, who)), png(9, 9), "", seen=NOTHING, reason=REASON
        )
    assert chosen.kept() == {} and entries() == []


def test_all_that_is_wrong_is_said_at_once_and_nothing_changes(admin):
    made = wish("edit_days", "9") | wish("site_name", "") | wish("accent", "#ffff00")
    with pytest.raises(Invalid) as refused:
        choose(admin, made, reason="Short")
    assert refused.value.fields == {
        "site_name": "empty", "accent": "colour_too_pale", "reason": "reason_too_short",
    }  # fmt: skip
    assert chosen.kept() == {} and entries() == []


def test_nothing_new_is_no_change(admin):
    with pytest.raises(Invalid) as refused:
        choose(admin, wish("edit_days", "30"), reason=REASON)
    assert refused.value.fields == {"settings": "nothing_changed"}


def test_who_saw_an_older_value_is_told(admin):
    mine, theirs = wish("edit_days", "9"), wish("edit_days", "12")
    choose(admin, theirs, reason=REASON)
    with pytest.raises(Invalid) as refused:
        choose(admin, mine, reason=REASON)
    assert refused.value.fields == {"edit_days": "setting_changed_meanwhile"}
    # What they did not touch does not stand in their way, nor does what both want.
    other = wish("edit_hours_new", "5") | {"edit_days": Wish("30", "30")}
    assert choose(admin, other, reason=REASON) == ["edit_hours_new"]
    again = {"edit_days": Wish("12", "30"), **wish("signups_per_day", "4")}
    assert choose(admin, again, reason=REASON) == ["signups_per_day"]
    assert chosen.kept()["edit_days"] == "12"


def test_what_the_operator_set_wins(admin, settings):
    choose(admin, wish("edit_days", "9"), reason=REASON)
    settings.ROSTRA_SET = {"edit_days": "environment"}
    value = queries.values()["edit_days"]
    assert (value.now, value.origin, value.is_fixed) == ("30", "environment", True)
    chosen.refresh()
    assert settings.ROSTRA.edit_days == 30
    with pytest.raises(Invalid) as refused:
        choose(admin, wish("edit_days", "12"), reason=REASON)
    assert refused.value.fields == {"edit_days": "setting_fixed"}


def test_the_operator_chooses_too(db, cast):
    choose(None, wish("registration", "open") | wish("edit_days", "3"), reason=REASON)
    assert LogEntry.objects.get(kind="setting.change").public["role"] == "operator"


def test_a_question_needs_an_answer(admin):
    question = wish("signup_question", "Which pier is closed?")
    with pytest.raises(Invalid) as refused:
        choose(admin, question, reason=REASON)
    assert refused.value.fields == {"signup_answer": "answer_missing"}
    choose(admin, question | wish("signup_answer", "North"), reason=REASON)
    with pytest.raises(Invalid):
        choose(admin, wish("signup_answer", None), reason=REASON)


def test_a_secret_stands_in_no_log(admin):
    choose(admin, wish("signup_answer", "harbourmaster"), reason=REASON)
    entry = LogEntry.objects.get(kind="setting.change")
    assert entry.public["facts"] == {"setting": "signup_answer"}
    assert not entry.texts.filter(value__contains="harbourmaster").exists()


def test_the_machines_secrets_are_not_shown(settings):
    from dataclasses import replace

    settings.ROSTRA_AT_START = replace(
        settings.ROSTRA_AT_START,
        mail_url="smtps://me:hush@mail.example",
        secret_key="hush" * 12,
        oauth="like=github&client=us&secret=hush",
    )
    told = {one.name: one.now for one in queries.of_machine()}
    assert told["mail_url"] is None and told["secret_key"] is None and told["oauth"] is None
    assert told["oidc"] == ""
    assert told["listen"] == "127.0.0.1:8000" and "site_name" not in told


def test_jobs_go_by_what_is_chosen(admin):
    choose(admin, wish("edit_days", "9"), reason=REASON)
    jobs.run_due()  # the outbox has the event of it
    assert settings.ROSTRA.edit_days == 9


def test_a_row_of_another_version_is_left_alone(db):
    chosen.keep("never_heard_of", "1")
    chosen.refresh()
    assert not hasattr(settings.ROSTRA, "never_heard_of")


def test_a_logo_is_drawn_anew_and_the_one_before_goes(
    admin, tmp_path, settings, django_capture_on_commit_callbacks
):
    """SEC-013."""
    from dataclasses import replace

    settings.ROSTRA = settings.ROSTRA_AT_START = replace(settings.ROSTRA_AT_START, data=tmp_path)
    for bad, why in ((b"<svg onload=alert(1)>", "file_kind"), (b"GIF89a", "picture_broken")):
        with pytest.raises(Invalid) as refused:
            choose_logo(admin, bad, "", seen=NOTHING, reason=REASON)
        assert refused.value.fields.keys() == {"file"}, why
    choose_logo(admin, png(900, 300), "A crane", seen=NOTHING, reason=REASON)
    first = chosen.kept()["logo"]
    assert first.endswith("-1")  # as wide as a post is wide enough
    assert storage.get(storage.name_of(first[:32], 1)).startswith(b"RIFF")
    seen = {name: queries.values()[name].now for name in NOTHING}
    with django_capture_on_commit_callbacks(execute=True):
        choose_logo(admin, png(60, 60), "A crane", seen=seen, reason=REASON)
    assert Upload.objects.get().key == chosen.kept()["logo"]
    assert not storage.has(storage.name_of(first[:32]))
    with connection.cursor() as cursor:  # what doctor asks about it
        for _, sql, _ in CHECKS:
            cursor.execute(sql)
            assert cursor.fetchall() == []
    assert entries()[-1] == {"setting": "logo", "to": "picture"}
    wishes = {**wish("logo", None), **wish("logo_text", None)}
    with django_capture_on_commit_callbacks(execute=True):
        choose(admin, wishes, reason=REASON)
    assert not Upload.objects.exists() and chosen.kept() == {}


def test_a_stale_logo_is_refused_and_leaves_nothing(admin, tmp_path, settings):
    from dataclasses import replace

    settings.ROSTRA = settings.ROSTRA_AT_START = replace(settings.ROSTRA_AT_START, data=tmp_path)
    choose_logo(admin, png(60, 60), "", seen=NOTHING, reason=REASON)
    with pytest.raises(Invalid) as refused:
        choose_logo(admin, png(70, 70), "", seen=NOTHING, reason=REASON)
    assert refused.value.fields == {"logo": "setting_changed_meanwhile"}
    assert Upload.objects.count() == 1
    assert len([path for path in (tmp_path / "uploads").rglob("*") if path.is_file()]) == 1
