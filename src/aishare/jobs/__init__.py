"""Background work that must survive a restart, on DBOS (docs/decisions/0022-durable-jobs.md).

The engine is started when there is something to do, not before: its import costs a second or two. All progress is in
the rows of the catalogue; the engine's own records hold ids and nothing else. On SQLite they lie in
DATA_DIR/jobs.sqlite, on PostgreSQL in the schema `dbos` of the same database.
"""

from aishare.jobs.worker import jobs

__all__ = ["jobs"]
