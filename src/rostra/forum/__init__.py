"""What a forum is and what may be done in it."""
