"""Erasing a member for good: what of theirs stands where, and what becomes of it."""
