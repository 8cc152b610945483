"""Threads and the addresses of posts."""
