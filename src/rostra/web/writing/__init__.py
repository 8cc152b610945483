"""Writing: threads, replies, edits, reactions, and what helps whoever writes."""
