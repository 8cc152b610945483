"""Copies of other sites' pictures in the archive: which links show them; their files lie apart.

By their addresses, not by their keys: those are made by the secret of a forum, which stays there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from rostra.content.media.models import RemotePicture
from rostra.content.media.remote import RemoteRow, key_of
from rostra.forum.documents.models import Link
from rostra.transfer.archive.head import BrokenArchive

NAME = "copied_pictures"
PAGE = 500
_FACTS = ("url", "sha256", "size", "width", "height", "is_animated")
_SUM = re.compile("[0-9a-f]{64}")
_ALL = {*_FACTS, "fetched_at", "links"}


def rows() -> Iterator[dict[str, Any]]:
    """Yield every copy, with the ids of the links that show it."""
    for page in _pages():
        links: dict[int, list[int]] = {}
        found = Link.objects.filter(picture_id__in=[one.pk for one in page]).order_by("id")
        for picture_id, link_id in found.values_list("picture_id", "id"):
            links.setdefault(picture_id, []).append(link_id)
        for one in page:
            at = None if one.fetched_at is None else one.fetched_at.astimezone(UTC).isoformat()
            facts = {name: getattr(one, name) for name in _FACTS}
            yield {**facts, "fetched_at": at, "links": links.get(one.pk, [])}


def files() -> Iterator[str]:
    """Yield the names of the files of all copies, each once or more."""
    for page in _pages():
        for one in page:
            yield from RemoteRow(*(getattr(one, name) for name in RemoteRow._fields)).names


def write(lines: Iterable[dict[str, Any]]) -> int:
    """Write copies, after the links; return how many there were not before."""
    written = 0
    for line in lines:
        if not isinstance(line, dict) or set(line) != _ALL:
            raise BrokenArchive(f"a line of {NAME} must have the fields {', '.join(sorted(_ALL))}")
        if not _SUM.fullmatch(str(line["sha256"])):
            raise BrokenArchive(f"{line['sha256']!r} is no sum of a picture")
        at = line["fetched_at"]
        facts = {name: line[name] for name in _FACTS}
        facts |= {"state": RemotePicture.State.KEPT, "fetch_at": None, "failures": 0}
        facts["fetched_at"] = None if at is None else datetime.fromisoformat(at)
        with transaction.atomic():
            picture, is_new = RemotePicture.objects.update_or_create(
                key=key_of(line["url"]), defaults=facts
            )
            Link.objects.filter(id__in=line["links"]).update(picture=picture)
        written += is_new
    return written


def _pages() -> Iterator[list[RemotePicture]]:
    last = 0
    copies = RemotePicture.objects.exclude(sha256="").order_by("id")
    while page := list(copies.filter(id__gt=last)[:PAGE]):
        yield page
        last = page[-1].pk
