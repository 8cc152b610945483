"""Reactions and the score they add up to."""
