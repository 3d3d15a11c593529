"""DBOS as aishare uses it: embedded, with a pinned version and JSON records in its own database; no cloud services."""

import json
import logging
import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from dbos import DBOS, DBOSConfig, Serializer, SetWorkflowID, WorkflowStatus

from aishare.jobs import workflows

_VERSION: Final = "jobs-1"
"""Pinned: by default it is a digest of the source, and an upgrade would strand what runs. Raised when the shape of a
workflow changes so that recorded steps do not fit any more."""

_UNENDED: Final = ("PENDING", "ENQUEUED", "CANCELLED")
_ENDED: Final = ("SUCCESS", "ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")

_SETTLING_SECONDS: Final = 30.0
"""A workflow is in our hands a moment before and after its loop; one that is so for longer got lost."""

_FORGET_TOGETHER: Final = 200
"""A record is a row per step and more: several hundred of them make a short transaction."""


class JsonSerializer(Serializer):
    """Not the engine's pickle: whoever could write its database would run code here."""

    def serialize(self, data: Any) -> str:
        return json.dumps(data, default=str)

    def deserialize(self, serialized_data: str) -> Any:
        return json.loads(serialized_data)

    def name(self) -> str:
        return "aishare_json"


class Engine:
    """One per process, as the library has it. All calls block: give them a thread."""

    def __init__(self, database_url: str, data_dir: Path, *, name: str, step: Callable[[str], str]) -> None:
        self._name = name
        workflows.connect(step)
        _log_with_ours()
        config: DBOSConfig = {
            "name": "aishare",
            "application_version": _VERSION,
            "executor_id": name,
            "serializer": JsonSerializer(),
            "log_level": "WARNING",
            "enable_otlp": False,
            "use_listen_notify": False,
            "notification_listener_polling_interval_sec": 5.0,
            "max_executor_threads": 4,
            **_database(database_url, data_dir),  # type: ignore[typeddict-item]  # keys of the same type
        }
        DBOS(config=config)
        DBOS.launch()

    def work_on(self, migration_id: str) -> None:
        """Go on with the workflow of this migration, which a process left behind; a new one if it never had any.

        Called only while no living process has the migration's lease, so a resumed workflow does not run twice; even
        then one of both would wait for the lease.
        """
        if workflows.is_running(migration_id):
            return
        earlier = DBOS.list_workflows(workflow_id_prefix=f"migration-{migration_id}-", sort_desc=True)
        if earlier and self._is_settling(earlier[0], migration_id):
            return  # to cancel it now would break it off
        workflows.saw(migration_id)
        if earlier and earlier[0].status in _UNENDED:
            DBOS.cancel_workflow(earlier[0].workflow_id)
            DBOS.resume_workflow(earlier[0].workflow_id)
            return
        number = int(earlier[0].workflow_id.rpartition("-")[2]) + 1 if earlier else 1  # older ones may be forgotten
        with SetWorkflowID(f"migration-{migration_id}-{number:04}"):
            DBOS.start_workflow(workflows.migrate, migration_id)

    def _is_settling(self, workflow: WorkflowStatus, migration_id: str) -> bool:
        """Whether it waits to begin, or its end is being written down, here."""
        ours = workflow.status == "ENQUEUED" or (workflow.status == "PENDING" and workflow.executor_id == self._name)
        return ours and workflows.was_seen(migration_id, seconds=_SETTLING_SECONDS)

    def forget(self, *, ended_before: datetime) -> int:
        """Delete the records of workflows that ended before then; how many. What a migration did is in its own row."""
        forgotten = 0
        while ended := DBOS.list_workflows(
            status=list(_ENDED),
            completed_before=ended_before.isoformat(),
            limit=_FORGET_TOGETHER,
            load_input=False,
            load_output=False,
        ):
            DBOS.delete_workflows([workflow.workflow_id for workflow in ended])
            forgotten += len(ended)
        return forgotten

    def close(self) -> None:
        """What runs stays recorded as unended; the next process resumes it."""
        DBOS.destroy(workflow_completion_timeout_sec=0)


def _log_with_ours() -> None:
    """Given a handler, the engine makes none of its own, which would print past our redaction and format."""
    logger = logging.getLogger("dbos")
    logger.setLevel(logging.WARNING)
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())


def _database(url: str, data_dir: Path) -> dict[str, Any]:
    if url.startswith(("postgresql://", "postgres://")):
        return {"system_database_url": url.replace("postgres://", "postgresql://", 1), "sys_db_pool_size": 3}
    path = data_dir / "jobs.sqlite"
    return {"system_database_url": f"sqlite:///{path}", "system_database_engine": _sqlite_engine(path)}


def _sqlite_engine(path: Path) -> sa.Engine:
    """The engine's own would use a rollback journal; an engine given to it gets none of its settings."""
    engine = sa.create_engine(f"sqlite:///{path}", hide_parameters=True)

    @sa.event.listens_for(engine, "connect")
    def _configure(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = "IMMEDIATE"
        for pragma in ("busy_timeout=30000", "foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")

    return engine
