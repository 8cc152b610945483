"""Pages for those who run the forum; no raw database editor."""
