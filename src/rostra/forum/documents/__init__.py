"""Documents elsewhere that posts link to: what they said, when, and what became of them."""
