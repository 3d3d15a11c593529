"""What a client knows of its files: what each may be now, after all answers and all silences."""

import time
from dataclasses import dataclass, field

from tests.moving.content import Content

_LATE_SECONDS = 15.0
"""A request whose connection broke may still be carried out this long; until then every outcome stays possible."""


@dataclass
class Known:
    """`possible` holds each content the file may have; None: that it is not there."""

    possible: list[Content | None]
    unsure_until: float = 0.0


@dataclass
class Ledger:
    """Files by path. A path belongs to one client, so nobody else changes it."""

    files: dict[str, Known] = field(default_factory=dict)

    def acknowledged(self, path: str, content: Content | None) -> None:
        self.files[path] = Known([content])

    def unsure(self, path: str, content: Content | None) -> None:
        """The change may have happened, and may happen yet."""
        known = self.files.setdefault(path, Known([None]))
        known.possible.append(content)
        known.unsure_until = time.monotonic() + _LATE_SECONDS

    def seen(self, path: str, content: Content | None) -> bool:
        """Whether what was read is possible. When nothing can come late any more, it is what is."""
        known = self.files[path]
        if content not in known.possible:
            return False
        if time.monotonic() > known.unsure_until:
            known.possible = [content]
        return True

    def may_exist(self) -> list[str]:
        return [path for path, known in self.files.items() if known.possible != [None]]
