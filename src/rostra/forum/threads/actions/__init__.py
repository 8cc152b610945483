"""The ways to change threads and posts. Each is one transaction and one event."""
