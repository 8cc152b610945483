"""Documents and publishers: where they were linked, what became of them, saying what one is."""
