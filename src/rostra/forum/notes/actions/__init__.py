"""The ways to change notes and what is said of them; each is one transaction."""
