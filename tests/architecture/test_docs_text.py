"""What people write in the documentation is there: commands, routes, settings, pages of the browser; and in reach."""

import re
import shlex
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from aishare.api.app import create_api
from aishare.cli import docs as cli_docs
from aishare.settings.catalog import CATALOGUE
from tests.support.pages import DOCS, ROOT, pages

GENERATED = {"settings.md", "cli.md", "api.md", "errors.md"}
WRITTEN = [page for page in pages() if page.name not in GENERATED]
GUIDES = [page for page in WRITTEN if page.parent.name != "decisions"]
UNDER = "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}"
"""Between the name of a page and that of a part of it."""
SHELL = ROOT / "frontend" / "src" / "app" / "routes" / "shell.tsx"
CALL = re.compile(r"(?:^ *|\$\(|uv run |/bin/|[A-Z_]+=\S+ )aishare ([a-z-][^\n|<]*)", re.MULTILINE)
SPANNING = re.MULTILINE | re.DOTALL
OPTIONS_OF_ALL = {"--help", "--version"}
OTHER_VARIABLES = {"AISHARE_TOKEN", "AWS_PROFILE", "AWS_CA_BUNDLE", "MINIO_REGION"}
"""Variables that are not settings of aishare."""
OF_THE_PAGES = {"/api/auth/logout", "/api/auth/demo-users", "/api/auth/demo-login", "/api/auth/setup"}
"""Routes that only the sign-in pages use."""
NOT_YET = {"Resumable uploads": "/api/uploads", "Trash": "/api/trash", "Built-in backups": "/api/admin/backups"}
"""How a line of "Not there yet" begins, and the route that will make it untrue."""


def _named(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def _linked(page: Path) -> set[Path]:
    found = re.findall(r"\]\(([^)#:]+\.md)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    return {(page.parent / target).resolve() for target in found}


def test_every_page_is_linked_from_the_start():
    """From index.md itself, or from the list of its own folder, which index.md links."""
    start = DOCS / "index.md"
    near = _linked(start)
    lists = {page for page in near if page.parent != DOCS and page.name in {"index.md", "README.md"}}
    in_reach = near.union({start}, *(_linked(page) for page in lists))
    assert sorted(_named(page) for page in set(DOCS.rglob("*.md")) - in_reach) == []


def test_what_is_announced_is_not_there_yet():
    """Who builds it is told here that the start page says otherwise."""
    section = (DOCS / "index.md").read_text().partition("## Not there yet\n")[2].partition("\n## ")[0]
    announced = [line.removeprefix("- ") for line in section.splitlines() if line.startswith("- ")]
    assert announced
    known = {line: route for line in announced for begin, route in NOT_YET.items() if line.startswith(begin)}
    assert [line for line in announced if line not in known] == []
    assert [line for line, route in known.items() if any(path.startswith(route) for path in _paths())] == []


@cache
def _commands() -> dict[str, set[str]]:
    """Path of each command -> its options."""
    return {path: {o for p in command.params for o in p.opts} for path, command in cli_docs.commands()}


def _called(text: str) -> list[str]:
    """What comes after `aishare` where it is called, in code."""
    code = [*re.findall(r"`([^`\n]+)`", text), *re.findall(r"^ *```(?:shell|sh|systemd)\n(.*?)^ *```", text, SPANNING)]
    code += re.findall(r"^ {4}.*$", text, re.MULTILINE)
    calls = CALL.findall("\n".join(code))
    return sorted({call.rstrip(")") for call in calls})


def wrong_call(call: str) -> bool:
    """Whether no command is called, or one without these options."""
    words = shlex.split(call, comments=True) or [""]
    options = {word.partition("=")[0] for word in words if word.startswith("-")} - OPTIONS_OF_ALL
    paths = [" ".join(["aishare", *words[:count]]) for count in (2, 1)]
    known = next((_commands()[path] for path in paths if path in _commands()), None)
    if known is None:
        group = f"aishare {words[0]} "
        return bool(options) or not (call.startswith("-") or any(path.startswith(group) for path in _commands()))
    return not options <= known


@pytest.mark.parametrize("source", WRITTEN, ids=_named)
def test_commands_and_their_options_exist(source: Path):
    assert [call for call in _called(source.read_text()) if wrong_call(call)] == []


@pytest.mark.parametrize(
    ("call", "wrong"),
    [
        ("storage migrate --to LABEL --plan", False),
        ("storage migrate --target LABEL", True),
        ("serve --workers N", False),
        ("--version", False),
        ("backup create", True),
        ("config", False),
    ],
)
def test_a_wrong_command_would_be_found(call: str, wrong: bool):
    assert wrong_call(call) is wrong


def test_every_command_is_in_a_page_for_people():
    written = "\n".join(page.read_text() for page in GUIDES)
    of_developers = {"aishare ui build"}
    assert [path for path in sorted(_commands().keys() - of_developers) if path not in written] == []


def _pattern(path: str) -> re.Pattern[str]:
    """An OpenAPI path -> how a page may write it: with names, IDs or variables of a shell in place of parameters."""
    parts = re.split(r"(\{\w+\})", path)
    return re.compile(
        "".join((r".+" if part == "{path}" else r"[^/]+") if part[:1] == "{" else re.escape(part) for part in parts)
    )


@cache
def _paths() -> dict[str, dict[str, Any]]:
    paths: dict[str, dict[str, Any]] = create_api().openapi()["paths"]
    return paths


@cache
def _routes() -> list[tuple[re.Pattern[str], set[str]]]:
    return [(_pattern(path), {method.upper() for method in of}) for path, of in _paths().items()]


def wrong_routes(text: str) -> list[str]:
    routes, sections = _routes(), ("/api/admin", "/api/docs", "/api/openapi.json")
    wrong = []
    for method, path in re.findall(r"(?:\b(GET|HEAD|POST|PUT|PATCH|DELETE) )?(/api/[^\s`\"?)'|;,]*)", text):
        fitting = [methods for pattern, methods in routes if pattern.fullmatch(path.rstrip("/."))]
        if not any(method in ("", "HEAD") or method in methods for methods in fitting) and path not in sections:
            wrong.append(f"{method} {path}".strip())
    return wrong


@pytest.mark.parametrize("source", GUIDES, ids=_named)
def test_routes_in_the_text_exist(source: Path):
    assert wrong_routes(source.read_text().replace("location ~ ^/(d|s|api/d)/", "")) == []


def test_a_wrong_route_would_be_found():
    assert wrong_routes("`POST /api/links/revoke`, `GET /api/files/ID/content?download=1`") == []
    assert wrong_routes("`PUT /api/links/revoke`, `/api/files/ID/contents`") == [
        "PUT /api/links/revoke",
        "/api/files/ID/contents",
    ]


def test_every_route_is_in_a_page_for_people():
    """At least the part of its address before the first parameter."""
    written = "\n".join(page.read_text() for page in GUIDES)
    begins = {path.partition("{")[0].rstrip("/") for path in _paths()} - OF_THE_PAGES
    assert sorted(begin for begin in begins if begin not in written) == []


@pytest.mark.parametrize("source", WRITTEN, ids=_named)
def test_settings_in_the_text_exist(source: Path):
    known = {spec.name for spec in CATALOGUE} | {f"{spec.name}_FILE" for spec in CATALOGUE if spec.secret}
    named = set(re.findall(r"`([A-Z][A-Z0-9]*_[A-Z0-9_]+)(?:=[^`]*)?`", source.read_text()))
    assert sorted(named - known - OTHER_VARIABLES) == []


def test_every_setting_is_in_a_page_for_people():
    written = "\n".join(page.read_text() for page in GUIDES if page != ROOT / "README.md")
    assert [spec.name for spec in CATALOGUE if not re.search(rf"\b{spec.name}\b", written)] == []


def _navigation() -> tuple[list[str], list[str]]:
    """The names in the side bar of the browser: of everybody, and of administrators."""
    everybody, _, administration = SHELL.read_text(encoding="utf-8").partition('<NavGroup label="Administration">')
    names = re.compile(r'<NavItem [^>]*label="([^"]+)"')
    return names.findall(everybody), names.findall(administration)


def test_administration_lists_the_pages_of_administrators():
    rows = re.findall(r"^\| \*\*([^*]+)\*\* \|", (DOCS / "administration.md").read_text(), re.MULTILINE)
    assert rows == _navigation()[1]


@pytest.mark.parametrize("source", GUIDES, ids=_named)
def test_pages_of_the_browser_have_the_names_that_the_text_gives_them(source: Path):
    everybody, administration = _navigation()
    text = " ".join(source.read_text().split())
    named = {
        *re.findall(rf"\bpage \*\*([^*{UNDER}]+)\*\*", text),
        *re.findall(rf"\*\*Administration {UNDER} ([^*]+)\*\*", text),
    }
    assert sorted(named - {*everybody, *administration}) == []


@cache
def _frontend() -> str:
    """All that the browser may show, in one line."""
    sources = [*(ROOT / "frontend" / "src").rglob("*.ts"), *(ROOT / "frontend" / "src").rglob("*.tsx")]
    return " ".join(" ".join(path.read_text(encoding="utf-8").split()) for path in sources if ".test." not in path.name)


@pytest.mark.parametrize("source", GUIDES, ids=_named)
def test_what_is_to_be_clicked_is_on_a_page(source: Path):
    text = " ".join(source.read_text().split())
    buttons = set(re.findall(r"\b[Cc]lick \*\*([^*]+)\*\*", text))
    buttons |= {
        part for path in re.findall(rf"\*\*([^*]+ {UNDER} [^*]+)\*\*", text) for part in path.split(f" {UNDER} ")
    }
    assert sorted(name for name in buttons if not re.search(rf"[>\"}}] ?{re.escape(name)} ?[<\"{{]", _frontend())) == []


def test_the_map_of_the_code_shows_every_folder():
    text = (ROOT / "README.md").read_text().partition("## Map of the code")[2]
    packages = {folder.name for folder in (ROOT / "src" / "aishare").iterdir() if (folder / "__init__.py").is_file()}
    top = {folder.name for folder in ROOT.iterdir() if folder.is_dir() and any(folder.glob("*.py"))} | {"frontend"}
    assert sorted(name for name in packages | top if not re.search(rf"^ +{name}/ ", text, re.MULTILINE)) == []


@pytest.mark.parametrize("source", GUIDES, ids=_named)
def test_no_word_is_used_at_which_readers_stop(source: Path):
    text = " ".join(source.read_text().split())
    assert (
        re.findall(r"can not\b|\bof the service\b|\b(?:lies|lie) in\b|\bstands? (?:in|on|under|beside)\b", text) == []
    )


def test_what_keeps_a_decision_is_there():
    """The files and tests that the pages about decisions name."""
    text = "\n".join(page.read_text() for page in (DOCS / "decisions").glob("0*.md"))
    named = set(re.findall(r"`((?:[\w]+/)+\w+\.py)`", text))
    package = ROOT / "src" / "aishare"
    assert sorted(name for name in named if not ((ROOT / name).exists() or (package / name).exists())) == []
    tests = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    assert sorted(name for name in set(re.findall(r"`(test_\w+)`", text)) if f"def {name}(" not in tests) == []
