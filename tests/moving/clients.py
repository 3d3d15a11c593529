"""Clients that upload, download, overwrite and delete without pause, and record everything that was wrong.

A process of its own: `python -m tests.moving.clients SPECIFICATION`. Commands come on standard input, a line each:
`preload N`, `run`, `stop`, `check`, `end`; each is answered by a line of JSON. What failed is judged by the caller, who
knows when the service was down.
"""

import http.client
import json
import random
import sys
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.moving.content import KIB, MIB, Content, some_content
from tests.moving.ledger import Ledger

_TIMEOUT_SECONDS = 60
_ALIVE = 60
"""Files that each client keeps at least while it deletes."""


@dataclass(frozen=True)
class Event:
    """A request that did not succeed; times of the system-wide monotonic clock."""

    began: float
    ended: float
    verb: str
    path: str
    status: int
    detail: str


@dataclass
class Client:
    number: int
    port: int
    token: str
    largest: int
    ledger: Ledger = field(default_factory=Ledger)
    ids: dict[str, str] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    latencies: list[float] = field(default_factory=list)
    connection: http.client.HTTPConnection | None = None
    quiet: dict[str, dict[str, str]] | None = None
    """Lists of folders, where nothing changes any more."""

    def __post_init__(self) -> None:
        self.chance = random.Random(self.number)

    # --- one request ----------------------------------------------------------------------------------------------

    def ask(self, verb: str, path: str, target: str, method: str, body: bytes | None = None, **headers: str):
        """Status, headers and body; status 0 where the connection broke. What is not 2xx or 404 becomes an event."""
        began = time.monotonic()
        try:
            self.connection = self.connection or http.client.HTTPConnection(
                "127.0.0.1", self.port, timeout=_TIMEOUT_SECONDS
            )
            self.connection.request(method, target, body, {"Authorization": f"Bearer {self.token}", **headers})
            answer = self.connection.getresponse()
            data = answer.read()
            status, found = answer.status, dict(answer.getheaders())
        except (OSError, http.client.HTTPException) as error:
            status, found, data = 0, {}, f"{type(error).__name__}: {error}".encode()
            self._drop()
        self.counts[verb] = self.counts.get(verb, 0) + 1
        if not (200 <= status < 300 or status == 404):
            detail = data[:300].decode(errors="replace")
            self.events.append(Event(began, time.monotonic(), verb, path, status, detail))
        elif verb == "upload":
            self.latencies.append(time.monotonic() - began)
        return status, found, data

    def _drop(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    # --- verbs ----------------------------------------------------------------------------------------------------

    def upload(self, path: str) -> bool:
        content = some_content(self.chance, largest=self.largest)
        status, _, data = self.ask("upload", path, f"/api/files/by-path/{path}", "PUT", content.data())
        if status in {200, 201}:
            self.ledger.acknowledged(path, content)
            self.ids[path] = json.loads(data)["id"]
            return True
        self.ledger.unsure(path, content)
        return False

    def delete(self, path: str) -> None:
        if path not in self.ids:
            return
        status, _, _ = self.ask("delete", path, f"/api/files/{self.ids[path]}", "DELETE")
        if status in {200, 204, 404}:
            self.ledger.acknowledged(path, None)
            self.ids.pop(path)
        else:
            self.ledger.unsure(path, None)

    def download(self, path: str, verb: str = "read") -> bool:
        """Whether the answer was right; a wrong one is an event with status -1."""
        if path not in self.ids:
            return self._find(path, verb)
        began = time.monotonic()
        status, headers, data = self.ask(verb, path, f"/api/files/{self.ids[path]}/content", "GET")
        if status not in {200, 404}:
            return False
        content = None if status == 404 else self._content_of(path, data)
        if (status == 404 or content is not None) and self.ledger.seen(path, content):
            return True
        known = self.ledger.files[path]
        detail = f"{status}, {len(data)} bytes, location {headers.get('x-location')}; possible: {known.possible}"
        self.events.append(Event(began, time.monotonic(), verb, path, -1, detail))
        return False

    def _content_of(self, path: str, data: bytes) -> Content | None:
        for content in self.ledger.files[path].possible:
            if content is not None and content.size == len(data) and content.data() == data:
                return content
        return None

    def read_range(self, path: str) -> None:
        known = self.ledger.files[path]
        if path not in self.ids or len(known.possible) != 1 or known.possible[0] is None or not known.possible[0].size:
            return
        content = known.possible[0]
        start = self.chance.randrange(content.size)
        stop = min(content.size, start + self.chance.choice((1, 1000, 100 * KIB, 9 * MIB)))
        began = time.monotonic()
        status, _, data = self.ask(
            "read", path, f"/api/files/{self.ids[path]}/content", "GET", Range=f"bytes={start}-{stop - 1}"
        )
        if status in {200, 206, 404} and (status != 206 or data != content.data()[start:stop]):
            self.events.append(Event(began, time.monotonic(), "read", path, -1, f"range {start}-{stop}: {status}"))

    def _find(self, path: str, verb: str) -> bool:
        """Its id is not known: an answer was lost, or it was deleted. The list of its folder tells."""
        listed = self._list(path)
        if listed is None:
            return False
        if path in listed:
            self.ids[path] = listed[path]
            return self.download(path, verb)
        if self.ledger.seen(path, None):
            return True
        now = time.monotonic()
        self.events.append(Event(now, now, verb, path, -1, f"not listed; possible {self.ledger.files[path].possible}"))
        return False

    def _list(self, path: str) -> dict[str, str] | None:
        """Ids by path of all that lies beside it; None where that could not be had."""
        folder = path.rpartition("/")[0]
        if self.quiet is not None and folder in self.quiet:
            return self.quiet[folder]
        found, cursor = {}, ""
        while True:
            target = f"/api/files?folder={folder}&limit=1000" + (f"&cursor={cursor}" if cursor else "")
            status, _, data = self.ask("list", path, target, "GET")
            if status != 200:
                return None
            page = json.loads(data)
            found |= {item["path"]: item["id"] for item in page["items"]}
            if not (cursor := page["next_cursor"]):
                break
        if self.quiet is not None:
            self.quiet[folder] = found
        return found

    # --- lives ----------------------------------------------------------------------------------------------------

    def preload(self, count: int) -> None:
        for number in range(count):
            path = f"soak/{self.number}/{number % 20}/{number}"
            while not self.upload(path):
                time.sleep(0.2)

    def live(self, stopping: threading.Event) -> None:
        while not stopping.is_set():
            failed = len(self.events)
            self._act()
            if len(self.events) > failed:
                stopping.wait(0.1)

    def _act(self) -> None:
        alive = self.ledger.may_exist()
        share = self.chance.random()
        if share < 0.2 or not alive:
            self.upload(f"soak/{self.number}/{self.chance.randrange(20)}/new-{self.chance.getrandbits(40)}")
        elif share < 0.35:
            self.upload(self.chance.choice(alive))
        elif share < 0.5 and len(alive) > _ALIVE:
            self.delete(self.chance.choice(alive))
        elif share < 0.65:
            self.read_range(self.chance.choice(alive))
        else:
            self.download(self.chance.choice(alive))

    def check(self) -> None:
        """Everything, deleted files included, until each has answered."""
        self.quiet = {}
        for path in list(self.ledger.files):
            for attempt in range(20):
                if self.download(path, "check" if attempt == 19 else "final"):
                    break
                if self.events[-1].status == -1:
                    break
                time.sleep(1)


class Clients:
    """All clients, and the commands about them."""

    def __init__(self, specification: dict[str, Any]) -> None:
        self.clients = [
            Client(number, specification["port"], specification["token"], specification["largest"])
            for number in range(specification["clients"])
        ]
        self.stopping = threading.Event()
        self.running: list[threading.Thread] = []

    def preload(self, count: str) -> dict[str, Any]:
        share = int(count) // len(self.clients)
        self._each(lambda client: client.preload(share))
        return self._report()

    def run(self) -> dict[str, Any]:
        self.stopping.clear()
        self.running = [threading.Thread(target=client.live, args=(self.stopping,)) for client in self.clients]
        for thread in self.running:
            thread.start()
        return {}

    def stop(self) -> dict[str, Any]:
        self.stopping.set()
        for thread in self.running:
            thread.join()
        return self._report()

    def check(self) -> dict[str, Any]:
        self._each(Client.check)
        return self._report()

    def _each(self, work) -> None:
        threads = [threading.Thread(target=work, args=(client,)) for client in self.clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _report(self) -> dict[str, Any]:
        """What happened since the last report."""
        events = [asdict(event) for client in self.clients for event in client.events]
        counts: dict[str, int] = {}
        for client in self.clients:
            for verb, count in client.counts.items():
                counts[verb] = counts.get(verb, 0) + count
            client.events.clear()
            client.counts.clear()
        files = sum(len(client.ledger.may_exist()) for client in self.clients)
        return {"events": events, "counts": counts, "files": files}


def main() -> None:
    clients = Clients(json.loads(Path(sys.argv[1]).read_text()))
    for line in sys.stdin:
        command, *words = line.split()
        if command == "end":
            break
        print(json.dumps(getattr(clients, command)(*words)), flush=True)


if __name__ == "__main__":
    main()
