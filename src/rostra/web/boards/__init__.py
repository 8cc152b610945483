"""Front page and boards."""
