"""HTML in and out; the only room that knows templates."""
