"""What moderators do with threads and posts: one page for a thread, one for chosen posts."""
