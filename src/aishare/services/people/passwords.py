"""Passwords: Argon2id in its own small thread pool, so that sign-ins never block downloads."""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from aishare.core.errors import InvalidInput, Throttled

T = TypeVar("T")

MIN_PASSWORD_LENGTH: Final = 8
"""NIST SP 800-63B-4 §3.1.1: at least 8 characters, no rules of composition."""

MAX_PASSWORD_LENGTH: Final = 1024

_WAITING_MAX: Final = 32
"""Most hashes in the queue; further sign-ins are refused. 32 hashes of 20 ms take over half a second on one core."""

_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""OWASP's minimum for Argon2id: 2 passes, 19 MiB, one lane; about 20 ms (docs/decisions on passwords)."""

_DUMMY_HASH: Final = _HASHER.hash("no user has this password")
"""Checked when there is no user, so that an unknown name takes as long as a wrong password."""


class PasswordService:
    """Hashes and checks passwords off the event loop."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=os.cpu_count() or 1, thread_name_prefix="password")
        self._waiting = 0

    async def hash(self, password: str) -> str:
        """The encoded hash; InvalidInput if the password is too short or too long."""
        check_password(password)
        return await self._run(lambda: _HASHER.hash(password))

    async def verify(self, password: str, encoded: str | None) -> bool:
        """Whether the password matches; without a hash (no such user, no password set) False after the same work."""
        fits = await self._run(lambda: _fits(encoded or _DUMMY_HASH, password[: MAX_PASSWORD_LENGTH + 1]))
        return fits and encoded is not None

    def close(self) -> None:
        """Ends the threads."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _run(self, work: Callable[[], T]) -> T:
        if self._waiting >= _WAITING_MAX:
            raise Throttled("Too many people are signing in at the moment.", retry_after_seconds=2)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._waiting -= 1


def check_password(password: str) -> None:
    """InvalidInput if the password is not allowed."""
    if not MIN_PASSWORD_LENGTH <= len(password) <= MAX_PASSWORD_LENGTH:
        raise InvalidInput(
            f"Passwords must have {MIN_PASSWORD_LENGTH} to {MAX_PASSWORD_LENGTH} characters.",
            hint="A few random words make a good password.",
        )


def _fits(encoded: str, password: str) -> bool:
    try:
        return _HASHER.verify(encoded, password)
    except (VerificationError, InvalidHashError):
        return False
