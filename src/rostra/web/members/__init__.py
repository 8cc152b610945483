"""Members' pages and the list of members."""
