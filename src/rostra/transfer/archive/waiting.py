"""The parts of the archive about what waits, whose posts do, watched words, and clean-ups."""

from __future__ import annotations

from rostra.forum.cleaning.models import Cleaning
from rostra.forum.holds.models import Caution, Hold, KnownHost
from rostra.forum.words.models import WatchedWord
from rostra.transfer.archive.tables import Part

WAITING = (
    Part(
        "holds",
        Hold,
        (
            "id",
            "kind",
            "post_id",
            "thread_id",
            "board_id",
            "author_id",
            "reasons",
            "names",
            "bunch",
            "state",
            "version",
            "held_at",
            "source",
            "more",
            "decided_by_id",
            "decided_at",
            "words",
            "log_n",
        ),
    ),
    Part(
        "cleanings",
        Cleaning,
        ("log_n", "member_id", "by_id", "at", "posts", "threads", "had", "undone_n"),
    ),
    Part("cautions", Caution, ("id", "scope", "target_id", "until", "log_n", "set_at")),
    Part("known_hosts", KnownHost, ("host",)),
    Part(
        "watched_words",
        WatchedWord,
        ("id", "word", "key", "act", "link", "added_by_id", "added_at"),
    ),
)
