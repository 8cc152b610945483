"""Accounts, names, groups."""
