"""The parts of the archive that hold claims: themselves, who says what, what happened to them."""

from __future__ import annotations

from types import MappingProxyType

from rostra.forum.claims.models import Attribution, Claim, ClaimEvent, Dispute, Tagged, Watch
from rostra.transfer.archive.tables import Part

CLAIMS = (
    Part(
        "claims",
        Claim,
        (
            "id",
            "thread_id",
            "text",
            "kind",
            "maker_id",
            "made_at",
            "post_id",
            "quote",
            "anchor",
            "found",
            "state",
            "merged_into_id",
            "status",
            "history",
            "surest",
            "lacks_details",
            "entry_count",
            "changed_at",
            "proposed",
            "proposed_by_id",
            "superseded_by_id",
            "step",
            "step_into_id",
            "step_by_id",
            "begins",
            "ends",
            "place",
            "tags",
            "described",
            "described_by_id",
        ),
        MappingProxyType(
            {
                "superseded_by_id": None,
                "step": "",
                "step_into_id": None,
                "step_by_id": None,
                "begins": "",
                "ends": "",
                "place": "",
                "tags": "",
                "described": "",
                "described_by_id": None,
            }
        ),
    ),
    Part("claim_tags", Tagged, ("id", "claim_id", "tag")),
    Part(
        "claim_entries",
        Attribution,
        (
            "id",
            "claim_id",
            "speaker",
            "publisher_id",
            "root",
            "stance",
            "party",
            "modality",
            "has_details",
            "document_id",
            "post_id",
            "quote",
            "quote_check",
            "anchor",
            "found",
            "said_at",
            "is_exact",
            "at",
            "added_by_id",
            "added_at",
            "confirmed_by_id",
            "state",
        ),
    ),
    Part(
        "claim_disputes",
        Dispute,
        ("id", "attribution_id", "member_id", "reason", "at", "is_open"),
    ),
    Part("claim_watches", Watch, ("id", "claim_id", "member_id", "at")),
    Part("claim_events", ClaimEvent, ("id", "claim_id", "at", "kind", "member_id", "data")),
)
