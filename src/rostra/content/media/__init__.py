"""Pictures and files that members bring: accepted, made anew, stored, given out again."""
