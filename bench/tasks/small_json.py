"""Small JSON about one file, on many connections."""

import httpx

from bench.load import put_load
from bench.peers.base import Peer
from bench.scale import Scale
from bench.tasks.base import Measured, Task, Unit


class SmallJson(Task):
    unit = Unit.REQUESTS

    def __init__(self, scale: Scale) -> None:
        self._scale = scale
        self._lengths: dict[str, int] = {}
        self.title = f"small JSON, {scale.connections} connections"

    def check(self, peer: Peer) -> None:
        request = peer.stored.record
        answer = httpx.get(peer.address + request.target, headers=request.headers).raise_for_status()
        answer.json()
        self._lengths[peer.name] = len(answer.content)

    def measure(self, peer: Peer) -> Measured:
        load = put_load(
            peer.port,
            [peer.stored.record],
            connections=self._scale.connections,
            seconds=self._scale.load_seconds,
            length=self._lengths[peer.name],
        )
        return Measured(load.requests, load.seconds)
