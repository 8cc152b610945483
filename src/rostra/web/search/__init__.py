"""Searching, and what a search field suggests."""
