"""Readers of other forums: each turns one origin into plain records, and touches no database."""
