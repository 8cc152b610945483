"""The parts of the archive that hold what waits for approval, whose posts do, and watched words."""

from __future__ import annotations

from rostra.forum.holds.models import Caution, Hold
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
    Part("cautions", Caution, ("id", "scope", "target_id", "until", "log_n", "set_at")),
    Part(
        "watched_words",
        WatchedWord,
        ("id", "word", "key", "act", "link", "added_by_id", "added_at"),
    ),
)
