"""The parts of the archive about what administrators decided for the whole forum."""

from __future__ import annotations

from rostra.forum.notices.models import Notice
from rostra.kernel.models import Chosen
from rostra.transfer.archive.tables import Part

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
