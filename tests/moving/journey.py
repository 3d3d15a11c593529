"""Moves all files of a running server from one storage to the next, while everything that can break does.

`make soak` runs the long one: python -m tests.moving.journey --files 20000 --kills 50
"""

import argparse
import asyncio
import json
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.moving.content import MIB
from tests.moving.world import (
    Admin,
    Chaos,
    ClientProcess,
    Place,
    Service,
    client_process,
    local_place,
    make_token,
    s3_place,
)
from tests.support.faultproxy import fault_proxy
from tests.support.s3server import raw_client
from tests.support.s3servers import s3_server, s3_server_names


@dataclass
class Scale:
    files: int
    clients: int = 16
    largest: int = 64 * MIB
    kill_seconds: float = 6
    trouble_seconds: float = 4
    least_kills: int = 0
    """Each migration goes on being disturbed until its share of these has happened: then it may end."""


@dataclass
class Outcome:
    """Totals of a journey. `refused`: reads answered 503 while the store that alone has the bytes was broken."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[dict[str, Any]] = field(default_factory=list)
    failed_reads: list[dict[str, Any]] = field(default_factory=list)
    refused: int = 0
    while_down: int = 0
    others: Counter[str] = field(default_factory=Counter)
    migrations: list[dict[str, Any]] = field(default_factory=list)
    kills: int = 0
    troubles: int = 0
    files: int = 0

    def judge(self, report: dict[str, Any], service: Service, outages: list[tuple[float, float]]) -> None:
        self.counts.update(report["counts"])
        self.files = report["files"]
        for event in report["events"]:
            broken = any(began <= event["ended"] and event["began"] <= ended for began, ended in outages)
            if event["status"] == -1:
                self.wrong.append(event)
            elif service.was_down(event):
                self.while_down += 1
            elif event["verb"] not in {"read", "check"}:
                self.others[f"{event['verb']} {event['status']}"] += 1
            elif event["status"] == 503 and broken:
                self.refused += 1
            else:
                self.failed_reads.append({**event, "while_broken": broken})

    def lines(self) -> str:
        done = ", ".join(f"{count} {verb}s" for verb, count in sorted(self.counts.items()))
        return (
            f"{self.files} files at the end; {done}; {len(self.migrations)} migrations, {self.kills} kills, "
            f"{self.troubles} troubles of the target; wrong or lost {len(self.wrong)}, failed reads "
            f"{len(self.failed_reads)}; while the service was down {self.while_down}, reads refused while their store "
            f"was broken {self.refused}, other refusals {dict(self.others)}"
        )


@contextmanager
def places(folder: Path) -> Iterator[list[Place]]:
    """Local, SeaweedFS, MinIO where there is one, and local again."""
    with ExitStack() as stack:
        found = [local_place(folder / "storage")]
        for name in s3_server_names():
            server = s3_server(name)
            bucket = f"moving-{random.getrandbits(40)}"
            asyncio.run(_make_bucket(server, bucket))
            found.append(s3_place(server, bucket, stack.enter_context(fault_proxy(server.url))))
        yield [*found, found[0]]


async def _make_bucket(server: Any, bucket: str) -> None:
    async with raw_client(server) as client:
        await client.create_bucket(Bucket=bucket)


def travel(folder: Path, scale: Scale, *, say=print) -> Outcome:
    """Through all places and back."""
    outcome, chance = Outcome(), random.Random(11)
    service = Service(folder)
    with places(folder) as stops:
        (folder / ".env").write_text("".join(f"{name}={value}\n" for name, value in stops[0].lines.items()))
        token = make_token(folder)
        service.start()
        try:
            admin = Admin(service, token)
            with client_process(service, token, clients=scale.clients, largest=scale.largest) as clients:
                outcome.judge(clients.tell(f"preload {scale.files}"), service, [])
                say(f"{outcome.files} files uploaded")
                here = admin.apply(stops[0])
                for place in stops[1:]:
                    here = _leg(admin, clients, place, here, scale, outcome, chance)
                    say(f"all in {place.kind}: {outcome.lines()}")
                outcome.judge(clients.tell("check"), service, [])
        finally:
            service.stop()
    return outcome


def _leg(
    admin: Admin,
    clients: ClientProcess,
    place: Place,
    source: str,
    scale: Scale,
    outcome: Outcome,
    chance: random.Random,
) -> str:
    """Move everything to `place` while the clients work; its location's id."""
    service, before = admin.service, admin.service.kills
    target = admin.apply(place)
    with Chaos(service, place, chance, scale.kill_seconds, scale.trouble_seconds) as chaos:
        clients.tell("run")
        body = {"source": source, "target": target, "grace_seconds": 7200}
        migration = admin.ask("POST", "/api/admin/migrations", body=body)
        while service.kills - before < scale.least_kills or not _has_ended(admin, migration["id"]):
            time.sleep(0.5)
    _finish(admin, migration["id"])
    outcome.judge(clients.tell("stop"), service, chaos.outages)
    outcome.kills, outcome.troubles = service.kills, outcome.troubles + chaos.troubles
    manifest = admin.ask("GET", f"/api/admin/migrations/{migration['id']}/manifest")
    outcome.migrations.append({**admin.ask("GET", f"/api/admin/migrations/{migration['id']}"), "manifest": manifest})
    _nothing_left(admin, source)
    return target


def _has_ended(admin: Admin, migration_id: str) -> bool:
    state = admin.ask("GET", f"/api/admin/migrations/{migration_id}")["state"]
    assert state in {"running", "completed", "failed"}, state
    return bool(state in {"completed", "failed"})


def _finish(admin: Admin, migration_id: str) -> None:
    """What failed while the target gave wrong bytes is tried again now that it does not."""
    deadline = time.monotonic() + 300
    while True:
        migration = admin.ask("GET", f"/api/admin/migrations/{migration_id}")
        if migration["state"] == "completed" and not migration["failures"]:
            return
        if migration["state"] in {"completed", "failed"}:
            admin.ask("POST", f"/api/admin/migrations/{migration_id}/retry")
        assert time.monotonic() < deadline, migration
        time.sleep(1)


def _nothing_left(admin: Admin, source: str) -> None:
    """Neither in the storage of before nor in the spool, which drains by itself."""
    deadline = time.monotonic() + 120
    while True:
        items = admin.ask("GET", "/api/admin/locations")["items"]
        left = [item for item in items if item["objects"] and (item["id"] == source or item["state"] == "spool")]
        if not left:
            return
        assert time.monotonic() < deadline, left
        time.sleep(1)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=51)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument(
        "--kill-seconds", type=float, default=6, help="between two, from start to kill; more where starts are slow"
    )
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="aishare-soak-") as name:
        began = time.monotonic()
        scale = Scale(
            wanted.files,
            clients=wanted.clients,
            kill_seconds=wanted.kill_seconds,
            least_kills=-(-wanted.kills // len((*s3_server_names(), ""))),
        )
        outcome = travel(
            Path(name), scale, say=lambda text: print(f"{time.monotonic() - began:7.0f} s  {text}", flush=True)
        )
        for event in [*outcome.wrong, *outcome.failed_reads][:20]:
            print(json.dumps(event))
        for migration in outcome.migrations:
            print(json.dumps(migration["manifest"]))
        print(outcome.lines())
        raise SystemExit(1 if outcome.wrong or outcome.failed_reads else 0)


if __name__ == "__main__":
    main()
