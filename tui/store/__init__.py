"""SQLite: a cache that may be deleted, and notes that may not."""
