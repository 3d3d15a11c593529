"""Small files on many connections, for a user who may read them."""

import httpx

from bench.client import WrongAnswer
from bench.load import put_load
from bench.peers.base import Peer
from bench.scale import KiB, Scale
from bench.tasks.base import Floor, Measured, Task, Unit


class SmallFiles(Task):
    unit = Unit.REQUESTS
    floor = Floor("PocketBase", 2.0)

    def __init__(self, scale: Scale) -> None:
        self._scale = scale
        self.title = f"{scale.small_bytes // KiB} KiB files, {scale.connections} connections"

    def check(self, peer: Peer) -> None:
        with httpx.Client(base_url=peer.address) as client:
            bodies = {client.get(request.target, headers=request.headers).content for request in peer.stored.small}
        if {len(body) for body in bodies} != {self._scale.small_bytes} or len(bodies) != self._scale.small_count:
            raise WrongAnswer(f"{peer.name} does not give each of the small files.")

    def measure(self, peer: Peer) -> Measured:
        scale = self._scale
        load = put_load(
            peer.port,
            peer.stored.small,
            connections=scale.connections,
            seconds=scale.load_seconds,
            length=scale.small_bytes,
        )
        return Measured(load.requests, load.seconds)
