"""The ways claims change; each is one transaction and one event."""
