"""The database itself: SQLite and PostgreSQL, opened, read and written."""
