"""An older version of aishare, installed as its users had it: a wheel, and the packages of its lock file."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60


@dataclass(frozen=True)
class OldVersion:
    python: Path
    version: str
    commit: str

    def run(self, data_dir: Path, *arguments: str, environ: Mapping[str, str], stdin: str = "") -> str:
        """What `aishare …` prints."""
        done = subprocess.run(
            [self.python, "-m", "aishare", *arguments, "--data-dir", data_dir],
            **_surroundings(data_dir, environ),
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            sys.exit(f"aishare {' '.join(arguments)} failed:\n{done.stderr}")
        return done.stdout

    @contextmanager
    def serving(self, data_dir: Path, environ: Mapping[str, str]) -> Iterator[str]:
        """Its address, while it serves."""
        command = [self.python, "-m", "aishare", "serve", "--port", "0", "--data-dir", data_dir]
        process = subprocess.Popen(
            command, **_surroundings(data_dir, environ), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
        )
        try:
            yield _address(process)
        finally:
            process.terminate()
            process.communicate(timeout=START_SECONDS)


def install(revision: str, folder: Path) -> OldVersion:
    """Builds the wheel of a tag or commit, and installs it into an environment of its own, both in `folder`."""
    source = folder / "source"
    _unpack_revision(revision, source)
    pages = source / "src" / "aishare" / "web"
    pages.mkdir()
    (pages / "index.html").write_text("The data do not depend on the pages, which would take minutes to build.")
    without_pages = {**os.environ, "AISHARE_SKIP_UI_BUILD": "1"}
    _uv("build", "--wheel", "--out-dir", str(folder), str(source), env=without_pages)
    locked = folder / "requirements.txt"
    _uv("export", "--frozen", "--no-dev", "--no-emit-project", "--output-file", str(locked), "--project", str(source))
    _uv("venv", str(folder / "venv"))
    python = folder / "venv" / "bin" / "python"
    (wheel,) = folder.glob("aishare-*.whl")
    _uv("pip", "install", "--python", str(python), "--requirement", str(locked))
    _uv("pip", "install", "--python", str(python), "--no-deps", str(wheel))
    return OldVersion(python, wheel.name.split("-")[1], _git("rev-parse", f"{revision}^{{commit}}").decode().strip())


def _unpack_revision(revision: str, folder: Path) -> None:
    folder.mkdir()
    subprocess.run(["tar", "-x", "-C", folder], input=_git("archive", revision), check=True)


def _git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True).stdout


def _uv(*arguments: str, env: Mapping[str, str] | None = None) -> None:
    subprocess.run([sys.executable, ROOT / "tools" / "uv.py", *arguments, "--quiet"], check=True, env=env)


def _surroundings(data_dir: Path, environ: Mapping[str, str]) -> dict[str, object]:
    """Not the caller's environment: its settings would become part of the data."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return {"cwd": data_dir, "env": {**kept, "LOG_FORMAT": "json", **environ}}


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stderr is not None
    lines = []
    for line in process.stderr:
        lines.append(line)
        if '"event": "serving"' in line:
            return str(json.loads(line)["address"])
    sys.exit("The server did not start:\n" + "".join(lines))
