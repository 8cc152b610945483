"""What was uploaded, given out; what the composer uploads; the picture beside one's name."""
