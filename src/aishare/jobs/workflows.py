"""The workflows: loops over steps, as small as can be, so that they hardly ever change."""

import threading
import time
from collections.abc import Callable

from dbos import DBOS

_running: set[str] = set()
_seen: dict[str, float] = {}
_guard = threading.Lock()
_step: list[Callable[[str], str]] = []


def connect(step: Callable[[str], str]) -> None:
    """What a step does is the service's."""
    _step[:] = [step]


def is_running(migration_id: str) -> bool:
    """Whether a workflow of this process is in its loop."""
    with _guard:
        return migration_id in _running


def saw(migration_id: str) -> None:
    """Something of this migration was done with the engine just now."""
    with _guard:
        _seen[migration_id] = time.monotonic()


def was_seen(migration_id: str, *, seconds: float) -> bool:
    """Whether that was less than `seconds` ago, in this process."""
    with _guard:
        return time.monotonic() - _seen.get(migration_id, float("-inf")) < seconds


@DBOS.step()
def migrate_batch(migration_id: str) -> str:
    """One batch: `again`, `later` or `end`."""
    return _step[0](migration_id)


@DBOS.workflow()
def migrate(migration_id: str) -> str:
    """Batches until there is nothing more to do, or another process does it."""
    with _guard:
        _running.add(migration_id)
    try:
        while (outcome := migrate_batch(migration_id)) == "again":
            pass
        return outcome
    finally:
        saw(migration_id)  # before it is no more running: its end is not written down yet
        with _guard:
            _running.discard(migration_id)
