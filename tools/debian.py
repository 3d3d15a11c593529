"""Programs that are packages of Debian."""

import os
import shutil
import subprocess
from pathlib import Path

SYSTEM_PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])
"""An ordinary user's PATH on Debian lacks mkfs and nginx."""


def find_program(name: str) -> str | None:
    return shutil.which(name, path=SYSTEM_PATH)


def may_install() -> bool:
    return shutil.which("apt-get") is not None and os.geteuid() == 0


def install_packages(packages: list[str]) -> None:
    """Whether it worked shows in what is there afterwards."""
    print(f"Installing {', '.join(packages)}.", flush=True)
    _apt_get("update")
    _apt_get("install", "-y", "--no-install-recommends", *packages)


def unpack_packages(packages: list[str], folder: Path) -> None:
    """Into a folder, as any user: nothing is installed, so no service starts. Whether it worked shows in the folder."""
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
