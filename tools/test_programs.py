"""Gets the programs that the tests need, and says which are missing and how to get them.

Chromium, strace and e2fsprogs (for the kill and power-cut tests) are Debian packages. Where they cannot be installed,
Chromium comes from Playwright. MinIO is built if Go is installed. SeaweedFS and PostgreSQL are Python packages.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import sync_playwright

from tests.support import minio
from tools.debian import find_program, install_packages, may_install

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Need:
    package: str
    is_here: Callable[[], bool]
    remedy: str


def main() -> None:
    missing = [need for need in NEEDS if not need.is_here()]
    if missing and may_install():
        install_packages([need.package for need in missing])
    if not chromium_is_here() and "CHROMIUM" not in os.environ:
        # --with-deps would call sudo: what the system needs beyond this, Chromium says itself when it does not start
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    missing = [need for need in missing if not need.is_here()]
    if missing:
        lines = [f"  {need.package}: {need.remedy}" for need in missing]
        sys.exit(
            "\n".join(
                ["These programs, which the tests need, are missing and cannot be installed automatically:", *lines]
            )
        )
    see_to_minio()


def chromium_is_here() -> bool:
    """The one named by CHROMIUM, one on PATH, or Playwright's own, if it starts."""
    if named := os.environ.get("CHROMIUM"):
        return shutil.which(named) is not None
    return any(map(shutil.which, BROWSERS)) or playwright_chromium_starts()


def playwright_chromium_starts() -> bool:
    if not playwright_starts():
        return False
    with sync_playwright() as playwright:
        program = shutil.which(playwright.chromium.executable_path)
    return program is not None and subprocess.run([program, "--version"], check=False).returncode == 0


def playwright_starts() -> bool:
    """It brings its own Node, which needs a library that a minimal Debian does not have."""
    command = [sys.executable, "-m", "playwright", "--version"]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def on_system_path(program: str) -> Callable[[], bool]:
    return lambda: find_program(program) is not None


def see_to_minio() -> None:
    missing = [program for program in minio.PROGRAMS if minio.find_minio(program) is None]
    if not missing:
        return
    if not minio.can_have_minio():
        print("Neither `minio` nor `go` is on PATH: tests with MinIO do not run. SeaweedFS is tested.")
        return
    print("Building MinIO with Go. This takes some minutes, once.", flush=True)
    try:
        for program in missing:
            minio.build_minio(program)
    except minio.MinioIsMissing as error:
        sys.exit(f"Go is on PATH, but MinIO could not be built. Put `minio` on PATH, or remove Go from it.\n{error}")


NEEDS = (
    Need(
        "chromium",
        chromium_is_here,
        "`apt-get install chromium`, or `.venv/bin/playwright install --with-deps chromium`, or name it in CHROMIUM",
    ),
    Need("libatomic1", playwright_starts, "`apt-get install libatomic1`, for the Node that Playwright brings"),
    Need("strace", on_system_path("strace"), "`apt-get install strace`"),
    Need("e2fsprogs", on_system_path("mkfs.ext4"), "`apt-get install e2fsprogs`"),
    Need("openssl", on_system_path("openssl"), "`apt-get install openssl`"),
    Need("curl", on_system_path("curl"), "`apt-get install curl`, for the examples of the documentation"),
    Need("jq", on_system_path("jq"), "`apt-get install jq`, for the examples of the documentation"),
    Need("mount", on_system_path("losetup"), "`apt-get install mount`"),
)


if __name__ == "__main__":
    main()
