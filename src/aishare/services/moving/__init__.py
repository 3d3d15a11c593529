"""Moving objects between locations: migrations, the spool, and what they leave behind."""
