"""The ways to change conversations; each is one transaction and one event."""
