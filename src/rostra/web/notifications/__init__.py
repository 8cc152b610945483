"""What members were told, how they want to be told, and the letters."""
