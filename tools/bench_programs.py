"""Gets the programs that the benchmark needs: nginx and wrk.

If one is missing, its Debian package is unpacked into .cache. It is not installed, because an installed nginx starts by
itself and serves on port 80. PocketBase is a Python package.
"""

import os
import shutil
import sys
from pathlib import Path

from tools.debian import find_program, unpack_packages

FOLDER = Path(__file__).resolve().parent.parent / ".cache" / "bench-programs"
PACKAGES = {"nginx": ["nginx"], "wrk": ["wrk", "libluajit-5.1-2"]}


class ProgramIsMissing(Exception):
    """The message says how to get it."""


def main() -> None:
    missing = [name for name in PACKAGES if _found(name) is None]
    if missing and shutil.which("apt-get"):
        unpack_packages([package for name in missing for package in PACKAGES[name]], FOLDER)
    try:
        for name in missing:
            program(name)
    except ProgramIsMissing as error:
        sys.exit(str(error))


def program(name: str) -> str:
    """Its path."""
    path = _found(name)
    if path is None:
        raise ProgramIsMissing(f"The benchmark needs {name}: `apt-get install {name}`, or put it on PATH.")
    return path


def environment() -> dict[str, str]:
    """The environment, with the libraries of the unpacked packages."""
    libraries = sorted({str(library.parent) for library in FOLDER.rglob("*.so*")})
    return {**os.environ, "LD_LIBRARY_PATH": os.pathsep.join([*libraries, os.environ.get("LD_LIBRARY_PATH", "")])}


def _found(name: str) -> str | None:
    if installed := find_program(name):
        return installed
    return next(
        (str(FOLDER / place / name) for place in ("usr/sbin", "usr/bin") if (FOLDER / place / name).exists()), None
    )


if __name__ == "__main__":
    main()
