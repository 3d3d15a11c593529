"""The audit log: who did what, when, from where. Rows are only ever added."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, insert

from aishare.catalogue import schema
from aishare.core.ids import new_id

COMMAND_LINE: Final = "command line"
"""The name of the actor, where a command acts and no user."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One act. `actor_name` stays readable after the user is gone; nothing here is ever a secret."""

    at: datetime
    action: str
    actor_name: str
    actor_id: str | None = None
    target: str | None = None
    detail: str | None = None
    address: str | None = None
    request_id: str | None = None


def append_audit(connection: Connection, entry: AuditEntry) -> None:
    """In the transaction of the act itself."""
    connection.execute(insert(schema.audit).values(id=new_id(), **asdict(entry)))
