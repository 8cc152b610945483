"""Watching words, and no longer. Logged by numbers: which words they are stands nowhere public."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from rostra.forum.access.viewer import Viewer
from rostra.forum.modlog import actions as modlog
from rostra.forum.words import rules
from rostra.forum.words.events import WordsChanged
from rostra.forum.words.matching import key_of
from rostra.forum.words.models import WatchedWord
from rostra.forum.words.queries import COVER, COVERED, VERSION, may_watch
from rostra.kernel import clock, versions
from rostra.kernel.errors import Gathered, Invalid
from rostra.kernel.events import emit


@transaction.atomic
def watch_words(
    viewer: Viewer, words: Collection[str], act: str, *, link: str = "", reason: str
) -> int:
    """Watch words from now on, each for one act; return how many were not watched so before.

    What is watched already gets the new act. Raises Invalid, Refused; emits WordsChanged.
    """
    may_watch(viewer)
    gathered = Gathered()
    with gathered:
        words, link = rules.checked(words, act, link)
    with gathered:
        reason = modlog.check_reason(reason)
    gathered.enforce()
    versions.raise_version(VERSION)  # first, for it locks a row: one change after another
    by_key = {key_of(word): word for word in words}
    if "" in by_key:
        raise Invalid({"words": "watched_word_star"})
    if any(len(key) > rules.LONGEST_KEY for key in by_key):  # a sign may stand for many letters
        raise Invalid({"words": "watched_word_too_long"})
    known = {row.key: row for row in WatchedWord.objects.filter(key__in=by_key)}
    changed = [row for row in known.values() if (row.act, row.link) != (act, link)]
    fresh = by_key.keys() - known.keys()
    if not (fresh or changed):
        raise Invalid({"words": "nothing_changed"})
    if WatchedWord.objects.count() + len(fresh) > rules.MOST:
        raise Invalid({"words": "too_many_watched_words"})
    now, by = clock.now(), viewer.require_member()
    is_cover = COVER in (act, *(row.act for row in changed))
    for row in changed:
        row.act, row.link, row.added_by_id, row.added_at = act, link, by, now
        row.save()
    WatchedWord.objects.bulk_create(
        WatchedWord(word=by_key[key], key=key, act=act, link=link, added_by_id=by, added_at=now)
        for key in by_key
        if key in fresh
    )
    count = len(fresh) + len(changed)
    _log(viewer, reason, {"act": act, "added": count}, is_cover=is_cover)
    return count


@transaction.atomic
def unwatch_words(viewer: Viewer, word_ids: Collection[int], *, reason: str) -> int:
    """Watch some words no longer; return how many. Raises Invalid, Refused; emits WordsChanged."""
    may_watch(viewer)
    gathered = Gathered()
    with gathered:
        reason = modlog.check_reason(reason)
    if not word_ids:
        gathered.wrong["chosen"] = "nothing_chosen"
    gathered.enforce()
    versions.raise_version(VERSION)
    chosen = WatchedWord.objects.filter(id__in=list(word_ids))
    is_cover = chosen.filter(act=COVER).exists()
    gone, _ = chosen.delete()
    if not gone:
        raise Invalid({"chosen": "nothing_chosen"})
    _log(viewer, reason, {"removed": gone}, is_cover=is_cover)
    return gone


def _log(viewer: Viewer, reason: str, facts: dict[str, int | str], *, is_cover: bool) -> None:
    if is_cover:
        versions.raise_version(COVERED)
    log_n = modlog.append(
        "words.change",
        role="moderator",
        reason=reason,
        actor_id=viewer.require_member(),
        facts=facts,
    )
    emit(WordsChanged(log_n=log_n, is_cover=is_cover))
