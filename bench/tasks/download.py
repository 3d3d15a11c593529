"""One large file, on one connection."""

import time

from bench.client import Connection
from bench.peers.base import Peer
from bench.scale import MiB, Scale
from bench.tasks.base import Floor, Measured, Task, Unit


class Download(Task):
    unit = Unit.MIB
    floor = Floor("nginx", 0.8)

    def __init__(self, scale: Scale) -> None:
        self._length = scale.large_bytes
        self.title = f"download {scale.large_bytes // MiB} MiB"

    def check(self, peer: Peer) -> None:
        self.measure(peer)

    def measure(self, peer: Peer) -> Measured:
        with Connection(peer.port) as connection:
            began = time.perf_counter()
            connection.discard(peer.stored.large, length=self._length)
            return Measured(self._length / MiB, time.perf_counter() - began)
