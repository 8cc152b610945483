"""Watched words: the list, changed by those who moderate the whole forum."""
