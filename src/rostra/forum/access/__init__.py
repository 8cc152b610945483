"""Who is looking, and who may do what where."""
