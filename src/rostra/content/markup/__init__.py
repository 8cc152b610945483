"""Post source to safe HTML, in the native dialect and in those of other systems; pure."""
