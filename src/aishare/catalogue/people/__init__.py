"""Tables for users, sessions, tokens, sign-in attempts and the audit log."""

from aishare.catalogue.people.users import (
    Person,
)

__all__ = [
    "Person",
]
