"""What the list of changes says of those that were made by earlier versions; on both databases."""

from datetime import timedelta

from aishare.catalogue.configuration.configuration_changes import Change, insert_change, newest_changes
from aishare.catalogue.database.session import Catalogue
from aishare.catalogue.people.audit import AuditEntry, append_audit
from tests.support.catalogue import NOW


def change(number: int, **other: object) -> Change:
    """Each in a minute of its own."""
    made = NOW + timedelta(minutes=number)
    plain = {
        "id": f"c{number}", "number": 0, "state": "applied", "names": ("LOG_LEVEL",), "file": ".env",
        "backup_id": "backup", "actor_id": "1", "actor_name": "ada", "problem": None, "created_at": made,
        "confirm_until": None, "ended_at": made + timedelta(seconds=30),
    }  # fmt: skip
    return Change(**{**plain, **other})  # type: ignore[arg-type]


def noted(action: str, actor: str, of: Change, *, seconds: int) -> AuditEntry:
    assert of.ended_at is not None
    return AuditEntry(of.ended_at + timedelta(seconds=seconds), action, actor, target=of.file)


async def test_a_change_is_one_entry_with_the_one_who_ended_it(catalogue: Catalogue) -> None:
    """Reverts were followed by a copy of the change, which called itself applied by whoever had made it."""
    expired = change(1, state="reverted", problem="not confirmed in time")
    undone, kept = change(3, state="reverted"), change(5, state="confirmed")
    rows = [
        change(0), expired, change(2, backup_id=None), undone, change(4, backup_id=None), kept,
        change(6, file=None, backup_id=None), change(7, state="failed", problem="no"), change(8, backup_id=None),
    ]  # fmt: skip

    def fill(connection) -> None:
        for row in rows:
            insert_change(connection, row)
        append_audit(connection, noted("settings_expired", "the service", expired, seconds=2))
        append_audit(connection, noted("settings_reverted", "bob", undone, seconds=9))
        append_audit(connection, noted("settings_confirmed", "eve", kept, seconds=0))
        append_audit(connection, noted("settings_changed", "mallory", kept, seconds=0))

    await catalogue.write(fill)
    found = await catalogue.read(lambda connection: newest_changes(connection, limit=100))
    assert [(one.id, one.state, one.expired, one.ended_by) for one in reversed(found)] == [
        ("c0", "applied", False, None),
        ("c1", "reverted", True, "the service"),
        ("c3", "reverted", False, "bob"),
        ("c5", "confirmed", False, "eve"),
        ("c6", "applied", False, None),
        ("c7", "failed", False, None),
    ]
