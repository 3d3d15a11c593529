"""Slowing down whoever guesses passwords: failures are counted per account and per address.

The account's limit is low. The address's is much higher, for many people may share one, and it is not counted at all
where the address is known to be that of a proxy: its failures are those of everybody behind it.
"""

import ipaddress
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from aishare.catalogue import audit, throttle
from aishare.catalogue.audit import AuditEntry
from aishare.catalogue.session import Catalogue, Connection
from aishare.catalogue.throttle import Limit
from aishare.core.clock import Clock
from aishare.core.errors import Throttled

_SUBJECT_MAX: Final = 100
_IPV6_PREFIX: Final = 64
"""What one subscriber gets (RFC 6177): its 2⁶⁴ addresses are one guesser."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an attempt comes from. `shared`: the address is that of a proxy, with anybody behind it."""

    address: str
    shared: bool = False


@dataclass(frozen=True, slots=True)
class SignInLimits:
    """So many failures within `lock` lock an account, or an address, for as long; no limit for addresses is None."""

    account: int
    address: int | None
    lock: timedelta


class SignInThrottle:
    """Kept in the database: a restart or another process forgets nothing.

    `kind`: what passwords are guessed for; those of links are counted apart from those of users.
    """

    def __init__(
        self, *, catalogue: Catalogue, limits: SignInLimits, clock: Clock, kind: Literal["user", "link"] = "user"
    ) -> None:
        self._catalogue = catalogue
        self._limits = limits
        self._clock = clock
        self._kind = kind

    async def refuse_locked(self, name: str, origin: Origin) -> None:
        """Throttled while the account or the address is locked, whether or not there is such an account."""
        subjects, now = list(self._subjects(name, origin)), self._clock()
        locked_until = await self._catalogue.read(lambda connection: throttle.locked_until(connection, subjects))
        if locked_until is not None and locked_until > now:
            raise Throttled(
                "Too many failed attempts.",
                retry_after_seconds=_seconds_until(locked_until, now),
                hint="Wait before you try again.",
            )

    async def note_failure(self, name: str, origin: Origin) -> None:
        """Counts it. In the audit log stands the user's name that was tried, and what was locked by it."""
        subjects, now = self._subjects(name, origin), self._clock()

        def note(connection: Connection) -> None:
            locked = [
                subject.partition(":")[0]
                for subject, limit in subjects.items()
                if throttle.record_failure(connection, subject, now=now, limit=limit)
            ]
            if self._kind == "user":
                audit.append_audit(connection, _entry(now, "sign_in_failed", name, origin))
                for target in locked:
                    audit.append_audit(connection, _entry(now, "sign_in_locked", name, origin, target=target))

        await self._catalogue.write(note)

    def clear(self, connection: Connection, name: str) -> None:
        """After a success. The address keeps its count: with an account of his own a guesser would set it back."""
        throttle.clear(connection, [self._account(name)])

    async def sweep(self) -> None:
        """Forgets what does not count any more: anybody can make rows here, with names that nobody has."""
        now = self._clock()
        before = now - self._limits.lock
        await self._catalogue.write(lambda connection: throttle.forget_old(connection, now=now, before=before))

    def _subjects(self, name: str, origin: Origin) -> dict[str, Limit]:
        lock = self._limits.lock
        subjects = {self._account(name): Limit(self._limits.account, lock, lock)}
        if self._limits.address is not None and not origin.shared:
            kind = "address" if self._kind == "user" else f"{self._kind}-address"
            subjects[f"{kind}:{_network(origin.address)}"] = Limit(self._limits.address, lock, lock)
        return subjects

    def _account(self, name: str) -> str:
        """Case folded as in the table of users, and cut to a bounded size."""
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


def _entry(now: datetime, action: str, username: str, origin: Origin, *, target: str | None = None) -> AuditEntry:
    return AuditEntry(now, action, username[:_SUBJECT_MAX], target=target, address=origin.address)


def _seconds_until(moment: datetime, now: datetime) -> int:
    return max(1, int((moment - now).total_seconds()) + 1)
