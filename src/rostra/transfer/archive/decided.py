"""The parts of the archive about what administrators decided for the whole forum."""

from __future__ import annotations

from rostra.forum.notices.models import Notice
from rostra.forum.smilies.models import Smilie
from rostra.kernel.models import Chosen
from rostra.transfer.archive.tables import Part

# Before members: what those say of themselves is rendered with them.
SMILIES = Part(
    "smilies",
    Smilie,
    ("id", "code", "sign", "key", "picture", "words", "width", "height", "is_on", "position"),
)
DECIDED = (
    Part("settings", Chosen, ("name", "value")),
    Part(
        "notices",
        Notice,
        (
            "id",
            "texts",
            "audience",
            "board_ids",
            "starts_at",
            "ends_at",
            "is_dismissible",
            "edits",
            "written_by_id",
            "written_at",
        ),
    ),
)
