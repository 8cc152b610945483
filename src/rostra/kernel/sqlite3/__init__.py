"""Django's backend for SQLite, with fair turns for writers and an end where writing is not safe."""
