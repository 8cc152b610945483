"""Posts a member keeps to come back to, with a note and a time to be reminded."""
