"""Useful to any site: nothing in here knows what a forum is."""
