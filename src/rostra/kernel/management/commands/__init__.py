"""The commands of `rostra manage` that differ from Django's."""
