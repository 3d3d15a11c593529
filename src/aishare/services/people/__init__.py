"""Users, sessions, tokens, signing in, and the audit log."""

from aishare.services.people.passwords import (
    PasswordService,
)
from aishare.services.people.sign_in_throttle import (
    Origin,
    SignInThrottle,
)

__all__ = [
    "Origin",
    "PasswordService",
    "SignInThrottle",
]
