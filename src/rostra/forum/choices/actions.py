"""Choosing settings, and going back to their defaults. Each change is an entry in the log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from django.conf import settings
from django.db import transaction

from rostra.content.media import actions as media
from rostra.content.media.queries import steps_of, uploads_of
from rostra.forum.access.viewer import Viewer
from rostra.forum.boards.queries import VERSION
from rostra.forum.choices import queries, rules
from rostra.forum.choices.events import SettingChanged
from rostra.forum.modlog import actions as modlog
from rostra.forum.uploads.rules import MEGABYTE
from rostra.kernel import chosen, versions
from rostra.kernel.errors import Gathered, Invalid
from rostra.kernel.events import emit


class Wish(NamedTuple):
    """What a setting is to be. to: None for its default; seen: what it was for who chose."""

    to: str | None
    seen: str


@transaction.atomic
def choose(viewer: Viewer | None, wishes: Mapping[str, Wish], *, reason: str) -> list[str]:
    """Change some settings, all of them or none; return the names of those that changed.

    What is wished as it was seen stays as it is. viewer None: the operator at the console. Raises
    Refused, and Invalid with all that is wrong, also where somebody chose another value meanwhile.
    Emits SettingChanged for each.
    """
    if viewer is not None:
        rules.may_choose(viewer).enforce()
    # First, for it locks a row: one change after another. Every request reads this version, and
    # guests' pages rest on it: no process goes on with what was before.
    versions.raise_version(VERSION)
    gathered, standing = Gathered(), queries.values()
    changes: dict[str, str | None] = {}
    for name, wish in wishes.items():
        with gathered:
            to = wish.to
            if to is not None:
                to = rules.checked(standing[name].setting, to)
            if _is_change(standing[name], to, wish.seen):
                changes[name] = to
    with gathered:
        rules.check_together(_as_changed(standing, changes), changes)
    with gathered:
        reason = modlog.check_reason(reason)
    if not changes and not gathered.wrong:
        raise Invalid({"settings": "nothing_changed"})
    gathered.enforce()
    for name, to in changes.items():
        _change(viewer, standing[name], to, reason)
    return list(changes)


def choose_logo(
    viewer: Viewer, data: bytes, words: str, *, seen: Mapping[str, str], reason: str
) -> None:
    """Show a picture beside the forum's name, drawn anew; words stand for it where it is not seen.

    Without data the words alone change. seen: picture and words as they were for who chose. Raises
    Refused, TooMany, Invalid.
    """
    rules.may_choose(viewer).enforce()
    gathered = Gathered()
    with gathered:
        rules.checked(rules.BY_NAME["logo_text"], words)
    with gathered:
        modlog.check_reason(reason)
    gathered.enforce()
    wishes = {"logo_text": Wish(words, seen["logo_text"])}
    if not data:
        choose(viewer, wishes, reason=reason)
        return
    if len(data) > settings.ROSTRA.upload_megabytes * MEGABYTE:
        raise Invalid({"file": "file_too_large"})
    brought = media.accept(data, "")
    if brought.kind != "picture":
        raise Invalid({"file": "not_a_picture"})
    if brought.is_animated:
        raise Invalid({"file": "logo_moves"})
    key = media.store(brought)
    # In the bar it is small: the smallest size of it will do.
    small = "-1" if steps_of(brought.width, is_animated=False) else ""
    try:
        with transaction.atomic():
            media.enter(viewer.require_member(), key, brought)
            media.note_used([key])
            wishes["logo"] = Wish(f"{key}{small}", seen["logo"])
            choose(viewer, wishes, reason=reason)
    except BaseException:
        media.withdraw(key, brought)
        raise


def _as_changed(
    standing: Mapping[str, queries.Value], changes: Mapping[str, str | None]
) -> dict[str, str]:
    """Return what all settings would be."""
    found = {name: value.now for name, value in standing.items()}
    for name, to in changes.items():
        found[name] = standing[name].default if to is None else to
    return found


def _is_change(value: queries.Value, to: str | None, seen: str) -> bool:
    """Return whether something else is wished than was seen, and stands; raises Invalid."""
    wanted = value.default if to is None else to
    if wanted in (seen, value.now):
        return False
    if value.is_fixed:
        raise Invalid({value.setting.name: "setting_fixed"})
    if seen != value.now:
        raise Invalid({value.setting.name: "setting_changed_meanwhile"})
    return True


def _change(viewer: Viewer | None, before: queries.Value, to: str | None, reason: str) -> None:
    setting = before.setting
    chosen.keep(setting.name, None if to == before.default else to)
    facts = {"setting": setting.name}
    if setting.kind == "picture":
        facts["to"] = "picture" if to else ""
        _let_go(before.now)
    elif not setting.is_secret:
        facts |= {"from": before.now, "to": before.default if to is None else to}
    log_n = modlog.append(
        "setting.change",
        role="operator" if viewer is None else "administrator",
        reason=reason,
        actor_id=None if viewer is None else viewer.require_member(),
        facts=facts,
    )
    emit(SettingChanged(setting=setting.name, log_n=log_n))


def _let_go(picture: str) -> None:
    """Delete the picture that was shown before."""
    for row in uploads_of([picture[:32]] if picture else []).values():
        media.let_go(row)
