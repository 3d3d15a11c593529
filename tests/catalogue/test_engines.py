"""What `Catalogue` promises, on both engines."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import Connection, bindparam, func, insert, select, text

from aishare.catalogue import schema
from aishare.catalogue.database.opening import open_catalogue
from aishare.catalogue.database.session import Catalogue, Lookup
from aishare.core.errors import CatalogueUnavailable, Conflict, InvalidInput, NotFound
from tests.support.catalogue import NOW

_LOCK_OF = Lookup(
    select(schema.login_throttle.c.locked_until).where(schema.login_throttle.c.subject == bindparam("subject")),
    lambda row: row[0],
)


def _insert(connection: Connection, subject: str, failures: int = 1) -> None:
    values = {"subject": subject, "failures": failures, "first_failure_at": NOW, "locked_until": NOW}
    connection.execute(insert(schema.login_throttle).values(**values))


def _count(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(schema.login_throttle)).scalar_one()


async def test_a_write_returns_what_its_function_returns(catalogue: Catalogue) -> None:
    assert await catalogue.write(lambda connection: connection.execute(text("SELECT 7")).scalar_one()) == 7


async def test_a_look_up_sees_each_write_as_soon_as_it_returns(catalogue: Catalogue) -> None:
    for number in range(50):
        subject = f"user:{number}"
        assert await catalogue.lookup(_LOCK_OF, subject=subject) is None
        await catalogue.write(lambda connection, subject=subject: _insert(connection, subject))
        assert await catalogue.lookup(_LOCK_OF, subject=subject) == NOW
        assert await catalogue.read(_count) == number + 1


async def test_times_come_back_aware_and_exact(catalogue: Catalogue) -> None:
    await catalogue.write(lambda connection: _insert(connection, "user:x"))
    found = await catalogue.lookup(_LOCK_OF, subject="user:x")
    assert found == NOW
    assert found.utcoffset() == timedelta(0)


async def test_a_function_that_raises_leaves_nothing(catalogue: Catalogue) -> None:
    def fail(connection: Connection) -> None:
        _insert(connection, "user:x")
        raise NotFound("on purpose")

    with pytest.raises(NotFound, match="on purpose"):
        await catalogue.write(fail)
    assert await catalogue.read(_count) == 0


async def test_a_broken_unique_constraint_is_a_conflict_without_values(catalogue: Catalogue) -> None:
    await catalogue.write(lambda connection: _insert(connection, "user:x"))
    with pytest.raises(Conflict) as caught:
        await catalogue.write(lambda connection: _insert(connection, "user:x"))
    assert "user:x" not in str(caught.value)


async def test_failures_do_not_touch_the_neighbours(catalogue: Catalogue) -> None:
    def change(connection: Connection, number: int) -> None:
        _insert(connection, f"user:{number}")
        if number % 4 == 1:
            raise NotFound("on purpose")
        if number % 4 == 2:
            _insert(connection, f"user:{number}")
        if number % 4 == 3:
            connection.execute(text("SELECT no_such_column FROM users"))

    writes = [catalogue.write(lambda connection, number=number: change(connection, number)) for number in range(80)]
    outcomes = await asyncio.gather(*writes, return_exceptions=True)
    kinds = [type(outcome) for outcome in outcomes]
    assert kinds == [type(None), NotFound, Conflict, CatalogueUnavailable] * 20
    subjects = select(schema.login_throttle.c.subject)
    kept = await catalogue.read(lambda connection: set(connection.execute(subjects).scalars()))
    assert kept == {f"user:{number}" for number in range(0, 80, 4)}


async def test_two_hundred_writers_at_once(catalogue: Catalogue) -> None:
    await asyncio.gather(
        *(catalogue.write(lambda connection, n=number: _insert(connection, f"user:{n}")) for number in range(200))
    )
    assert await catalogue.read(_count) == 200


async def test_even_an_exit_raised_by_a_function_reaches_its_caller_alone(catalogue: Catalogue) -> None:
    async def write_exiting() -> str:
        def leave(_connection: Connection) -> None:
            raise asyncio.CancelledError

        try:
            await catalogue.write(leave)
        except asyncio.CancelledError:
            return "cancelled"
        return "not raised"

    assert await asyncio.wait_for(asyncio.create_task(write_exiting()), 10) == "cancelled"
    await asyncio.wait_for(catalogue.write(lambda connection: _insert(connection, "user:x")), 10)


async def test_a_cancelled_caller_harms_nobody(catalogue: Catalogue) -> None:
    tasks = [
        asyncio.create_task(catalogue.write(lambda connection, n=number: _insert(connection, f"user:{n}")))
        for number in range(40)
    ]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert outcomes[1::2] == [None] * 20
    await catalogue.write(lambda connection: _insert(connection, "user:after"))
    assert await catalogue.read(_count) >= 21


async def test_closing_finishes_what_was_accepted(url: str) -> None:
    catalogue = await open_catalogue(url)
    writes = [
        asyncio.create_task(catalogue.write(lambda connection, n=number: _insert(connection, f"user:{n}")))
        for number in range(60)
    ]
    await asyncio.sleep(0)
    if catalogue.label == "postgresql":
        await asyncio.gather(*writes)
    await catalogue.aclose()
    assert await asyncio.wait_for(asyncio.gather(*writes), 10) == [None] * 60
    await catalogue.aclose()
    again = await open_catalogue(url)
    assert await again.read(_count) == 60
    await again.aclose()


@pytest.mark.parametrize("value", ["a\0b", "\ud800", "x" * 2_000_000])
async def test_no_text_of_a_client_is_taken_for_a_broken_database(catalogue: Catalogue, value: str) -> None:
    async def look_up() -> object:
        try:
            return await catalogue.lookup(_LOCK_OF, subject=value)
        except InvalidInput:
            return None

    statement = select(schema.users.c.id).where(schema.users.c.username_key == value)
    assert await look_up() is None
    try:
        assert await catalogue.read(lambda connection: connection.execute(statement).first()) is None
    except InvalidInput:
        return


async def test_a_number_too_large_for_the_database_is_bad_input(catalogue: Catalogue) -> None:
    statement = select(schema.files.c.id).where(schema.files.c.size_bytes > 10**30)
    with pytest.raises(InvalidInput):
        await catalogue.read(lambda connection: connection.execute(statement).first())
    with pytest.raises(InvalidInput):
        await catalogue.write(lambda connection: connection.execute(statement).first())


async def test_short_lived_look_ups_are_not_mixed_up(catalogue: Catalogue) -> None:
    for number in range(50):
        lookup = Lookup(select(text(str(number))), lambda row: row[0])
        assert await catalogue.lookup(lookup) == number


async def test_ping_answers(catalogue: Catalogue) -> None:
    await catalogue.ping()
    assert catalogue.label in {"sqlite", "postgresql"}
