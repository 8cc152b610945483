"""Community notes: reading, rating and writing them; how they are set up."""
