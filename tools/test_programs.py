"""Sees to the programs that the tests drive: Chromium, and MinIO where Go can build it; says what is missing.

SeaweedFS and PostgreSQL come from Python packages.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

BIN = Path(__file__).resolve().parent.parent / ".cache" / "bin"
PACKAGES = {  # Debian's package, and programs of which one must be there
    "chromium": ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
    "e2fsprogs": ("mkfs.ext4",),  # for the power-cut test, like strace
    "strace": ("strace",),
}
MINIO = "github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c"


def main() -> None:
    ensure_debian_packages()
    ensure_minio()


def ensure_debian_packages() -> None:
    missing = [package for package, programs in PACKAGES.items() if not any(map(found, programs))]
    if missing and shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update"], check=False, stdout=subprocess.DEVNULL)
        subprocess.run(["apt-get", "install", "-y", "--no-install-recommends", *missing], check=False)
        missing = [package for package, programs in PACKAGES.items() if not any(map(found, programs))]
    if missing:
        sys.exit(
            f"The tests need programs that are not here and can not be installed from here: {', '.join(missing)}.\n"
            f"Install them (Debian: `sudo apt-get install {' '.join(missing)}`); "
            "a Chromium that is elsewhere can be named in CHROMIUM."
        )


def found(program: str) -> str | None:
    return shutil.which(program) or shutil.which(program, path="/usr/sbin:/sbin") or os.environ.get(program.upper())


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
