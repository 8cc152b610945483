"""Bulk writing of records into this forum: resumable, repeatable, counted."""
