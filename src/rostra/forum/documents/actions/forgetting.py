"""Forgetting documents that nothing leads to any more."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from django.db import transaction
from django.db.models import ProtectedError, Q

from rostra.content.media.remote import forget, ids_of
from rostra.forum.documents.models import Document
from rostra.kernel import clock

UNLINKED_FOR = timedelta(days=30)
AT_ONCE = 500


def forget_unlinked() -> int:
    """Delete documents that no post leads to, with their copies; return how many went.

    Not within a month of when they came, and not those that something else rests on.
    """
    before, gone = clock.now() - UNLINKED_FOR, 0
    unlinked = Document.objects.filter(link=None, added_at__lt=before).order_by("pk")
    for pk in unlinked.values_list("pk", flat=True)[:AT_ONCE]:
        with suppress(ProtectedError), transaction.atomic():
            gone += bool(Document.objects.filter(pk=pk, link=None).delete()[0])
    return gone


def forget_pictures() -> int:
    """Delete other sites' pictures that no post leads to; return how many went."""
    ids = ids_of(Q(link=None), AT_ONCE)
    forget(ids)
    return len(ids)
