"""Migrations for people: what `aishare storage migrate` prints without `--json`."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from aishare.core.sizes import MiB

Document = Mapping[str, Any]


def of_plan(plan: Document, labels: Mapping[str, str]) -> Iterator[str]:
    """What it would mean."""
    yield f"{plan['objects']:,} objects, {plan['bytes']:,} bytes, {_way(plan, labels)}."
    if plan["missing"] or plan["corrupt"]:
        yield f"Known to be wrong: {plan['missing']:,} missing, {plan['corrupt']:,} damaged."
    if plan["estimated_seconds"] is not None:
        speed = f"{plan['measured_bytes_per_second'] / MiB:,.1f} MiB per second"
        yield f"It takes about {_duration(plan['estimated_seconds'])} at {speed}, as measured now."
    if plan["requests"]:
        yield f"Requests to the store: {plan['requests']:,}."
    if not plan["enough_space"]:
        yield f"There is not enough space: {plan['free_bytes']:,} bytes are free."
    yield "Nothing was moved: --yes starts it."


def of_migration(migration: Document, labels: Mapping[str, str]) -> Iterator[str]:
    """How far it is, and what can be done."""
    counts = f"{migration['objects_done']:,} of {migration['objects_total']:,} objects"
    sizes = f"{migration['bytes_done']:,} of {migration['bytes_total']:,} bytes"
    state = str(migration["state"]).replace("_", " ")
    yield f"{migration['id']}  {state}: {counts}, {sizes}, {_way(migration, labels)}."
    if migration["error"]:
        yield f"It waits: {migration['error']}"
    if migration["failures"]:
        yield f"{migration['failures']:,} could not be moved; try them again with --retry {migration['id']}."
    if migration["manifest"]:
        yield f"SHA-256 of what has moved: {migration['manifest']['sha256']}"


def of_migrations(migrations: Sequence[Document], labels: Mapping[str, str]) -> Iterator[str]:
    """All of them, the latest first."""
    for migration in migrations:
        yield from of_migration(migration, labels)
    if not migrations:
        yield "There are no migrations yet."


def _way(document: Document, labels: Mapping[str, str]) -> str:
    source, target = document["source"], document["target"]
    return f"from {labels.get(source, source)} to {labels.get(target, target)}"


def _duration(seconds: float) -> str:
    return str(timedelta(seconds=max(1, round(seconds))))
