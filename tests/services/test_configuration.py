"""Changes of the configuration, and the process's own look at what others changed."""

import asyncio
from collections.abc import Callable

from aishare.catalogue.database.session import Catalogue
from aishare.core.clock import utc_now
from aishare.services.configuration.configuration import ConfigurationService
from aishare.services.configuration.nodes import NodeService
from aishare.settings.catalog import Settings
from aishare.settings.load import LoadedSettings, load_settings


def _service(catalogue: Catalogue, node: NodeService, read: Callable[[], LoadedSettings]) -> ConfigurationService:
    async def apply(_: Settings) -> None:
        pass

    return ConfigurationService(
        running=read(),
        read=read,
        apply=apply,
        restore=lambda _backup, _file: None,
        node=node,
        catalogue=catalogue,
        clock=utc_now,
    )


async def test_a_change_says_what_it_changed_whoever_looks_meanwhile(sqlite, tmp_path, monkeypatch):
    file = tmp_path / ".env"
    file.write_text("SESSION_IDLE_HOURS=12\n")
    node = NodeService(name="here", catalogue=sqlite, clock=utc_now)
    await node.renew()
    service = _service(sqlite, node, lambda: load_settings(base_dir=tmp_path, environ={}))
    begin, looks = service._rollout.begin, []

    async def looked_at_once(*args, **kwargs):
        change = await begin(*args, **kwargs)
        looks.append(asyncio.create_task(service.follow()))
        await asyncio.wait(looks, timeout=1)  # it may have to wait for the change
        return change

    async def undo():
        file.write_text("SESSION_IDLE_HOURS=12\n")

    monkeypatch.setattr(service._rollout, "begin", looked_at_once)
    file.write_text("SESSION_IDLE_HOURS=8\n")
    done = await service.commit(None, names=["SESSION_IDLE_HOURS"], file=".env", backup_id=None, undo=undo)
    await asyncio.gather(*looks)
    assert done.reloaded.changed == ("SESSION_IDLE_HOURS",)
    assert service.running.settings.session_idle_hours == 8
