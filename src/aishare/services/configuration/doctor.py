"""`aishare storage doctor`: tests the storage and detects its features."""

import asyncio
import json
from dataclasses import asdict, dataclass
from typing import Final

from aishare.catalogue.database.session import Catalogue
from aishare.catalogue.integrity import locations
from aishare.core.errors import AishareError
from aishare.storage.base import BaseStorageBackend, StorageProfile
from aishare.storage.checks.probe import ProbeReport, run_probe

_PROFILE_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Each step with cause and remedy. There is no profile if a step failed, or for a disk; `problem` gives any other
    reason.
    """

    report: ProbeReport
    profile: StorageProfile | None
    problem: str | None = None


async def examine(backend: BaseStorageBackend) -> Diagnosis:
    """The connection test, then the profile. Never raises errors of the storage, and leaves nothing in it."""
    report = await run_probe(backend)
    if not report.ok or backend.profiler is None:
        return Diagnosis(report, None)
    try:
        async with asyncio.timeout(_PROFILE_SECONDS):
            return Diagnosis(report, await backend.profiler.profile())
    except TimeoutError:
        return Diagnosis(report, None, f"The storage did not respond within {_PROFILE_SECONDS:g} seconds.")
    except AishareError as error:
        return Diagnosis(report, None, error.message)


async def keep_profile(catalogue: Catalogue, location_id: str, profile: StorageProfile) -> None:
    """Stores it for the list of locations."""
    text = json.dumps(asdict(profile))
    await catalogue.write(lambda connection: locations.set_profile(connection, location_id, text))
