"""What the rounds ask of a task."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import Enum

from bench.peers.base import Peer


class Unit(Enum):
    """Of amounts; rates are per second."""

    MIB = "MiB"
    REQUESTS = "requests"


@dataclass(frozen=True, slots=True)
class Floor:
    """The lowest acceptable rate of aishare, as a multiple of a peer's."""

    peer: str
    ratio: float


@dataclass(frozen=True, slots=True)
class Measured:
    amount: float
    seconds: float


class Task(ABC):
    title: str
    unit: Unit
    floor: Floor | None = None

    @abstractmethod
    def check(self, peer: Peer) -> None:
        """Once before measuring: checks that the answers are right. Also warms up."""

    @abstractmethod
    def measure(self, peer: Peer) -> Measured: ...

    def tidy(self, peer: Peer) -> None:  # noqa: B027 - most tasks leave nothing
        """After each measurement, outside its time."""
