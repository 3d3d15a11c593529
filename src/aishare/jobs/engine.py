"""DBOS, as aishare uses it: one workflow per job, one step per batch, nothing of the vendor's services.

Importing it takes a second or two and some memory, so this module is imported when the first job is there.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Any, Final

from dbos import DBOS, DBOSConfig, Serializer, SetWorkflowID
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url

from aishare.core.ids import new_id

_VERSION: Final = "jobs-1"
"""Raised by hand when the shape of the workflow changes; else a new release would strand what runs."""

_KEEP_DAYS: Final = 7

Step = Callable[[str], Coroutine[Any, Any, bool]]
"""One batch of the job with this id, on the service's own event loop; whether there is more to do."""


class JobEngine:
    """Made once per process. `executor` names this process and is the same after a restart."""

    def __init__(self, *, database_url: str, data_dir: Path, executor: str, step: Step) -> None:
        self._loop = asyncio.get_running_loop()
        self._step = step
        self._executor = executor
        self._running: set[Any] = set()
        self._config = _config(database_url, data_dir, executor)
        self._job: Callable[[str], None] | None = None

    def launch(self) -> None:
        """In a thread. What this executor had begun before it was killed goes on."""
        _quiet()
        DBOS(config=self._config)

        @DBOS.step(name="batch")
        def batch(job_id: str) -> bool:
            return self._on_the_loop(job_id)

        @DBOS.workflow(name="job", max_recovery_attempts=1_000_000)
        def job(job_id: str) -> None:
            while batch(job_id):
                pass

        self._job = job
        DBOS.launch()

    def ensure(self, job_id: str, *, orphaned: bool) -> None:
        """In a thread. See to it that a workflow runs for this job; `orphaned`: nobody holds its lease."""
        assert self._job is not None
        found = DBOS.list_workflows(
            workflow_id_prefix=f"{job_id}-", status=["PENDING", "ENQUEUED"], load_input=False, load_output=False
        )
        if not found:
            with SetWorkflowID(f"{job_id}-{new_id()[:8]}"):
                DBOS.start_workflow(self._job, job_id)
        elif orphaned and found[0].executor_id != self._executor:
            DBOS.resume_workflow(found[0].workflow_id)

    def close(self) -> None:
        """In a thread. Batches are cut off; they are found again."""
        for future in list(self._running):
            future.cancel()
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=0)

    def _on_the_loop(self, job_id: str) -> bool:
        future = asyncio.run_coroutine_threadsafe(self._step(job_id), self._loop)
        self._running.add(future)
        try:
            return future.result()
        except CancelledError:
            return False
        finally:
            self._running.discard(future)


class _Json(Serializer):
    """Only ids and truth values are ever written; pickle, the default, would run whatever stands in the table."""

    def serialize(self, data: Any) -> str:
        return json.dumps(data, default=str)

    def deserialize(self, serialized_data: str) -> Any:
        return json.loads(serialized_data)

    def name(self) -> str:
        return "aishare-json"


def _config(database_url: str, data_dir: Path, executor: str) -> DBOSConfig:
    config: DBOSConfig = {
        "name": "aishare",
        "application_version": _VERSION,
        "executor_id": executor,
        "serializer": _Json(),
        "enable_otlp": False,
        "log_level": "WARNING",
        "max_executor_threads": 8,
    }
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        config["system_database_url"] = f"sqlite:///{data_dir / 'jobs.sqlite'}"
        config["system_database_engine"] = _sqlite_engine(data_dir / "jobs.sqlite")
    else:
        plain = url.set(drivername="postgresql+psycopg")
        config["system_database_url"] = plain.render_as_string(hide_password=False)
    return config


def _sqlite_engine(path: Path) -> Engine:
    """A file of its own, so that its commits never wait for uploads; in WAL mode, which DBOS does not choose itself."""
    engine = create_engine(f"sqlite:///{path}", connect_args={"check_same_thread": False}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: object) -> None:
        connection.isolation_level = "IMMEDIATE"
        for pragma in (
            "busy_timeout=30000",
            "foreign_keys=ON",
            "journal_mode=WAL",
            "synchronous=FULL",
        ):
            connection.execute(f"PRAGMA {pragma}")

    return engine


def _quiet() -> None:
    """It greets with an invitation to a web console."""
    logging.getLogger("dbos").setLevel(logging.WARNING)
