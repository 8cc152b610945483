"""The ways documents come here and change; each is one transaction."""
