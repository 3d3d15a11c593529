"""Every task with every peer, round after round: a disturbance of the machine affects all of them."""

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bench.peers.base import Peer
from bench.scale import Scale
from bench.tasks.base import Task


@dataclass(frozen=True, slots=True)
class Sample:
    """Amounts per second, and the server's processor time per amount."""

    rate: float
    processor_seconds: float


@dataclass(slots=True)
class Outcome:
    """The samples of a task by peer, one a round."""

    task: Task
    samples: dict[str, list[Sample]] = field(default_factory=lambda: defaultdict(list))


def run_rounds(
    tasks: Sequence[Task], peers: Sequence[Peer], scale: Scale, tell: Callable[[str], None]
) -> list[Outcome]:
    outcomes = [Outcome(task) for task in tasks]
    began = time.monotonic()
    for number in range(scale.rounds_max):
        each = (time.monotonic() - began) / max(number, 1)
        if number >= scale.rounds_min and time.monotonic() - began + each > scale.budget_seconds:
            break
        turn = number % len(peers)
        for outcome in outcomes:
            tell(f"round {number + 1}: {outcome.task.title}")
            for peer in (*peers[turn:], *peers[:turn]):  # nobody is always the first
                outcome.samples[peer.name].append(_sample(outcome.task, peer))
    return outcomes


def _sample(task: Task, peer: Peer) -> Sample:
    before = peer.processor_seconds()
    measured = task.measure(peer)
    processor_seconds = peer.processor_seconds() - before
    task.tidy(peer)
    return Sample(measured.amount / measured.seconds, processor_seconds / measured.amount)
