"""Claims: what is asserted, by whom, on which source, and what became of it."""
