"""A change of the configuration in several processes on one data folder: all of them apply it, or none keeps it."""

import asyncio
import os
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.support.postgres import fresh_database
from tests.support.rollout import commit, maker
from tests.support.server import serving, wait_until

RELOAD = "/api/environment-variables/reload"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("SESSION_IDLE_HOURS=12\n")
    return tmp_path


@contextmanager
def two_nodes(folder, **second):
    """Two servers on one folder, and an administrator's client of each."""
    with ExitStack() as stack:
        servers = [stack.enter_context(serving(folder, environ=environ)) for environ in ({}, second)]
        yield [stack.enter_context(server.client("admin")) for server in servers]


async def states(folder):
    async with maker(folder) as configuration:
        return [change.state for change in await configuration.changes()]


def value(client, name="SESSION_IDLE_HOURS"):
    categories = client.get("/api/environment-variables").json()["categories"]
    return next(one["value"] for group in categories for one in group["variables"] if one["name"] == name)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_a_change_from_a_command_reaches_every_node(folder, engine, monkeypatch):
    async with fresh_database() as url:
        if engine == "postgresql":
            monkeypatch.setenv("DATABASE_URL", url)
        with two_nodes(folder) as clients:
            rolled = await commit(folder, "SESSION_IDLE_HOURS=13\n")
            assert (rolled.change.state, rolled.reloaded.problems) == ("applied", ())
            assert [node.state for node in rolled.nodes] == ["applied", "applied"]
            assert [value(client) for client in clients] == ["13", "13"]


async def test_a_reload_in_one_reaches_the_other(folder):
    with two_nodes(folder) as (one, other):
        (folder / ".env").write_text("SESSION_IDLE_HOURS=14\nSHUTDOWN_TIMEOUT_SECONDS=77\n")
        done = one.post(RELOAD).json()
        assert (done["changed"], done["restart_required"]) == (["SESSION_IDLE_HOURS"], ["SHUTDOWN_TIMEOUT_SECONDS"])
        assert value(other) == "14"
        assert value(other, "SHUTDOWN_TIMEOUT_SECONDS") == "30"


async def test_a_node_that_can_not_apply_it_reverts_it_everywhere(folder):
    with two_nodes(folder, SESSION_MAX_DAYS="1") as clients:
        rolled = await commit(folder, "SESSION_IDLE_HOURS=30\n")
        assert rolled.change.state == "failed"
        assert "SESSION_MAX_DAYS" in rolled.reloaded.problems[0].text
        assert sorted(node.state for node in rolled.nodes).count("failed") == 1
        assert (folder / ".env").read_text() == "SESSION_IDLE_HOURS=12\n"
        assert [value(client) for client in clients] == ["12", "12"]


async def test_a_node_whose_environment_says_something_else_answers_so(folder):
    with two_nodes(folder, SESSION_IDLE_HOURS="99") as clients:
        rolled = await commit(folder, "SESSION_IDLE_HOURS=13\n")
        assert sorted(node.state for node in rolled.nodes) == ["applied", "differs"]
        (other,) = (node for node in rolled.nodes if node.state == "differs")
        assert (other.differs, "SESSION_IDLE_HOURS" in other.problem) == (("SESSION_IDLE_HOURS",), True)
        assert [value(client) for client in clients] == ["13", "99"]


async def test_what_is_not_confirmed_reverts(folder):
    with serving(folder) as server, server.client("admin") as client:
        assert (await commit(folder, "SESSION_IDLE_HOURS=15\n", confirm_seconds=2)).change.state == "waiting"
        assert value(client) == "15"
        wait_until(lambda: value(client) == "12")
        assert (folder / ".env").read_text() == "SESSION_IDLE_HOURS=12\n"
        assert await states(folder) == ["reverted"]


async def test_what_is_confirmed_stays(folder):
    with serving(folder) as server, server.client("admin") as client:
        change = (await commit(folder, "SESSION_IDLE_HOURS=15\n", confirm_seconds=2)).change
        async with maker(folder) as configuration:
            assert (await configuration.confirm(None, change.id)).state == "confirmed"
        time.sleep(3.5)
        assert value(client) == "15"


async def test_another_change_has_to_wait_and_leaves_the_file_alone(folder):
    with serving(folder):
        change = (await commit(folder, "SESSION_IDLE_HOURS=15\n", confirm_seconds=60)).change
        with pytest.raises(Exception, match="Another change is waiting"):
            await commit(folder, "SESSION_IDLE_HOURS=16\n")
        assert (folder / ".env").read_text() == "SESSION_IDLE_HOURS=15\n"
        async with maker(folder) as configuration:
            assert (await configuration.revert(None, change.id)).state == "reverted"
        assert (folder / ".env").read_text() == "SESSION_IDLE_HOURS=12\n"


MAKER = """
import asyncio, sys
from pathlib import Path
from tests.support.rollout import commit
async def main():
    await commit(Path(sys.argv[1]), "SESSION_IDLE_HOURS=16\\n", confirm_seconds=2)
    print("waiting", flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""


async def test_it_reverts_also_when_its_maker_was_killed(folder):
    repository = str(Path(__file__).parents[2])
    with serving(folder) as server, server.client("admin") as client:
        command = [sys.executable, "-c", MAKER, str(folder)]
        environ = {**os.environ, "PYTHONPATH": repository}
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=folder, env=environ) as process:
            assert "waiting\n" in process.stdout  # after what it logs
            process.kill()
        assert value(client) == "16"
        wait_until(lambda: value(client) == "12")
        assert (folder / ".env").read_text() == "SESSION_IDLE_HOURS=12\n"


async def test_a_deadline_that_passed_while_nobody_served_counts_at_the_next_start(folder):
    with serving(folder):
        await commit(folder, "SESSION_IDLE_HOURS=16\n", confirm_seconds=1)
    with serving(folder) as server, server.client("admin") as client:
        wait_until(lambda: value(client) == "12")
    assert (folder / ".env").read_text() == "SESSION_IDLE_HOURS=12\n"


async def test_an_edit_by_hand_is_noticed_and_not_applied(folder):
    async with maker(folder) as configuration:
        await configuration.watch()
        assert configuration.changed_on_disk is False
        (folder / ".env.local").write_text("SESSION_IDLE_HOURS=20\n")
        await configuration.watch()
        assert configuration.changed_on_disk is True
        assert (await configuration.environment()).variables
        await asyncio.to_thread((folder / ".env.local").unlink)
        await configuration.watch()
        assert configuration.changed_on_disk is False
