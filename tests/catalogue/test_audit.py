"""The audit log: pages by keyset, filters, and whose request it was; on both databases."""

from datetime import datetime

import pytest

from aishare.catalogue.database.session import Catalogue
from aishare.catalogue.people.audit import AuditEntry, AuditFilter, AuditPage, AuditRow, append_audit, list_audit
from aishare.core.errors import InvalidInput
from aishare.core.logs import request_id
from aishare.core.request_context import client_address
from tests.support.catalogue import NOW, later


async def note(catalogue: Catalogue, *entries: AuditEntry) -> None:
    def write(connection) -> None:
        for entry in entries:
            append_audit(connection, entry)

    await catalogue.write(write)


async def page(catalogue: Catalogue, cursor: str | None = None, *, limit: int = 100, **wanted: object) -> AuditPage:
    chosen = AuditFilter(**wanted)  # type: ignore[arg-type]
    return await catalogue.read(lambda connection: list_audit(connection, chosen, cursor=cursor, limit=limit))


async def walk(catalogue: Catalogue, *, limit: int) -> list[AuditRow]:
    rows, cursor = [], None
    while True:
        found = await page(catalogue, cursor, limit=limit)
        rows += found.items
        assert len(found.items) <= limit
        if found.next_cursor is None:
            return rows
        cursor = found.next_cursor


async def test_pages_hold_every_row_once_the_newest_first_also_of_one_moment(catalogue: Catalogue) -> None:
    moments = [NOW, NOW, NOW, later(1), later(2), later(2), later(3)]
    await note(catalogue, *(AuditEntry(at, f"act_{number}", "ada") for number, at in enumerate(moments)))
    for limit in (1, 2, 3, 7, 100):
        rows = await walk(catalogue, limit=limit)
        assert sorted(row.action for row in rows) == [f"act_{number}" for number in range(7)]
        assert [row.at for row in rows] == sorted(moments, reverse=True)


async def test_what_is_added_while_one_turns_pages_shows_up_on_none_of_them(catalogue: Catalogue) -> None:
    await note(catalogue, *(AuditEntry(later(number), "old", "ada") for number in range(4)))
    first = await page(catalogue, limit=2)
    await note(catalogue, AuditEntry(later(9), "new", "ada"))
    second = await page(catalogue, first.next_cursor, limit=2)
    assert [row.action for row in first.items + second.items] == ["old"] * 4
    assert second.next_cursor is None


FILTERS: list[tuple[dict[str, str | datetime], list[str]]] = [
    ({}, ["e", "d", "c", "b", "a"]),
    ({"action": "sign_in"}, ["b", "a"]),
    ({"action": "sign"}, []),
    ({"actor": "ADA"}, ["d", "c", "a"]),
    ({"actor": "ad"}, []),
    ({"target": "100%"}, ["d"]),
    ({"target": "REPORT"}, ["c"]),
    ({"target": "log_level"}, ["e"]),
    ({"target": "_"}, ["e"]),
    ({"since": later(1), "until": later(3)}, ["c", "b"]),
    ({"since": later(4)}, ["e"]),
    ({"actor": "ada", "action": "sign_in", "until": later(1)}, ["a"]),
]


@pytest.fixture
async def filled(catalogue: Catalogue) -> Catalogue:
    await note(
        catalogue,
        AuditEntry(NOW, "sign_in", "ada", address="192.0.2.1"),
        AuditEntry(later(1), "sign_in", "grace", address="192.0.2.2"),
        AuditEntry(later(2), "link_created", "Ada", target="Report.pdf"),
        AuditEntry(later(3), "link_created", "ada", target="100% of it"),
        AuditEntry(later(4), "settings_changed", "command line", target=".env", detail="LOG_LEVEL"),
    )
    return catalogue


async def test_filters_choose(filled: Catalogue) -> None:
    names = {NOW: "a", later(1): "b", later(2): "c", later(3): "d", later(4): "e"}
    for wanted, expected in FILTERS:
        found = await page(filled, **wanted)
        assert [names[row.at] for row in found.items] == expected, wanted


async def test_a_filter_holds_on_every_page(filled: Catalogue) -> None:
    first = await page(filled, limit=2, actor="ada")
    second = await page(filled, first.next_cursor, limit=2, actor="ada")
    assert [row.at for row in first.items + second.items] == [later(3), later(2), NOW]


@pytest.mark.parametrize(
    "cursor", ["", "x", "W10=", "WzEsMl0=", "WyJ4IiwieSJd", "bnVsbA==", "é", "WyIyMDI2LTAxLTAxIiwxXQ=="]
)
async def test_a_cursor_that_is_none_is_refused(catalogue: Catalogue, cursor: str) -> None:
    with pytest.raises(InvalidInput):
        await page(catalogue, cursor)


async def test_a_row_made_inside_a_transaction_knows_whose_request_it_was(catalogue: Catalogue) -> None:
    """SQLite writes in a thread of its own, PostgreSQL does not."""
    request_id.set("of this request")
    client_address.set("192.0.2.7")
    await catalogue.write(lambda connection: append_audit(connection, AuditEntry(NOW, "made_inside", "ada")))
    (row,) = (await page(catalogue)).items
    assert (row.request_id, row.address) == ("of this request", "192.0.2.7")
