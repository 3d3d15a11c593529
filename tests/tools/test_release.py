"""`make release`, in a repository of its own."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tools.release import NotReleased, main

CHANGELOG = "# Changelog\n\nAll changes.\n\n## 0.2.0 - 2026-01-01\n\n### Added\n\n- Everything.\n"
PLAIN = "Names sort naturally.\n`img_2` comes first ([more](../docs/files.md)).\n"
HEADED = "### Added\n\nLinks.\n\nThey expire.\n\n### Fixed\n\nNo more 500.\n"


def git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "Ada")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "ada@example.org")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    files = {
        "CHANGELOG.md": CHANGELOG,
        "src/aishare/__init__.py": '"""Sharing."""\n\n__version__ = "0.2.0"\n',
        "changes/README.md": "One file for each change.\n",
        "changes/8-names.md": PLAIN,
        "changes/9-links.md": HEADED,
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "-m", "before")
    return tmp_path


def _state(root: Path) -> tuple[str, str, str]:
    return git(root, "rev-parse", "HEAD"), git(root, "tag"), git(root, "status", "--porcelain")


def test_a_release_is_folded_committed_and_tagged(root: Path) -> None:
    main(["0.3.0"], root)
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    assert (root / "CHANGELOG.md").read_text() == (
        f"# Changelog\n\nAll changes.\n\n## 0.3.0 - {day}\n\n"
        "### Added\n\n- Links.\n\n  They expire.\n\n"
        "### Changed\n\n- Names sort naturally.\n  `img_2` comes first ([more](docs/files.md)).\n\n"
        "### Fixed\n\n- No more 500.\n\n"
        "## 0.2.0 - 2026-01-01\n\n### Added\n\n- Everything.\n"
    )
    assert (root / "src/aishare/__init__.py").read_text() == '"""Sharing."""\n\n__version__ = "0.3.0"\n'
    assert [path.name for path in (root / "changes").iterdir()] == ["README.md"]
    assert git(root, "status", "--porcelain") == ""
    assert git(root, "log", "-1", "--format=%s") == "Release 0.3.0"
    assert git(root, "rev-parse", "v0.3.0^{commit}") == git(root, "rev-parse", "HEAD")
    assert git(root, "cat-file", "-t", "v0.3.0") == "tag"


def test_a_dry_run_shows_all_and_changes_nothing(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = _state(root)
    main(["0.3.0", "--dry-run"], root)
    shown = capsys.readouterr().out
    assert "0.2.0 -> 0.3.0" in shown
    assert "- Names sort naturally." in shown
    assert _state(root) == before


def test_folding_alone_leaves_the_commit_to_a_person(root: Path) -> None:
    head, _, _ = _state(root)
    main(["0.3.0", "--fold-only"], root)
    assert _state(root)[:2] == (head, "")
    assert "## 0.3.0" in (root / "CHANGELOG.md").read_text()


@pytest.mark.parametrize("version", ["0.2.0", "0.1.9", "0.2", "v0.3.0", "0.3.0rc1", "0.03.0"])
def test_a_version_that_does_not_grow_or_is_none_is_refused(root: Path, version: str) -> None:
    before = _state(root)
    with pytest.raises(NotReleased):
        main([version], root)
    assert _state(root) == before


def test_versions_are_compared_as_numbers(root: Path) -> None:
    main(["0.10.0"], root)
    (root / "changes/10-more.md").write_text("More.\n")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "-m", "more")
    with pytest.raises(NotReleased, match=r"does not come after .* 0\.10\.0"):
        main(["0.9.0"], root)


@pytest.mark.parametrize("name", ["new.txt", "CHANGELOG.md"])
def test_a_dirty_tree_is_refused(root: Path, name: str) -> None:
    (root / name).write_text("changed\n")
    before = _state(root)
    with pytest.raises(NotReleased, match="not committed"):
        main(["0.3.0"], root)
    assert _state(root) == before


def test_a_tag_or_a_version_that_exists_is_refused(root: Path) -> None:
    git(root, "tag", "v0.3.0")
    with pytest.raises(NotReleased, match=r"a tag v0\.3\.0"):
        main(["0.3.0"], root)
    (root / "CHANGELOG.md").write_text(CHANGELOG.replace("0.2.0", "0.4.0"))
    git(root, "commit", "--quiet", "-am", "by hand")
    with pytest.raises(NotReleased, match=r"has 0\.4\.0 already"):
        main(["0.4.0"], root)


def test_nothing_to_release_is_refused(root: Path) -> None:
    git(root, "rm", "--quiet", "changes/8-names.md", "changes/9-links.md")
    git(root, "commit", "--quiet", "-m", "none")
    with pytest.raises(NotReleased, match="nothing to release"):
        main(["0.3.0"], root)


def test_a_heading_that_is_no_kind_of_change_is_refused(root: Path) -> None:
    (root / "changes/9-links.md").write_text("### Improved\n\nLinks.\n")
    git(root, "commit", "--quiet", "-am", "improved")
    with pytest.raises(NotReleased, match=r"9-links\.md.*Improved"):
        main(["0.3.0"], root)


def test_a_commit_that_fails_leaves_everything_as_it_was(root: Path) -> None:
    hook = root / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    before = _state(root)
    with pytest.raises(NotReleased, match="git commit failed"):
        main(["0.3.0"], root)
    assert _state(root) == before
    assert (root / "changes/8-names.md").read_text() == PLAIN
