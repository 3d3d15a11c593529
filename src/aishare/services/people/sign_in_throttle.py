"""Limits on guessing passwords: failed sign-ins are counted per account and per address.

The limit per account is low. The limit per address is much higher, because many people may share an address, and higher
still if it seems to be that of a proxy, which counts the failures of everyone behind it.

An attempt is counted before its password is checked, and the count is undone if it was correct: of many parallel
attempts, no more are checked than the limit allows. Attempts for one account take turns in a process, so that people
who know the password do not lock each other out.
"""

import asyncio
import ipaddress
import unicodedata
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from weakref import WeakValueDictionary

from aishare.catalogue.database.session import Catalogue, Connection
from aishare.catalogue.people import audit, throttle
from aishare.catalogue.people.audit import AuditEntry
from aishare.catalogue.people.throttle import Limit
from aishare.core.clock import Clock
from aishare.core.errors import Throttled, WrongCredentials

_SUBJECT_MAX: Final = 100
_IPV6_PREFIX: Final = 64
"""What one subscriber gets (RFC 6177): its 2⁶⁴ addresses count as one client."""

_SHARED_TIMES: Final = 4
"""Factor by which an unlisted proxy may fail more often than a single client. Any client in a private network can look
like such a proxy, so this does not lift the limit.
"""


@dataclass(frozen=True, slots=True)
class AttemptOrigin:
    """Where an attempt comes from. `shared`: the address seems to be that of a proxy with many users."""

    address: str
    shared: bool = False


@dataclass(frozen=True, slots=True)
class SignInLimits:
    """The number of failures within `lock` that lock an account, or an address, for the same time; None: no limit for
    addresses.
    """

    account: int
    address: int | None
    lock: timedelta


class SignInThrottle:
    """Stored in the database, so that restarts and other processes know it too.

    `kind`: what the passwords are for; those of links are counted separately from those of users.
    """

    def __init__(
        self, *, catalogue: Catalogue, limits: SignInLimits, clock: Clock, kind: Literal["user", "link"] = "user"
    ) -> None:
        self._catalogue = catalogue
        self._limits = limits
        self._clock = clock
        self._kind = kind
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def attempt(self, name: str, origin: AttemptOrigin) -> AsyncIterator[None]:
        """Wraps the check of a password: Throttled while the account or the address is locked, whether or not the
        account exists. WrongCredentials from inside counts as a failure; a success resets the account's count but not
        the address's, because someone with an account could otherwise reset it.
        """
        async with self._turn(self._account(name)):
            await self._refuse_locked(name, origin)
            locking = await self._take(name, origin)
            try:
                yield
            except WrongCredentials:
                await self._note_failure(name, origin, locking)
                raise
            except BaseException:
                await self._give_back(name, origin)  # the password was not checked
                raise
            await self._give_back(name, origin, succeeded=True)

    async def sweep(self) -> None:
        """Deletes counts that no longer matter: anyone can create rows here, with names that do not exist."""
        now = self._clock()
        before = now - self._limits.lock
        await self._catalogue.write(lambda connection: throttle.forget_old(connection, now=now, before=before))

    def _turn(self, account: str) -> asyncio.Lock:
        return self._turns.setdefault(account, asyncio.Lock())

    async def _refuse_locked(self, name: str, origin: AttemptOrigin) -> None:
        """Without writing: a client that goes on guessing must not cost much."""
        subjects = list(self._subjects(name, origin))
        until = await self._catalogue.read(lambda connection: throttle.locked_until(connection, subjects))
        self._refuse(until)

    async def _take(self, name: str, origin: AttemptOrigin) -> tuple[str, ...]:
        """Counts it; returns what is locked if it fails."""
        subjects, now = self._subjects(name, origin), self._clock()
        taken = await self._catalogue.write(lambda connection: throttle.take_attempt(connection, subjects, now=now))
        self._refuse(taken.refused_until)
        return taken.locking

    async def _give_back(self, name: str, origin: AttemptOrigin, *, succeeded: bool = False) -> None:
        subjects, account = list(self._subjects(name, origin)), self._account(name)

        def change(connection: Connection) -> None:
            throttle.give_back(connection, subjects)
            if succeeded:
                throttle.clear(connection, [account])

        await self._catalogue.write(change)

    async def _note_failure(self, name: str, origin: AttemptOrigin, locking: tuple[str, ...]) -> None:
        """The audit log contains the attempted user name, and what was locked."""
        if self._kind != "user":
            return
        now = self._clock()
        entries = [_entry(now, "sign_in_failed", name, origin)]
        entries += [
            _entry(now, "sign_in_locked", name, origin, target=subject.partition(":")[0]) for subject in locking
        ]

        def note(connection: Connection) -> None:
            for entry in entries:
                audit.append_audit(connection, entry)

        await self._catalogue.write(note)

    def _refuse(self, locked_until: datetime | None) -> None:
        now = self._clock()
        if locked_until is not None and locked_until > now:
            raise Throttled(
                "Too many failed attempts.",
                retry_after_seconds=_seconds_until(locked_until, now),
                hint="Wait before you try again.",
            )

    def _subjects(self, name: str, origin: AttemptOrigin) -> dict[str, Limit]:
        lock = self._limits.lock
        subjects = {self._account(name): Limit(self._limits.account, lock, lock)}
        if self._limits.address is not None:
            prefix = "" if self._kind == "user" else f"{self._kind}-"
            kind, times = ("proxy", _SHARED_TIMES) if origin.shared else ("address", 1)
            address = f"{prefix}{kind}:{_network(origin.address)}"
            subjects[address] = Limit(self._limits.address * times, lock, lock)
        return subjects

    def _account(self, name: str) -> str:
        """Case folded as in the table of users, and cut to a limited size."""
        return f"{self._kind}:{unicodedata.normalize('NFKC', name).casefold()[:_SUBJECT_MAX]}"


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:_SUBJECT_MAX]
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is None:
            return str(ipaddress.ip_network((parsed, _IPV6_PREFIX), strict=False))
        return str(parsed.ipv4_mapped)
    return str(parsed)


def _entry(
    now: datetime, action: str, username: str, origin: AttemptOrigin, *, target: str | None = None
) -> AuditEntry:
    return AuditEntry(now, action, username[:_SUBJECT_MAX], target=target, address=origin.address)


def _seconds_until(moment: datetime, now: datetime) -> int:
    return max(1, int((moment - now).total_seconds()) + 1)
