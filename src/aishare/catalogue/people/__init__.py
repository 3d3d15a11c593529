"""Users, sessions, tokens, signing in, and the audit log. Their rows."""

from aishare.catalogue.people.users import (
    Person,
)

__all__ = [
    "Person",
]
