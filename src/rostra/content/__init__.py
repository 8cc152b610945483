"""Untrusted text in, safe output out; knows no members and no threads."""
