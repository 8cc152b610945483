"""Private conversations, and the reported messages that staff are shown."""
