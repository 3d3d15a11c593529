"""A demonstration: real users, flagged as demo, with their own files."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from aishare.catalogue.people.sessions import Caller
from aishare.core.errors import Conflict
from aishare.core.paths import parse_path
from aishare.services.content import UploadService
from aishare.services.people.samples import samples
from aishare.services.people.users import NewUser, UserService

_USERS: Final = (
    NewUser("ada", display_name="Ada, data scientist", demo=True),
    NewUser("grace", display_name="Grace, image researcher", demo=True),
    NewUser("alan", display_name="Alan, model evaluation", demo=True),
    NewUser("admin", display_name="Admin, runs the storage", demo=True, superuser=True),
)
"""None of them has a password: they can only sign in from the sign-in page in demo mode."""


async def seed_demo(*, users: UserService, uploads: UploadService) -> bool:
    """Creates the demo users and their files if there are no users yet; otherwise returns False."""
    if await users.count() > 0:
        return False
    callers = {}
    for new in _USERS:
        try:
            user = await users.create(new)
        except Conflict:  # another process does the same at this moment
            return False
        callers[user.username] = Caller(user=user)
    for sample in await asyncio.to_thread(lambda: list(samples())):
        await uploads.upload(
            callers[sample.username],
            parse_path(sample.path),
            _one_piece(sample.content),
            announced_bytes=len(sample.content),
        )
    return True


async def _one_piece(content: bytes) -> AsyncIterator[bytes]:
    yield content
