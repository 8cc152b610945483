"""Private conversations of a few members, and the reports of their messages."""
