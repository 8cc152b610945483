"""What's new, Atom feeds and sitemaps."""
