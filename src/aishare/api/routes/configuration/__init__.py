"""Settings while the service runs: editing, applying, rolling back, on every node. Their JSON."""

from aishare.api.routes.configuration.storage import (
    LocationJson,
)

__all__ = [
    "LocationJson",
]
