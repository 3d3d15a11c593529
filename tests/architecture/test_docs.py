"""What the documentation says is so, and nothing is missing in it."""

import json
import re
import tomllib
from html.parser import HTMLParser
from pathlib import Path

import pytest

from aishare.api.app import create_api
from aishare.api.reference import docs as api_docs
from aishare.api.reference import errors_page
from aishare.cli import docs as cli_docs
from aishare.core import errors
from aishare.settings import docs as settings_docs
from aishare.settings.catalog import CATALOGUE
from aishare.settings.load import load_settings
from tests.support.pages import DOCS, ROOT, Block, blocks, pages
from tools import docs as site_builder
from tools import house

GENERATED = {
    "docs/settings.md": settings_docs.render,
    ".env.example": settings_docs.render_env_example,
    "docs/cli.md": cli_docs.render,
    "docs/api.md": api_docs.render,
    "docs/errors.md": errors_page.render,
    "docs/images/house.svg": house.render,
}
LOADED = {
    "link": "href",
    "script": "src",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "video": "src",
    "use": "href",
}
"""Elements whose address a browser asks for by itself; a link that a person may click is another matter."""
CSS_ADDRESS = re.compile(r"""url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)""")


@pytest.mark.parametrize("name", GENERATED)
def test_pages_made_from_the_code_are_up_to_date(name: str):
    assert (ROOT / name).read_text(encoding="utf-8") == GENERATED[name](), "run: make reference"


def test_every_setting_is_documented():
    text = (DOCS / "settings.md").read_text()
    assert [spec.name for spec in CATALOGUE if f"| `{spec.name}` |" not in text] == []


def test_every_error_has_advice_and_a_row():
    codes = {error.code for error in vars(errors).values() if isinstance(error, type) and hasattr(error, "code")}
    codes = codes - {errors.AishareError.code} | {"internal_error"}
    assert codes == set(errors_page.ADVICE)
    text = (DOCS / "errors.md").read_text()
    assert [code for code in codes if text.count(f"| `{code}` |") != 1] == []


def test_every_command_and_option_is_documented():
    text = (DOCS / "cli.md").read_text()
    found = list(cli_docs.commands())
    assert {"aishare serve", "aishare user create", "aishare storage test"} <= {path for path, _ in found}
    for path, command in found:
        section = text.partition(f"## {path}\n")[2].partition("\n## ")[0]
        assert command.help, path
        assert [option for p in command.params for option in p.opts if f"`{option}" not in section.lower()] == [], path


def test_every_route_is_documented():
    text = (DOCS / "api.md").read_text()
    routes = {f"### {method.upper()} {path}" for path, of in create_api().openapi()["paths"].items() for method in of}
    assert "### GET /api/files/{file_id}/content" in routes
    assert routes - set(text.splitlines()) == set()


def test_links_within_the_reference_lead_to_a_schema():
    text = (DOCS / "api.md").read_text()
    titles = {line.removeprefix("### ").lower() for line in text.splitlines() if line.startswith("### ")}
    assert set(re.findall(r"\]\(#(\w+)\)", text)) - titles == set()


@pytest.mark.parametrize("block", blocks("ini"), ids=str)
def test_env_samples_are_valid(block: Block, tmp_path: Path):
    (tmp_path / ".env").write_text(block.text)
    loaded = load_settings(base_dir=tmp_path, environ={})
    assert loaded.warnings == ()
    assert loaded.files == (tmp_path / ".env",)


def test_there_are_env_samples_for_each_storage():
    with_samples = {block.page for block in blocks("ini")}
    providers = {page.relative_to(ROOT).as_posix() for page in (DOCS / "storage").glob("*.md")}
    assert providers - with_samples == {f"docs/storage/{name}.md" for name in ("index", "migrations", "maintenance")}


@pytest.mark.parametrize("block", blocks("json"), ids=str)
def test_json_samples_are_json(block: Block):
    json.loads(block.text)


def test_settings_and_commands_in_the_text_exist():
    known = {spec.name for spec in CATALOGUE} | {f"{spec.name}_FILE" for spec in CATALOGUE if spec.secret}
    prefixes = ("S3_", "AWS_", "STORAGE_", "LOGIN_", "SESSION_", "LOG_", "DATA_", "TRUSTED_", "PUBLIC_", "DEMO_")
    commands = {path for path, _ in cli_docs.commands()}
    wrong = []
    for page in pages():
        text = page.read_text()
        named = set(re.findall(r"`([A-Z][A-Z0-9_]+)(?:=[^`]*)?`", text))
        wrong += [f"{page.name}: {name}" for name in named if name.startswith(prefixes) and name not in known]
        called = re.findall(r"\baishare ((?:serve|user|token|storage|ui)\b(?: [a-z]+)?)", text)
        wrong += [f"{page.name}: {name}" for name in called if not _is_command(f"aishare {name}", commands)]
    assert wrong == []


def _is_command(text: str, commands: set[str]) -> bool:
    return text in commands or " ".join(text.split()[:2]) in commands or text.split()[1] in {"token", "storage"}


def test_every_page_is_in_the_navigation():
    nav = tomllib.loads((ROOT / site_builder.CONFIGURATION).read_text())["project"]["nav"]
    listed = [page for section in nav for group in section.values() for entry in group for page in entry.values()]
    there = {page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md")}
    decisions = {page for page in there if page.startswith("decisions/0")}  # their own list has them
    assert sorted(listed) == sorted(there - decisions)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    built = site_builder.build(folder)
    assert built.returncode == 0, built.stdout + built.stderr
    return folder / "site"


def test_the_site_is_built_without_a_warning(site: Path):
    assert (site / "index.html").is_file()
    assert (site / "storage" / "aws" / "index.html").is_file()


def test_links_to_a_heading_lead_to_one(site: Path):
    """The builder looks for pages only."""
    wrong = []
    for page in site.rglob("*.html"):
        for link in re.findall(r'href="([^"]*#[^"]+)"', page.read_text(encoding="utf-8")):
            path, _, anchor = link.partition("#")
            target = page.parent / path / "index.html" if path.endswith("/") else page.parent / path
            target = page if not path else target
            if ":" not in path and target.is_file() and f'id="{anchor}"' not in target.read_text(encoding="utf-8"):
                wrong.append(f"{page.parent.name}: {link}")
    assert wrong == []


def test_a_broken_link_stops_the_build(tmp_path: Path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("# Start\n\n[gone](gone.md)\n")
    (tmp_path / site_builder.CONFIGURATION).write_text('[project]\nsite_name = "x"\n')
    broken = site_builder.build_here(tmp_path)
    assert broken.returncode == 1
    assert "index.md" in broken.stdout + broken.stderr


def test_built_pages_load_nothing_from_elsewhere(site: Path):
    loaded = {address for page in site.rglob("*.html") for address in _Loaded.of(page)}
    styles = (CSS_ADDRESS.findall(file.read_text()) for file in site.rglob("*.css"))
    loaded |= {first or second for found in styles for first, second in found}
    assert any(address.endswith(".css") for address in loaded)
    assert [address for address in loaded if re.match(r"(?:https?:)?//", address)] == []


def test_an_address_elsewhere_would_be_found(tmp_path: Path):
    page = tmp_path / "page.html"
    page.write_text('<link rel=stylesheet href="https://fonts.example/a.css"><a href="https://example.org">x</a>')
    assert _Loaded.of(page) == ["https://fonts.example/a.css"]
    assert CSS_ADDRESS.search("@font-face{src:url(//fonts.example/a.woff2)}")


class _Loaded(HTMLParser):
    """What a browser asks for when it shows a page."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    @classmethod
    def of(cls, page: Path) -> list[str]:
        parser = cls()
        parser.feed(page.read_text(encoding="utf-8"))
        return parser.addresses

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        address = dict(attrs).get(LOADED.get(tag, ""))
        if address:
            self.addresses.append(address)
        self.addresses += [first or second for first, second in CSS_ADDRESS.findall(dict(attrs).get("style") or "")]
