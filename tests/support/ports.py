"""Free ports on loopback."""

import random
import socket

_TWIN = 10_000
"""SeaweedFS opens a gRPC port this far above each of its ports."""


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def free_twin_ports(count: int) -> list[int]:
    """Ports below the ephemeral range whose twins 10,000 above are free as well."""
    found: list[int] = []
    candidates = random.sample(range(11_000, 22_000), 2_000)
    while len(found) < count:
        port = candidates.pop()
        if _is_free(port) and _is_free(port + _TWIN):
            found.append(port)
    return found


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
