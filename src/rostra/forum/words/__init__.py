"""Watched words: what may not be said, is covered, waits to be looked at, or leads somewhere."""
