"""Archives of their own data that members asked for: asked, being made, kept for some days."""
