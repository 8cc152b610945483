"""Taking one's own data along: asking for the archive, having it made, fetching it."""
