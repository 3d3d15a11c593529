"""Users, sessions, tokens, signing in, and the audit log. Their JSON."""
