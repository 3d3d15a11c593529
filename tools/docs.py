"""Builds the documentation site into site/, strictly: a warning is an error.

    python -m tools.docs

It is built in a temporary folder, because the generator would write into .cache/, which we use for other things, and it
does not check pages again that it takes from its cache.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CONFIGURATION = "zensical.toml"


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="aishare-docs-") as folder:
        result = build(Path(folder))
        if result.returncode == 0:
            shutil.rmtree(ROOT / "site", ignore_errors=True)
            shutil.copytree(Path(folder) / "site", ROOT / "site")
    print(result.stdout, result.stderr, sep="")
    sys.exit(result.returncode)


def build(folder: Path) -> subprocess.CompletedProcess[str]:
    """Builds the site into `folder`/site. The status is 0 if it worked."""
    shutil.copytree(ROOT / "docs", folder / "docs", dirs_exist_ok=True)
    shutil.copy(ROOT / CONFIGURATION, folder / CONFIGURATION)
    return build_here(folder)


def build_here(folder: Path) -> subprocess.CompletedProcess[str]:
    """Like `build`, with pages that are already in `folder`."""
    command = [sys.executable, "-m", "zensical", "build", "--strict"]
    # a traceback of Python would delete_marked the list of what is wrong
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=100)
    done.stderr = done.stderr.partition("Traceback")[0]
    return done


if __name__ == "__main__":
    main()
