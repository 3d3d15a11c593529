"""Background work that must survive a restart, on DBOS (docs/decisions/0022-durable-jobs.md).

The engine is only started when there is work, because importing it takes a second or two. All progress is in the rows
of the catalogue; the engine's own records only contain ids. On SQLite they are in DATA_DIR/jobs.sqlite, on PostgreSQL
in the schema `dbos` of the same database.
"""

from aishare.jobs.worker import jobs

__all__ = ["jobs"]
