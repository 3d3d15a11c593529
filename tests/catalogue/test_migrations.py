"""The numbered migrations and schema.py must say the same."""

import asyncio
import sys

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

from aishare.catalogue.opening import open_catalogue
from aishare.catalogue.schema import metadata
from aishare.catalogue.session import Catalogue


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "include_name": lambda name, *_: name != "alembic_version"}
    )
    return compare_metadata(context, metadata)


async def test_migrated_tables_are_those_of_the_schema(catalogue: Catalogue) -> None:
    assert await catalogue.read(_differences) == []


async def test_a_missing_index_would_be_noticed(catalogue: Catalogue) -> None:
    await catalogue.write(lambda connection: connection.execute(text("DROP INDEX ix_files_object_id")))
    assert len(await catalogue.read(_differences)) == 1


async def test_opening_again_keeps_what_is_there(url: str) -> None:
    first = await open_catalogue(url)
    count = "SELECT count(*) FROM alembic_version"
    await first.aclose()
    second = await open_catalogue(url)
    assert await second.read(lambda connection: connection.execute(text(count)).scalar_one()) == 1
    await second.aclose()


_OPEN = """
import asyncio, sys
from aishare.catalogue.opening import open_catalogue
async def main():
    print("ready", flush=True)
    sys.stdin.readline()
    await (await open_catalogue(sys.argv[1])).aclose()
asyncio.run(main())
"""


async def test_several_processes_may_open_a_new_catalogue_at_the_same_moment(url: str) -> None:
    pipe = asyncio.subprocess.PIPE
    processes = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", _OPEN, url, stdin=pipe, stdout=pipe, stderr=pipe)
        for _ in range(4)
    ]
    for process in processes:
        await process.stdout.readline()
    errors = await asyncio.gather(*(process.communicate(b"go\n") for process in processes))
    assert [error for _, error in errors] == [b""] * 4
    assert [process.returncode for process in processes] == [0] * 4
