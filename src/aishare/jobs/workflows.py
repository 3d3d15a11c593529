"""The workflows: loops over steps, as small as possible, so that they rarely have to change."""

import threading
import time
from collections.abc import Callable

from dbos import DBOS

_running: set[str] = set()
_seen: dict[str, float] = {}
_guard = threading.Lock()
_step: list[Callable[[str], str]] = []


def connect(step: Callable[[str], str]) -> None:
    """The service decides what a step does."""
    _step[:] = [step]


def is_running(migration_id: str) -> bool:
    """Whether a workflow of this process is in its loop."""
    with _guard:
        return migration_id in _running


def saw(migration_id: str) -> None:
    """Records that the engine is handling this migration."""
    with _guard:
        _seen[migration_id] = time.monotonic()


def was_seen(migration_id: str, *, seconds: float) -> bool:
    """Whether this process recorded it less than `seconds` ago."""
    with _guard:
        return time.monotonic() - _seen.get(migration_id, float("-inf")) < seconds


@DBOS.step()
def migrate_batch(migration_id: str) -> str:
    """One batch: `again`, `later` or `end`."""
    return _step[0](migration_id)


@DBOS.workflow()
def migrate(migration_id: str) -> str:
    """Batches until the work is done, or another process does it."""
    with _guard:
        _running.add(migration_id)
    try:
        while (outcome := migrate_batch(migration_id)) == "again":
            pass
        return outcome
    finally:
        saw(migration_id)  # before `is_running` becomes false, because its end is not recorded yet
        with _guard:
            _running.discard(migration_id)
