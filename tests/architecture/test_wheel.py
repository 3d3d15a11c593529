"""A wheel is built from this tree and opened: what is missing in it is missing for everybody who installs aishare."""

import gzip
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]
WEB = "aishare/web/"
FIRST_LOAD_BYTES = 260_000
"""JavaScript and styles of the first page, compressed: half a second at 4 Mbit/s. What does not fit is loaded later."""

LATER_LOAD_BYTES = 150_000
"""A page that is opened later; `frontend/build.py check` counts what it imports as well."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    found = os.environ.get("UV") or shutil.which("uv")
    uv = [found] if found else [sys.executable, str(ROOT / "tools" / "uv.py")]
    command = [*uv, "build", "--wheel", "--quiet", "--out-dir", str(folder), str(ROOT)]
    environ = {name: value for name, value in os.environ.items() if name != "AISHARE_SKIP_UI_BUILD"}
    built = subprocess.run(command, capture_output=True, text=True, check=False, timeout=110, env=environ)
    assert built.returncode == 0, built.stderr
    return ZipFile(next(folder.glob("aishare-*.whl")))


def _named_in_index(wheel: ZipFile, page: str = "index.html") -> list[str]:
    index = wheel.read(f"{WEB}{page}").decode()
    return re.findall(r'(?:src|href)="/([^"]+)"', index)


def test_the_wheel_holds_the_page_and_everything_it_names(wheel: ZipFile):
    named = _named_in_index(wheel)
    assert [name for name in named if name.endswith(".js") and name.startswith("assets/")]
    assert [name for name in named if name.endswith(".css")]
    missing = {f"{WEB}{name}" for name in named} - set(wheel.namelist())
    assert missing == set()


def test_the_assets_are_there_compressed_too(wheel: ZipFile):
    scripts = [name for name in wheel.namelist() if re.search(r"web/assets/.*\.(js|css)$", name)]
    assert scripts
    for name in scripts:
        if wheel.getinfo(name).file_size > 1400:
            assert gzip.decompress(wheel.read(f"{name}.gz")) == wheel.read(name)
            assert wheel.getinfo(f"{name}.br").file_size < wheel.getinfo(f"{name}.gz").file_size


def test_the_first_load_stays_small(wheel: ZipFile):
    parts = {
        name: len(gzip.compress(wheel.read(f"{WEB}{name}"), 9))
        for name in _named_in_index(wheel)
        if name.endswith((".js", ".css"))
    }
    assert sum(parts.values()) <= FIRST_LOAD_BYTES, parts


def test_what_is_loaded_later_stays_small_too(wheel: ZipFile):
    scripts = [name for name in wheel.namelist() if re.search(r"web/assets/.*\.js$", name)]
    # the description of the API is a page of its own
    named = {f"{WEB}{name}" for page in ("index.html", "api-docs.html") for name in _named_in_index(wheel, page)}
    later = {name: len(gzip.compress(wheel.read(name), 9)) for name in scripts if name not in named}
    assert later, "the pages of administration are no part of the first load"
    assert max(later.values()) <= LATER_LOAD_BYTES, later


def test_the_page_names_no_other_host(wheel: ZipFile):
    assert re.findall(r"https?://[^\"'\s]+", wheel.read(f"{WEB}index.html").decode()) == []


def test_the_wheel_holds_every_file_of_the_package(wheel: ZipFile):
    tracked = subprocess.run(
        ["git", "ls-files", "src/aishare"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    # a release tree is no git checkout: there all files are the release's
    expected = tracked or [path.relative_to(ROOT).as_posix() for path in (ROOT / "src").rglob("*.py")]
    missing = {name.removeprefix("src/") for name in expected if (ROOT / name).exists()} - set(wheel.namelist())
    assert missing == set()
    assert "aishare/py.typed" in wheel.namelist()
    assert [name for name in wheel.namelist() if re.search(r"catalogue/revisions/.*versions/.+\.py$", name)]


def test_the_wheel_holds_nothing_else(wheel: ZipFile):
    others = [name for name in wheel.namelist() if not name.startswith("aishare/") and ".dist-info/" not in name]
    assert others == []
    assert [name for name in wheel.namelist() if "node_modules" in name or name.endswith((".ts", ".tsx"))] == []
