"""Taking away all that a spammer left, at once, and putting it back exactly within thirty days."""
