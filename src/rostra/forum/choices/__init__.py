"""What the forum's administrators decide for all of it: name, colours, who joins, limits."""
