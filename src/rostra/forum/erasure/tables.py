"""What `places` says, done: rows go, columns are emptied, some at a time."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import models, transaction

from rostra.forum.erasure.places import PLACES, Place


def empty_some(member_id: int, limit: int) -> bool:
    """Do what is plain of `PLACES`, up to so many rows of each; return whether there is more."""
    more = [_do(place, member_id, limit) for place in PLACES if place.act in ("delete", "unlink")]
    return any(more)


def forget_imports(member_id: int) -> None:
    """Delete under which id or address an imported forum knew the member."""
    for name in ("transfer.Mapped", "transfer.OldAddress"):
        _rows(name).filter(kind="member", new_id=member_id).delete()


@transaction.atomic
def _do(place: Place, member_id: int, limit: int) -> bool:
    rows = _rows(place.model)
    keys = list(rows.filter(**{place.column: member_id}).values_list("pk", flat=True)[:limit])
    if keys and place.act == "delete":
        rows.filter(pk__in=keys).delete()
    elif keys:
        rows.filter(pk__in=keys).update(**{place.column: None}, **place.blank)
    return len(keys) == limit


def _rows(name: str) -> models.QuerySet[Any]:
    model: type[models.Model] = apps.get_model(name)
    return model._default_manager.all()
