"""Makes the demo's claims by the acts that members have, at the times they would have acted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rostra.content.previews.pages import PageFacts
from rostra.forum.access.viewer import Viewer
from rostra.forum.claims.actions.entries import (
    add_attribution,
    confirm_attribution,
    place_attribution,
)
from rostra.forum.claims.actions.making import make_claim
from rostra.forum.claims.circumstances import Circumstances
from rostra.forum.claims.rules import Entry
from rostra.forum.documents.actions.linking import document_at
from rostra.forum.documents.actions.reading import Look, keep
from rostra.project.demo import content


@dataclass
class Claims:
    """The demo's claims; who they are by, and which post is meant, is asked by key."""

    now: datetime
    viewer_of: Callable[[str], Viewer]
    post_of: Callable[[str, int], int]

    def make(self) -> None:
        """Keep what the pages say, then make each claim with what is said of it."""
        found = content.table("claims")
        for page in found["page"]:
            self._keep(page)
        for claim in found["claim"]:
            self._make(claim)

    def _keep(self, page: dict[str, Any]) -> None:
        document_id = document_at(page["url"], None)
        if document_id is None:
            raise ValueError(f"the demo knows no page at {page['url']!r}")
        facts = PageFacts(
            url=page["url"], title=page["title"], site=page["site"], authors="",
            published_at=self._at(page["at"]), is_exact=True, modified_at=None, language="en",
            kind="article", summary="", text=page["text"],
        )  # fmt: skip
        keep(document_id, Look(facts, 200))

    def _make(self, row: dict[str, Any]) -> None:
        post_id = self.post_of(row["thread"], row["post"])
        words = row.get("words", "")
        about = Circumstances(
            begins=self._at(row["began"]).date().isoformat() if "began" in row else "",
            place=row.get("place", ""),
            tags=row.get("tags", ""),
        )
        by = self.viewer_of(row["by"])
        made = make_claim(by, post_id, row["text"], row["kind"], words=words, about=about)
        for said in row["says"]:
            entry = Entry(
                stance=said["stance"],
                speaker=said["speaker"],
                url=said.get("url", ""),
                post_number=said.get("post"),
                quote=said.get("quote", ""),
                said=self._at(said["said"]).isoformat(),
                modality=said.get("modality", "stated"),
            )
            added = add_attribution(self.viewer_of(said["by"]), made.pk, entry)
            if "party" in said:
                place_attribution(self.viewer_of(said["placed_by"]), added.pk, said["party"])
            if "confirmed_by" in said:
                confirm_attribution(self.viewer_of(said["confirmed_by"]), added.pk)

    def _at(self, text: str) -> datetime:
        return content.moment(text, self.now)
