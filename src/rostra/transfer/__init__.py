"""Whole forums in and out."""
