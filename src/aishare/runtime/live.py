"""The running service: one `Runtime` at a time, replaced as a whole when the settings change."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from aishare.catalogue.database.opening import open_catalogue
from aishare.core.clock import utc_now
from aishare.core.errors import InvalidSettings, LocationOwned, SettingProblem, with_advice
from aishare.core.redaction import register_secrets
from aishare.runtime.attaching import attach_locations, no_locations
from aishare.runtime.foundation import Foundation, open_foundation
from aishare.runtime.locations import OpenLocations, open_locations
from aishare.runtime.restoring import RestoreBackup
from aishare.runtime.rooms import Runtime
from aishare.runtime.trials import StorageTrials
from aishare.runtime.wiring import wire
from aishare.services.configuration.configuration import ConfigurationService
from aishare.services.configuration.environment import EnvironmentService, ReadSettings, storage_problems
from aishare.services.configuration.nodes import NodeService
from aishare.services.configuration.secret_key import refuse_other_key
from aishare.settings.catalog import Settings
from aishare.settings.load import LoadedSettings
from aishare.settings.secrets import secret_values
from aishare.storage.checks.probe import ProbeReport


class LiveRuntime:
    """`current` is used for new requests; `configuration` reads the settings again and replaces it, `environment` edits
    their files.
    """

    def __init__(
        self,
        loaded: LoadedSettings,
        foundation: Foundation,
        opened: OpenLocations,
        *,
        read: ReadSettings,
        applied: Callable[[Settings], None],
    ) -> None:
        self._foundation = foundation
        self._opened = opened
        self._applied = applied
        self.current = self._wired(loaded.settings)
        self._trials = trials = StorageTrials(self._test)
        self.node = NodeService(name=foundation.node, catalogue=foundation.catalogue, clock=utc_now)
        self.configuration = ConfigurationService(
            running=loaded,
            read=read,
            apply=self._apply,
            restore=RestoreBackup(loaded.settings.data_dir, loaded.base_dir),
            node=self.node,
            catalogue=foundation.catalogue,
            clock=utc_now,
        )
        self.environment = EnvironmentService(
            running=lambda: self.configuration.running,
            read=read,
            test=trials.test,
            tested=trials.tested,
            commit=self.configuration,
            clock=utc_now,
        )

    async def open_known_locations(self) -> None:
        """Locations that another process applied, or that could not be opened or claimed before."""
        await self._opened.open_known()
        if await self._opened.claim():
            self.current = self._wired(self.current.settings)

    async def _apply(self, settings: Settings) -> None:
        """All or nothing: InvalidSettings if the storage of these settings does not work."""
        register_secrets(secret_values(settings))
        if self._opened.differ(settings):
            await self._refuse_broken_storage(settings)
            await self._switch(settings)
        await self._opened.open_spool(settings)
        self._foundation.reserve.configured_bytes = settings.disk_reserve_bytes
        self.current = self._wired(settings)
        self._applied(settings)

    async def _switch(self, settings: Settings) -> None:
        try:
            await self._opened.switch(settings)
        except LocationOwned as error:
            raise InvalidSettings([SettingProblem(with_advice(error.message, error.hint))]) from error

    async def _refuse_broken_storage(self, settings: Settings) -> None:
        report = await self._trials.tested(settings)
        if not report.ok:
            raise InvalidSettings(storage_problems(report))

    async def _test(self, settings: Settings) -> ProbeReport:
        return await self.current.configuration.storage.test(settings)

    def _wired(self, settings: Settings) -> Runtime:
        return wire(settings, self._foundation, places=self._opened)


@asynccontextmanager
async def open_live(
    loaded: LoadedSettings, *, read: ReadSettings, applied: Callable[[Settings], None], worker: int | None = None
) -> AsyncIterator[LiveRuntime]:
    """For a server. `read` reads the settings again, `applied` is called with those in effect.

    `worker`: the number of this process, if the server has several.
    """
    settings = loaded.settings
    async with (
        open_foundation(settings, worker=worker) as foundation,
        open_locations(settings, foundation, problems=loaded.storage_problems) as opened,
    ):
        yield LiveRuntime(loaded, foundation, opened, read=read, applied=applied)


@asynccontextmanager
async def open_runtime(loaded: LoadedSettings | Settings) -> AsyncIterator[Runtime]:
    """For one command: settings that do not change, and no background work.

    Raises InvalidSettings if they refer to another storage than the one in use, LocationOwned if to that of another
    installation.
    """
    settings, problems = _parts(loaded)
    async with (
        open_foundation(settings) as foundation,
        attach_locations(settings, foundation, problems=problems) as opened,
    ):
        yield wire(settings, foundation, places=opened)


@asynccontextmanager
async def open_people(loaded: LoadedSettings) -> AsyncIterator[Runtime]:
    """For a command about users and tokens: the storage is not opened, whatever its settings."""
    async with open_foundation(loaded.settings) as foundation, no_locations(loaded.settings, foundation) as none:
        yield wire(loaded.settings, foundation, places=none)


@asynccontextmanager
async def open_configuration(
    loaded: LoadedSettings, *, read: Callable[[], LoadedSettings]
) -> AsyncIterator[ConfigurationService]:
    """For a command: it serves no requests, and its changes reach the processes that do."""
    settings = loaded.settings
    catalogue = await open_catalogue(settings.effective_database_url.get_secret_value())
    try:
        await refuse_other_key(catalogue, settings, utc_now)
        yield ConfigurationService(
            running=loaded,
            read=read,
            apply=_nothing_to_apply,
            restore=RestoreBackup(settings.data_dir, loaded.base_dir),
            node=None,
            catalogue=catalogue,
            clock=utc_now,
        )
    finally:
        await catalogue.aclose()


def _parts(loaded: LoadedSettings | Settings) -> tuple[Settings, Sequence[SettingProblem]]:
    return (loaded, ()) if isinstance(loaded, Settings) else (loaded.settings, loaded.storage_problems)


async def _nothing_to_apply(_settings: Settings) -> None:
    """The settings have been validated while reading; the server processes test the storage."""
