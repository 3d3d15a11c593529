"""DBOS as aishare uses it: embedded, with a fixed version and JSON records in its own database; no cloud services."""

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
"""Fixed: the default is a digest of the source, so an upgrade would leave running workflows behind. Raise it when a
workflow changes so that its recorded steps no longer fit.
"""

_UNENDED: Final = ("PENDING", "ENQUEUED", "CANCELLED")
_ENDED: Final = ("SUCCESS", "ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")

_SETTLING_SECONDS: Final = 30.0
"""A workflow is briefly handled by us before and after its loop; if it takes longer than this, it was lost."""

_FORGET_TOGETHER: Final = 200
"""A workflow has at least one row per step; several hundred rows still make a short transaction."""


class JsonSerializer(Serializer):
    """Not the engine's pickle: anyone who could write to its database could run code here."""

    def serialize(self, data: Any) -> str:
        return json.dumps(data, default=str)

    def deserialize(self, serialized_data: str) -> Any:
        return json.loads(serialized_data)

    def name(self) -> str:
        return "aishare_json"


class Engine:
    """One per process, as the library requires. All calls block, so run them in a thread."""

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
            **_database(database_url, data_dir),  # type: ignore[typeddict-item]  # values of the same type
        }
        DBOS(config=config)
        DBOS.launch()

    def work_on(self, migration_id: str) -> None:
        """Continues the workflow of this migration that a process left behind, or starts a new one.

        Only called while no living process has the migration's lease, so a resumed workflow does not run twice; even
        then one of them would wait for the lease.
        """
        if workflows.is_running(migration_id):
            return
        earlier = DBOS.list_workflows(workflow_id_prefix=f"migration-{migration_id}-", sort_desc=True)
        if earlier and self._is_settling(earlier[0], migration_id):
            return  # cancelling it now would interrupt it
        workflows.saw(migration_id)
        if earlier and earlier[0].status in _UNENDED:
            DBOS.cancel_workflow(earlier[0].workflow_id)
            DBOS.resume_workflow(earlier[0].workflow_id)
            return
        number = int(earlier[0].workflow_id.rpartition("-")[2]) + 1 if earlier else 1  # older ones may be forgotten
        with SetWorkflowID(f"migration-{migration_id}-{number:04}"):
            DBOS.start_workflow(workflows.migrate, migration_id)

    def _is_settling(self, workflow: WorkflowStatus, migration_id: str) -> bool:
        """Whether it is about to begin, or its end is being recorded, in this process."""
        ours = workflow.status == "ENQUEUED" or (workflow.status == "PENDING" and workflow.executor_id == self._name)
        return ours and workflows.was_seen(migration_id, seconds=_SETTLING_SECONDS)

    def forget(self, *, ended_before: datetime) -> int:
        """Deletes the records of workflows that ended before then; returns their number. The results of a migration are
        in its own row.
        """
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
        """Running workflows stay recorded as unfinished; the next process resumes them."""
        DBOS.destroy(workflow_completion_timeout_sec=0)


def _log_with_ours() -> None:
    """Given a handler, the engine creates none of its own, which would bypass our redaction and format."""
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
    """The engine's own would use a rollback journal; one that is passed in ignores the engine's settings."""
    engine = sa.create_engine(f"sqlite:///{path}", hide_parameters=True)

    @sa.event.listens_for(engine, "connect")
    def _configure(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = "IMMEDIATE"
        for pragma in ("busy_timeout=30000", "foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")

    return engine
