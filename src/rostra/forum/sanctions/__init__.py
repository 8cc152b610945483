"""Warnings with points, limits of members, and what staff write down about them."""
