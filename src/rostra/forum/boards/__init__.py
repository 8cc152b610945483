"""The tree of categories and boards."""
