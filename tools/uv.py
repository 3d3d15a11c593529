"""Runs uv with the given arguments; downloads it first if it is missing.

    python3 tools/uv.py sync --locked

It runs before anything is installed, so it uses the standard library alone: Debian's python3 has no pip, and its venv
module needs one. uv is looked for on PATH, then in .cache/; else pip gets it where Python has pip (it knows the mirror,
proxy and certificates of pip.conf); else the wheel is downloaded here. Version and SHA-256 are those of uv.lock.
"""

from __future__ import annotations

import hashlib
import html
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST_UV = (0, 8)
"""The oldest uv seen to accept our uv.lock."""
PYPI = "https://pypi.org/simple"
INDEX_VARIABLES = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL")
TIMEOUT_SECONDS = 60


def main() -> None:
    uv = uv_on_path() or cached_uv()
    os.environ.setdefault("UV_PYTHON_DOWNLOADS", "never")  # the system's Python or a message, not 30 MB unasked
    # Trust what the machine trusts: behind a proxy that inspects TLS nothing else works. Older uv: the second name.
    if not {"UV_SYSTEM_CERTS", "UV_NATIVE_TLS"} & os.environ.keys():
        os.environ["UV_SYSTEM_CERTS"] = os.environ["UV_NATIVE_TLS"] = "true"
    os.environ.setdefault("NODE_USE_SYSTEM_CA", "1")
    os.execv(uv, [uv, *sys.argv[1:]])


def uv_on_path() -> str | None:
    uv = shutil.which("uv")
    if uv is None:
        return None
    answer = subprocess.run([uv, "--version"], capture_output=True, text=True, check=False)
    version = re.match(r"uv (\d+)\.(\d+)", answer.stdout)
    return uv if version and tuple(map(int, version.groups())) >= OLDEST_UV else None


def cached_uv() -> str:
    locked = locked_package()
    folder = ROOT / ".cache" / f"uv-{locked['version']}"
    if not (folder / "uv").exists():
        say(f"uv is not installed here: fetching uv {locked['version']} into {folder.relative_to(ROOT)}/")
        wheel = wheel_for_this_machine(locked["wheels"])
        content = wheel_from_pip(locked["version"]) or wheel_from_index(wheel)
        check(content, [wheel["hash"] for wheel in locked["wheels"]])
        unpack(content, folder)
    return str(folder / "uv")


def locked_package() -> dict:
    try:
        import tomllib  # noqa: PLC0415 - new in 3.11: an older Python shall see a message, not a traceback
    except ModuleNotFoundError:
        give_up(
            f"aishare needs Python 3.11 or newer, this is {sys.version.split()[0]}",
            "Name another one, as in: make run PYTHON=python3.12",
        )
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    return next(package for package in lock["package"] if package["name"] == "uv")


def wheel_for_this_machine(wheels: list[dict]) -> dict:
    """The wheel whose platform tag fits; names as in the binary distribution format (manylinux, musllinux, macosx)."""
    system, _, machine = sysconfig.get_platform().replace("-", " ").partition(" ")
    machine = machine.rpartition(" ")[2]
    if system == "linux":
        system = "musllinux" if "musl" in (sysconfig.get_config_var("SOABI") or "") else "manylinux"
    machine = os.uname().machine if machine == "universal2" else machine
    fits = [wheel for wheel in wheels if system in wheel["url"] and wheel["url"].endswith(f"_{machine}.whl")]
    if not fits:
        give_up(f"there is no wheel of uv for {sysconfig.get_platform()}", INSTALL_UV)
    return fits[0]


def wheel_from_pip(version: str) -> bytes | None:
    """By `pip download`, so that pip.conf holds; None where Python has no pip or pip fails."""
    if importlib.util.find_spec("pip") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
        done = subprocess.run([*command, "--dest", folder, f"uv=={version}"], check=False)
        return next(Path(folder).iterdir()).read_bytes() if done.returncode == 0 else None


def wheel_from_index(wheel: dict) -> bytes:
    """From the address in the lock file, or from the mirror that the environment names."""
    mirror = next((os.environ[name] for name in INDEX_VARIABLES if os.environ.get(name)), PYPI)
    mirror = mirror.rpartition("=")[2].rstrip("/") if "=" in mirror.partition("://")[0] else mirror.rstrip("/")
    try:
        return download(wheel["url"] if mirror == PYPI else address_on(mirror, file_name(wheel)))
    except (OSError, ValueError) as error:
        give_up(f"uv could not be downloaded: {error}", INSTALL_UV)


def address_on(mirror: str, name: str) -> str:
    """Where a mirror keeps a file, by the simple API: JSON (PEP 691) or HTML (PEP 503)."""
    page = f"{mirror}/uv/"
    text = download(page, accept="application/vnd.pypi.simple.v1+json, text/html;q=0.5").decode()
    if text.lstrip().startswith("{"):
        links = [file["url"] for file in json.loads(text)["files"]]
    else:
        links = [html.unescape(link) for link in re.findall(r"""href=["']([^"']+)""", text)]
    for link in links:
        if urllib.parse.urlsplit(link).path.endswith(f"/{name}"):
            return urllib.parse.urljoin(page, link)
    raise ValueError(f"{page} does not have {name}")


def download(address: str, *, accept: str = "*/*") -> bytes:
    request = urllib.request.Request(address, headers={"Accept": accept, "User-Agent": "aishare-bootstrap"})
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
        return answer.read()


def file_name(wheel: dict) -> str:
    return wheel["url"].rpartition("/")[2]


def check(content: bytes, locked_hashes: list[str]) -> None:
    if f"sha256:{hashlib.sha256(content).hexdigest()}" not in locked_hashes:
        give_up("the wheel of uv that came is not one that uv.lock names: its SHA-256 differs", INSTALL_UV)


def unpack(content: bytes, folder: Path) -> None:
    """Puts the one program of the wheel into `folder`: whole or not at all, also when two `make` run at once."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as target:
        target.write(content)
    packed, program = Path(target.name), Path(target.name + ".uv")
    with zipfile.ZipFile(packed) as wheel:
        member = next(name for name in wheel.namelist() if name.endswith(".data/scripts/uv"))
        program.write_bytes(wheel.read(member))
    program.chmod(0o755)
    program.replace(folder / "uv")
    packed.unlink()


INSTALL_UV = "Install uv yourself (https://docs.astral.sh/uv/getting-started/installation/) and run the command again."


def say(message: str) -> None:
    print(message, file=sys.stderr)


def give_up(problem: str, advice: str) -> None:
    sys.exit(f"{problem}.\n{advice}")


if __name__ == "__main__":
    main()
