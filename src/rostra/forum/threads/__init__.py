"""Threads and posts: the heart."""
