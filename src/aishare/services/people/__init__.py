"""Services for users, sessions, tokens, sign-in and the audit log."""

from aishare.services.people.passwords import (
    PasswordService,
)
from aishare.services.people.sign_in_throttle import (
    AttemptOrigin,
    SignInThrottle,
)

__all__ = [
    "AttemptOrigin",
    "PasswordService",
    "SignInThrottle",
]
