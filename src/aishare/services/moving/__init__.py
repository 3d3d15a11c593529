"""Services for migrations, the spool and old copies."""
