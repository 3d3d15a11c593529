"""JSON routes for users, sessions, tokens, sign-in and the audit log."""
