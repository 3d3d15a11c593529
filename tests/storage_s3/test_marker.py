"""The owner marker, in a folder and in a bucket."""

import asyncio
import json
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from aishare.core.errors import CorruptObject, LocationOwned
from aishare.storage.base import Source
from aishare.storage.local import LocalConfig, LocalStorageBackend
from aishare.storage.marker import MARKER_KEY, claim, owner_of, read_owner
from aishare.storage.s3.backend import open_s3
from tests.support.s3server import new_bucket
from tests.support.s3servers import s3_server
from tests.storage_s3.conftest import config_of


@pytest.fixture(params=["local", "seaweedfs"])
async def opened(request, tmp_path):
    """Opens the same place again and again, as other installations would."""
    async with AsyncExitStack() as stack:
        if request.param == "local":

            async def new(_prefix=""):
                return LocalStorageBackend(LocalConfig(tmp_path / (_prefix or "root")))
        else:
            server = s3_server(request.param)
            bucket = await stack.enter_async_context(new_bucket(server))

            async def new(prefix=""):
                return await open_s3(config_of(server, bucket, prefix=prefix))

        made = []

        async def open_one(prefix=""):
            made.append(await new(prefix))
            return made[-1]

        yield open_one
        for backend in made:
            await backend.aclose()
