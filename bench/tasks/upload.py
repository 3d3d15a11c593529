"""One large file in, on one connection, until the answer says that it is stored."""

import itertools
import os
import time

from bench.client import Connection
from bench.dataset import Dataset
from bench.peers.base import Peer, Uploaded
from bench.scale import MiB, Scale
from bench.tasks.base import Floor, Measured, Task, Unit


class Upload(Task):
    unit = Unit.MIB
    floor = Floor("PocketBase", 2.0)

    def __init__(self, scale: Scale, data: Dataset) -> None:
        self._length = scale.large_bytes
        self._file = data.large
        self._names = (f"upload-{number}.bin" for number in itertools.count())
        self._left: Uploaded | None = None
        self.title = f"upload {scale.large_bytes // MiB} MiB"

    def check(self, peer: Peer) -> None:
        """Nothing to warm up: the data were just uploaded."""

    def measure(self, peer: Peer) -> Measured:
        name = next(self._names)
        with Connection(peer.port) as connection:
            began = time.perf_counter()
            answer = connection.upload(peer.upload(name), self._file)
            seconds = time.perf_counter() - began
        self._left = Uploaded(name, answer)
        return Measured(self._length / MiB, seconds)

    def tidy(self, peer: Peer) -> None:
        """Lets the kernel write what this peer left before the next one is measured."""
        if self._left is not None:
            peer.remove(self._left)
            self._left = None
        os.sync()
