"""Programs from Debian packages."""

import os
import shutil
import subprocess
from pathlib import Path

SYSTEM_PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])
"""On Debian the PATH of an ordinary user has neither mkfs nor nginx."""


def find_program(name: str) -> str | None:
    return shutil.which(name, path=SYSTEM_PATH)


def may_install() -> bool:
    return shutil.which("apt-get") is not None and os.geteuid() == 0


def install_packages(packages: list[str]) -> None:
    """Raises nothing: look afterwards whether the program is there."""
    print(f"Installing {', '.join(packages)}.", flush=True)
    _apt_get("update")
    _apt_get("install", "-y", "--no-install-recommends", *packages)


def unpack_packages(packages: list[str], folder: Path) -> None:
    """Into a folder, as any user. Nothing is installed, so no service starts. Raises nothing: look at the folder."""
    print(f"Unpacking {', '.join(packages)}.", flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        _apt_get("update")
    _apt_get("download", *packages, cwd=folder)
    for package in folder.glob("*.deb"):
        subprocess.run(["dpkg-deb", "-x", package, folder], check=False)
        package.unlink()


def _apt_get(verb: str, *arguments: str, cwd: Path | None = None) -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", verb, "-qq", *arguments], check=False, env=quiet, cwd=cwd)
