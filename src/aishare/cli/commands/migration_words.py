"""Migrations for people: what `aishare storage migrate` prints without `--json`."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from aishare.core.sizes import MiB

Document = Mapping[str, Any]


def of_plan(plan: Document, labels: Mapping[str, str]) -> Iterator[str]:
    """What a migration would involve."""
    yield f"{plan['objects']:,} files, {plan['bytes']:,} bytes, {_way(plan, labels)}."
    if plan["missing"] or plan["corrupt"]:
        yield f"Known problems: {plan['missing']:,} missing, {plan['corrupt']:,} damaged."
    if plan["estimated_seconds"] is not None:
        speed = f"{plan['measured_bytes_per_second'] / MiB:,.1f} MiB per second"
        yield f"Estimated time: {_duration(plan['estimated_seconds'])} at {speed} (measured now)."
    if plan["requests"]:
        yield f"Requests to the storage: {plan['requests']:,}."
    if not plan["enough_space"]:
        yield f"There is not enough free space: only {plan['free_bytes']:,} bytes are available."
    yield "Nothing was moved. To start the migration, add --yes."


def of_migration(migration: Document, labels: Mapping[str, str]) -> Iterator[str]:
    """The progress, and what can be done."""
    state = str(migration["state"]).replace("_", " ")
    yield f"{migration['id']}  {state}: {_progress(migration)}, {_way(migration, labels)}."
    if migration["rollback"] and migration["state"] == "rolled_back":
        yield from _left_behind(migration["rollback"])
    if migration["took_seconds"] is not None:
        yield f"It took {_duration(migration['took_seconds'])}{_speed(migration['average_bytes_per_second'])}."
    elif migration["bytes_per_second"] is not None:
        yield f"It is limited to {migration['bytes_per_second']:,} bytes per second."
    if migration["error"]:
        yield f"Waiting: {migration['error']}"
    if migration["failures"] and not migration["rollback"]:
        yield f"{migration['failures']:,} could not be moved; retry them with --retry {migration['id']}."
    if migration["manifest"]:
        yield f"SHA-256 of the manifest: {migration['manifest']['sha256']}"


def of_migrations(migrations: Sequence[Document], labels: Mapping[str, str]) -> Iterator[str]:
    """All migrations, newest first."""
    for migration in migrations:
        yield from of_migration(migration, labels)
    if not migrations:
        yield "There are no migrations yet."


def _progress(migration: Document) -> str:
    back = migration["rollback"]
    if back:
        return (
            f"{back['objects_back']:,} of {back['objects']:,} files are back, "
            f"{back['bytes_back']:,} of {back['bytes']:,} bytes"
        )
    return (
        f"{migration['objects_done']:,} of {migration['objects_total']:,} files, "
        f"{migration['bytes_done']:,} of {migration['bytes_total']:,} bytes"
    )


def _left_behind(back: Document) -> Iterator[str]:
    """Why the remaining files were not moved back."""
    failed = back["objects_failed"]
    gone = back["objects"] - back["objects_back"] - failed
    if gone:
        yield f"Deleted since{' or without an old copy' if back['objects_deleted'] is None else ''}: {gone:,}."
    if failed:
        yield f"Still in the new location, because the old copy is missing or damaged: {failed:,}."


def _speed(bytes_per_second: float | None) -> str:
    return "" if bytes_per_second is None else f", {bytes_per_second / MiB:,.1f} MiB per second on average"


def _way(document: Document, labels: Mapping[str, str]) -> str:
    source, target = document["source"], document["target"]
    return f"from {labels.get(source, source)} to {labels.get(target, target)}"


def _duration(seconds: float) -> str:
    return str(timedelta(seconds=max(1, round(seconds))))
