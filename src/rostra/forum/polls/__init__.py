"""Polls above threads: options, ballots, counts."""
