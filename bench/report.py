"""The outcome as a table for people and as JSON for programs."""

import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.peers.base import Peer
from bench.rounds import Outcome, Sample
from bench.scale import KiB, Scale
from bench.tasks.base import Unit

OURS = "aishare"


@dataclass(frozen=True, slots=True)
class Ratio:
    """Our rate as a multiple of a peer's, compared within each round: the median, and the lowest and highest round."""

    median: float
    lowest: float
    highest: float

    def __str__(self) -> str:
        return f"{self.median:.2f} ({self.lowest:.2f}-{self.highest:.2f})"


def ratio(outcome: Outcome, peer: str) -> Ratio:
    pairs = zip(outcome.samples[OURS], outcome.samples[peer], strict=True)
    ratios = [ours.rate / theirs.rate for ours, theirs in pairs]
    return Ratio(median(ratios), min(ratios), max(ratios))


def floor_text(outcome: Outcome) -> str:
    floor = outcome.task.floor
    if floor is None:
        return ""
    met = ratio(outcome, floor.peer).median >= floor.ratio
    return f"{'met' if met else 'NOT MET'}: {floor.ratio:g} x {floor.peer}"


def print_table(console: Console, outcomes: Sequence[Outcome], peers: Sequence[Peer]) -> None:
    others = [peer.name for peer in peers if peer.name != OURS]
    rounds = len(outcomes[0].samples[OURS])
    table = Table(
        title=f"Medians of {rounds} interleaved rounds; below each rate the server's processor time", show_lines=True
    )
    for heading in ("task", *(peer.name for peer in peers), *(f"{OURS} / {name}" for name in others), "floor"):
        table.add_column(heading, justify="left" if heading in {"task", "floor"} else "right")
    for outcome in outcomes:
        rates = [_rate(outcome.samples[peer.name], outcome.task.unit) for peer in peers]
        table.add_row(outcome.task.title, *rates, *(str(ratio(outcome, name)) for name in others), floor_text(outcome))
    console.print(table)
    for peer in peers:
        console.print(f"{peer.name} {peer.version()}: {peer.checks}", highlight=False)


def as_json(outcomes: Sequence[Outcome], peers: Sequence[Peer], scale: Scale) -> dict[str, Any]:
    others = [peer.name for peer in peers if peer.name != OURS]
    return {
        "machine": machine(),
        "scale": asdict(scale),
        "peers": [{"name": peer.name, "version": peer.version(), "checks": peer.checks} for peer in peers],
        "tasks": [
            {
                "title": outcome.task.title,
                "unit": f"{outcome.task.unit.value}/s",
                "samples": {name: [asdict(sample) for sample in samples] for name, samples in outcome.samples.items()},
                "ratios": {name: asdict(ratio(outcome, name)) for name in others},
                "floor": floor_text(outcome) or None,
            }
            for outcome in outcomes
        ],
    }


def machine() -> str:
    """Enough to know which figures can be compared, and nothing that identifies the machine."""
    return f"{os.cpu_count()} cores, {platform.system()} {platform.release()}, Python {platform.python_version()}"


def _rate(samples: Sequence[Sample], unit: Unit) -> str:
    rate = median(sample.rate for sample in samples)
    seconds = median(sample.processor_seconds for sample in samples)
    if unit is Unit.MIB:
        return f"{rate:,.0f} MiB/s\n{seconds * KiB:.2f} s/GiB"
    return f"{rate:,.0f} /s\n{seconds * 1e6:.0f} us each"
