"""What follows after something happened."""
