"""How large the forum was on each day, and how many came."""
