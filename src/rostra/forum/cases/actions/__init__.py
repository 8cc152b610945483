"""Reporting, working on cases, deciding them."""
