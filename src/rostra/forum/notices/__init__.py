"""Notices above pages: what administrators have to tell everybody, guests, or members."""
