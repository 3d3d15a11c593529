"""Builds the documentation site into site/, strictly: a warning is an error.

    python -m tools.docs

It is built in a temporary folder: the generator would fill .cache/, where other things of ours lie, and a page taken
from its cache is not checked again.
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
    """The site of the pages in docs/ lies in `folder`/site afterwards, if the status is 0."""
    shutil.copytree(ROOT / "docs", folder / "docs", dirs_exist_ok=True)
    shutil.copy(ROOT / CONFIGURATION, folder / CONFIGURATION)
    return build_here(folder)


def build_here(folder: Path) -> subprocess.CompletedProcess[str]:
    """As `build`, of the pages that lie in `folder` already."""
    command = [sys.executable, "-m", "zensical", "build", "--strict"]
    # a traceback of Python would bury the list of what is wrong
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=100)
    done.stderr = done.stderr.partition("Traceback")[0]
    return done


if __name__ == "__main__":
    main()
