"""The frame of every page and the pieces they share."""
