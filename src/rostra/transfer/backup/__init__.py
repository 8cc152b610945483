"""Backups: the whole forum in one file, made while it is in use, verified, restored."""
