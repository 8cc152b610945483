"""Converts published research corpora into this forum's archive format, for tests and benches."""
