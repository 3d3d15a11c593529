"""JSON routes for migrations and background jobs."""
