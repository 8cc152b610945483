"""Voting, changing a poll, who voted where that is public."""
