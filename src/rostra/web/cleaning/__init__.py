"""Cleaning up after a member: everything it would do on one page, and the way back."""
