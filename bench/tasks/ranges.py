"""Ranges of one large file at random places, one after another on one connection."""

import time

from bench.client import Connection
from bench.dataset import range_starts
from bench.peers.base import Peer
from bench.scale import MiB, Scale
from bench.tasks.base import Measured, Task, Unit


class Ranges(Task):
    unit = Unit.MIB

    def __init__(self, scale: Scale) -> None:
        self._length = scale.range_bytes
        self._starts = range_starts(scale)
        self.title = f"{scale.range_count} ranges of {scale.range_bytes // MiB} MiB"

    def check(self, peer: Peer) -> None:
        with Connection(peer.port) as connection:
            connection.discard(peer.stored.large, length=self._length, start=self._starts[0])

    def measure(self, peer: Peer) -> Measured:
        with Connection(peer.port) as connection:
            began = time.perf_counter()
            for start in self._starts:
                connection.discard(peer.stored.large, length=self._length, start=start)
            seconds = time.perf_counter() - began
        return Measured(len(self._starts) * self._length / MiB, seconds)
