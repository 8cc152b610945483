"""Rostra: a discussion forum for communities that argue about the news."""
