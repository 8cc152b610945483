"""The moderation log: append, never edit; every row is chained to the one before."""
