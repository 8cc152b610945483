"""Acts that weigh much: a second person confirms them, where there is one (ABU-016)."""
