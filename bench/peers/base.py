"""What a task may ask of a peer."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from bench.client import Request
from bench.dataset import Dataset
from bench.process import ServerGroup, free_port


@dataclass(frozen=True, slots=True)
class Stored:
    """Where a peer serves an uploaded file."""

    large: Request
    small: Sequence[Request]
    record: Request
    """Small JSON about one file."""


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A finished upload: its name, and the body of the answer."""

    name: str
    answer: bytes


class Peer(ABC):
    """A server on a free port, with its data in a folder of its own."""

    name: str
    checks: str
    """What it does beside moving bytes, for the report."""
    stored: Stored

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        folder.mkdir()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @contextmanager
    def serving(self) -> Iterator[Self]:
        """Started, and stopped in the end."""
        self.prepare()
        self._group = ServerGroup(self.command(), folder=self.folder, environ=self.environ(), port=self.port)
        try:
            self._group.wait_until_it_answers()
            yield self
        finally:
            self._group.stop()

    def processor_seconds(self) -> float:
        return self._group.processor_seconds()

    @abstractmethod
    def version(self) -> str: ...

    @abstractmethod
    def prepare(self) -> None:
        """Before the start: configuration, accounts."""

    @abstractmethod
    def command(self) -> list[str]: ...

    @abstractmethod
    def environ(self) -> Mapping[str, str]: ...

    @abstractmethod
    def store(self, data: Dataset) -> Stored: ...

    @abstractmethod
    def upload(self, name: str) -> Request:
        """The request for an upload; the bytes of the file are its body."""

    @abstractmethod
    def remove(self, uploaded: Uploaded) -> None:
        """Returns when its bytes are gone from the disk."""
