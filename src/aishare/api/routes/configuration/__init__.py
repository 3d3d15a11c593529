"""JSON routes for settings: editing, applying and reverting them on all nodes of a running service."""

from aishare.api.routes.configuration.storage import (
    LocationJson,
)

__all__ = [
    "LocationJson",
]
