"""Sees to the programs that the tests drive: Chromium, and MinIO where Go can build it; says what is missing.

SeaweedFS and PostgreSQL come from Python packages.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

BIN = Path(__file__).resolve().parent.parent / ".cache" / "bin"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MINIO = "github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c"


def main() -> None:
    ensure_chromium()
    ensure_minio()


def ensure_chromium() -> None:
    if os.environ.get("CHROMIUM") or any(map(shutil.which, CHROMIUM)):
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update"], check=False, stdout=subprocess.DEVNULL)
        subprocess.run(["apt-get", "install", "-y", "--no-install-recommends", "chromium"], check=False)
        if shutil.which("chromium"):
            return
    sys.exit(
        "The browser tests need Chromium and it can not be installed from here.\n"
        "Install it (Debian: `sudo apt-get install chromium`), or set CHROMIUM to its executable."
    )


def ensure_minio() -> None:
    if shutil.which("minio") or (BIN / "minio").exists():
        return
    if shutil.which("go") is None:
        print("Neither `minio` nor `go` is here: the tests on MinIO do not run. SeaweedFS is tested all the same.")
        return
    print("Building MinIO with Go, once; this takes some minutes.")
    BIN.mkdir(parents=True, exist_ok=True)
    environ = {**os.environ, "GOBIN": str(BIN), "CGO_ENABLED": "0"}
    if subprocess.run(["go", "install", MINIO], env=environ, check=False).returncode:
        sys.exit(f"MinIO could not be built. Try `go install {MINIO}`, or put a `minio` on PATH.")


if __name__ == "__main__":
    main()
