"""Bringing pictures and files: who may, how much, who sees them, what becomes of them."""
