"""One of several server processes; started by `aishare.cli.serving.workers`, which sends its configuration to standard
input.
"""

import json
import os
from typing import Any, Final

from aishare.cli.endings import reporting_errors
from aishare.cli.options import ServeOptions
from aishare.cli.serving.listening import listener
from aishare.cli.serving.serving import ProcessRole, prepare_logging, serve_part

_STDIN: Final = 0


def main() -> None:
    """Reads the configuration and runs the worker."""
    told = json.loads(_line(_STDIN))
    os.set_inheritable(told["report"], False)
    with reporting_errors():
        _serve(told)


def _serve(told: dict[str, Any]) -> None:
    options = ServeOptions(**told["options"])
    loaded = options.start()
    prepare_logging(loaded, worker=told["worker"])

    def ready(_port: int, setup: bool) -> None:  # noqa: FBT001 - called by position, see Part
        os.write(told["report"], json.dumps({"setup": setup}).encode() + b"\n")

    part = ProcessRole(
        ready=ready,
        setup_digest=bytes.fromhex(told["setup_digest"]),
        seeds=told["seeds"],
        worker=told["worker"],
        sockets=[listener((family, tuple(address))) for family, address in told["addresses"]],
        parent=_STDIN,
    )
    serve_part(loaded, options.load, part)


def _line(pipe: int) -> bytes:
    """Byte by byte: the end of the pipe must still be noticed later."""
    line = b""
    while (byte := os.read(pipe, 1)) not in {b"", b"\n"}:
        line += byte
    return line


if __name__ == "__main__":
    main()
