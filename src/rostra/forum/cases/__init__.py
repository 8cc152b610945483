"""What was reported: one case an item, decided by staff, and what is said against decisions."""
