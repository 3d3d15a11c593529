"""Rules of the project that no linter knows: see CONTRIBUTING.md and docs/decisions."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DECISIONS = ROOT / "docs" / "decisions"
MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 60
MAX_COMPONENT_LINES = 250
MAX_DECISION_LINES = 40
BINARY = {".png", ".ico", ".woff2", ".xz"}
LOCKS = ("uv.lock", "frontend/package-lock.json")
PUBLIC_REGISTRIES = {"pypi.org", "files.pythonhosted.org", "registry.npmjs.org"}
PLACES_OF_ONE_MACHINE = re.compile(r"(?<![\w.~/-])/(?:work|root|home/\w+|Users/\w+)/\w")
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")  # in two halves, not to find itself
RUBBISH_NAMES = {"util", "utils", "helper", "helpers", "common", "misc"}


def _files(*suffixes: str) -> list[Path]:
    """What belongs to the repository, new files included, deleted ones not."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    files = [ROOT / name for name in sorted(set(listed)) if name and (ROOT / name).is_file()]
    return [file for file in files if not suffixes or file.suffix in suffixes]


def _name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def _lines(file: Path) -> int:
    return file.read_text(encoding="utf-8").count("\n")


def _functions(file: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def _too_long(file: Path) -> list[str]:
    return [
        f"{_name(file)}:{function.lineno} {function.name}"
        for function in _functions(file)
        if (function.end_lineno or 0) - function.lineno >= MAX_FUNCTION_LINES
    ]


def test_files_stay_readable_in_one_sitting():
    # tables of cases make long tests, and are read from the failing line
    programs = [file for file in _files(".py") if not _name(file).startswith("tests/")]
    assert [_name(file) for file in programs if _lines(file) >= MAX_FILE_LINES] == []
    pages = [file for file in _files(".ts", ".tsx") if "/client/" not in _name(file)]
    assert [_name(file) for file in pages if _lines(file) >= MAX_COMPONENT_LINES] == []


def test_functions_stay_short():
    assert [found for file in _files(".py") for found in _too_long(file)] == []


def test_names_say_what_is_inside():
    named = {part for file in _files(".py", ".ts", ".tsx") for part in file.relative_to(ROOT).with_suffix("").parts}
    assert named & RUBBISH_NAMES == set()


def test_nothing_names_a_place_of_one_machine_or_is_left_unfinished():
    found = [
        f"{_name(file)}:{number}"
        for file in _files()
        if file.suffix not in BINARY and _name(file) not in LOCKS
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if PLACES_OF_ONE_MACHINE.search(line) or UNFINISHED.search(line)
    ]
    assert found == []


@pytest.mark.parametrize("text", ["see /" + "home/ada/notes", "'/" + "root/aishare'", "# TO" + "DO later"])
def test_places_and_unfinished_things_would_be_found(text: str):
    assert PLACES_OF_ONE_MACHINE.search(text) or UNFINISHED.search(text)


def test_locked_packages_come_from_public_registries():
    locked = tomllib.loads((ROOT / "uv.lock").read_text())["package"]
    sources = [package["source"] for package in locked if package["name"] != "aishare"]
    assert {tuple(source) for source in sources} == {("registry",)}
    files = [
        file["url"] for package in locked for file in [*package.get("wheels", []), package.get("sdist", {})] if file
    ]
    resolved = re.findall(r'"resolved": "([^"]+)"', (ROOT / "frontend/package-lock.json").read_text())
    hosts = {
        re.sub(r"^\w+://([^/]+)/.*$", r"\1", url) for url in [*files, *(s["registry"] for s in sources), *resolved]
    }
    assert hosts - PUBLIC_REGISTRIES == set()


def test_the_list_of_decisions_is_complete_and_in_order():
    pages = sorted(page.name for page in DECISIONS.glob("[0-9]*.md"))
    assert [page[:4] for page in pages] == [f"{number:04}" for number in range(1, len(pages) + 1)]
    listed = re.findall(r"^(\d+)\. \[(.+)\]\((.+)\)$", (DECISIONS / "README.md").read_text(), re.MULTILINE)
    assert [(int(number), target) for number, _, target in listed] == list(enumerate(pages, start=1))
    titles = [(DECISIONS / page).read_text().splitlines()[0].removeprefix("# ") for page in pages]
    assert [title for _, title, _ in listed] == titles


@pytest.mark.parametrize("page", sorted(DECISIONS.glob("[0-9]*.md")), ids=lambda page: page.stem)
def test_a_decision_is_short_gives_a_rule_and_names_what_keeps_it(page: Path):
    text = page.read_text()
    assert _lines(page) <= MAX_DECISION_LINES
    assert re.search(r"^\*\*", text, re.MULTILINE), "the rule stands in bold, on a line of its own"
    assert re.search(r"^(Kept by|Not built yet)", text, re.MULTILINE)
    for place in re.findall(r"`((?:src|tests|tools|frontend|services|storage|api|core)/[\w./-]+)`", text):
        assert (ROOT / place).exists() or (ROOT / "src" / "aishare" / place).exists(), place
    tests = "\n".join(file.read_text() for file in _files(".py") if _name(file).startswith("tests/"))
    assert [name for name in re.findall(r"`(test_\w+)`", text) if f"def {name}(" not in tests] == []


def test_links_between_our_pages_lead_somewhere():
    broken = [
        f"{_name(page)}: {target}"
        for page in _files(".md")
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text())
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert broken == []
