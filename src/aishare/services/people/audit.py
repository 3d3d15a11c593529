"""Reading the audit log: page by page, or all of it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Final

from aishare.catalogue.database.session import Catalogue
from aishare.catalogue.people import audit
from aishare.catalogue.people.audit import AuditEntry, AuditFilter, AuditPage, AuditRow
from aishare.catalogue.people.users import User
from aishare.core.clock import Clock

_EXPORT_PAGE: Final = 1000


class AuditService:
    """All actions, newest first."""

    def __init__(self, *, catalogue: Catalogue, clock: Clock) -> None:
        self._catalogue = catalogue
        self._clock = clock

    async def page(self, wanted: AuditFilter, *, cursor: str | None, limit: int) -> AuditPage:
        """InvalidInput for an invalid cursor."""
        return await self._catalogue.read(
            lambda connection: audit.list_audit(connection, wanted, cursor=cursor, limit=limit)
        )

    async def export(
        self, actor: User, wanted: AuditFilter, *, form: str, check: Callable[[], Awaitable[object]]
    ) -> AsyncIterator[Sequence[AuditRow]]:
        """Everything that existed when it began, a page at a time; the export itself is recorded.

        `check` raises if the caller's permission ends, because a long export can outlive a session.
        """
        page = await self.page(wanted, cursor=None, limit=_EXPORT_PAGE)
        entry = AuditEntry(self._clock(), "audit_exported", actor.username, actor_id=actor.id, detail=form)
        await self._catalogue.write(lambda connection: audit.append_audit(connection, entry))
        return self._pages(page, wanted, check)

    async def _pages(
        self, page: AuditPage, wanted: AuditFilter, check: Callable[[], Awaitable[object]]
    ) -> AsyncIterator[Sequence[AuditRow]]:
        yield page.items
        while page.next_cursor is not None:
            await check()
            page = await self.page(wanted, cursor=page.next_cursor, limit=_EXPORT_PAGE)
            yield page.items
