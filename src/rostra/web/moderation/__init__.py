"""The moderation log."""
