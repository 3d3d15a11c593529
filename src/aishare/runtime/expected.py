"""Which location the settings refer to: one that the database knows, or a new one.

A known folder without its marker is not a new location. It is the mount point of a disk that is missing, was emptied,
or was replaced.
"""

import os
from dataclasses import replace
from typing import Final

from aishare.catalogue.database.session import Catalogue
from aishare.catalogue.integrity import locations
from aishare.catalogue.integrity.locations import ACTIVE, READABLE, SPOOL, Location
from aishare.core.errors import AishareError, BackendError, InvalidSettings, SettingProblem
from aishare.runtime.places import fingerprint_of, local_marker, new_folder, open_trial, s3_fingerprint
from aishare.settings.catalog import Settings
from aishare.settings.sealing import seal, unseal
from aishare.storage.base import BaseStorageBackend

_WAYS_OUT: Final = (
    "Run this command with the settings of the server: in its folder, or with its --env-file and --data-dir. A "
    "server that starts with these settings would store new files in the other storage"
)


async def expected_location(settings: Settings, catalogue: Catalogue) -> Location | None:
    """The location of the local folder in these settings; if its marker is missing, what it was before. None: a new
    place, or S3.
    """
    if settings.storage_type != "local":
        return None
    rows = [(row, sealed) for row, sealed in await catalogue.read(locations.sealed_configs) if _is_disk(row)]
    before = [row for row, sealed in rows if _leads_here(sealed, settings)]
    try:
        marker = await local_marker(settings)
    except BackendError:
        if not before:
            raise
        marker = None
    found = None if marker is None else fingerprint_of("local", marker)
    recognised = next((row for row, _ in rows if row.fingerprint == found), None)
    return recognised or _latest(before)


async def open_recognising(settings: Settings, catalogue: Catalogue) -> BaseStorageBackend:
    """A trial that fails and writes nothing if the folder is known but has changed."""
    known = await expected_location(settings, catalogue)
    return await open_trial(settings, fingerprint=None if known is None else known.fingerprint)


async def adopt_folder(settings: Settings, catalogue: Catalogue) -> None:
    """When an administrator confirms it: a local folder that has changed is a new location, ready to be used."""
    if settings.storage_type != "local":
        return
    known = await expected_location(settings, catalogue)
    new = await new_folder(settings)
    if known is not None and known.fingerprint != new.fingerprint:
        row = replace(new, state=READABLE)
        sealed = seal(settings)
        await catalogue.write(lambda connection: locations.put_location(connection, row, sealed=sealed))


async def refuse_other_than_active(settings: Settings, catalogue: Catalogue) -> None:
    """For a command: InvalidSettings if its settings refer to another storage than that of the server."""
    rows = await catalogue.read(locations.sealed_configs)
    active, sealed = next(((row, sealed) for row, sealed in rows if row.state == ACTIVE), (None, None))
    if active is None or await _leads_to(settings, catalogue) == active.fingerprint:
        return
    name = "LOCAL_STORAGE_PATH" if settings.storage_type == "local" else "STORAGE_TYPE"
    text = (
        f"refers to a different storage than the one in use, {active.label}{_place_of(sealed, settings)}. {_WAYS_OUT}"
    )
    raise InvalidSettings([SettingProblem(text, name)])


async def _leads_to(settings: Settings, catalogue: Catalogue) -> str | None:
    """The fingerprint of the place; None for an unknown folder."""
    if settings.storage_type != "local":
        return s3_fingerprint(settings)
    known = await expected_location(settings, catalogue)
    return None if known is None else known.fingerprint


def _is_disk(row: Location) -> bool:
    return row.kind == "local" and row.state != SPOOL


def _latest(rows: list[Location]) -> Location | None:
    active = [row for row in rows if row.state == ACTIVE]
    return max(active or rows, key=lambda row: row.created_at, default=None)


def _leads_here(sealed: bytes | None, settings: Settings) -> bool:
    before = _unsealed(sealed, settings)
    if before is None or before.storage_type != "local":
        return False
    return os.path.realpath(before.local_storage_path) == os.path.realpath(settings.local_storage_path)


def _place_of(sealed: bytes | None, settings: Settings) -> str:
    before = _unsealed(sealed, settings)
    return f" at {before.local_storage_path}" if before is not None and before.storage_type == "local" else ""


def _unsealed(sealed: bytes | None, settings: Settings) -> Settings | None:
    try:
        return None if sealed is None else unseal(sealed, settings)
    except AishareError:
        return None
