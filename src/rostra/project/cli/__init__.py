"""The command `rostra`."""
