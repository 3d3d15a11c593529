"""Makes a release: `make release VERSION=0.3.0`, or `python -m tools.release 0.3.0 --dry-run` to see what it would do.

The files in changes/ are merged into CHANGELOG.md, under a heading with the version and the date, and deleted. The
version is set where it is kept, and all of that is committed and tagged. With --fold-only the files are changed and
nothing is committed, so that the changelog can be edited first.
"""

import argparse
import re
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHANGELOG = "CHANGELOG.md"
CHANGES = "changes"
KEPT_VERSION = "src/aishare/__init__.py"
KINDS = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")
"""The headings of Keep a Changelog, in its order. What has no heading of its own is a change."""
VERSION_LINE = re.compile(r'^__version__ = "([^"]+)"$', re.MULTILINE)
HEADING = re.compile(r"^### (.+)$", re.MULTILINE)
FIRST_RELEASE = re.compile(r"^## ", re.MULTILINE)


class NotReleased(Exception):
    """Nothing was changed; the message says why."""


@dataclass(frozen=True)
class Release:
    root: Path
    version: str
    day: str

    @property
    def tag(self) -> str:
        return f"v{self.version}"

    def check(self) -> None:
        present = present_version(self.root)
        if number(self.version) <= number(present):
            raise NotReleased(f"{self.version} does not come after the present version, {present}.")
        if f"## {self.version} " in (self.root / CHANGELOG).read_text(encoding="utf-8"):
            raise NotReleased(f"{CHANGELOG} has {self.version} already.")
        if git(self.root, "tag", "--list", self.tag):
            raise NotReleased(f"There is a tag {self.tag} already.")
        if not fragments(self.root):
            raise NotReleased(f"There is nothing to release: {CHANGES}/ has no file about a change.")

    def check_tree(self) -> None:
        if changed := git(self.root, "status", "--porcelain"):
            raise NotReleased(f"There are changes that are not committed:\n{changed}")

    def section(self) -> str:
        """The new part of the changelog."""
        grouped = group({path.name: path.read_text(encoding="utf-8") for path in fragments(self.root)})
        parts = [f"### {kind}\n\n" + "\n".join(map(item, texts)) for kind, texts in grouped.items()]
        return f"## {self.version} - {self.day}\n\n" + "\n\n".join(parts) + "\n"

    def fold(self) -> None:
        changelog = self.root / CHANGELOG
        changelog.write_text(with_section(changelog.read_text(encoding="utf-8"), self.section()), encoding="utf-8")
        for path in fragments(self.root):
            path.unlink()
        kept = self.root / KEPT_VERSION
        kept.write_text(VERSION_LINE.sub(f'__version__ = "{self.version}"', kept.read_text(encoding="utf-8")))

    def commit(self) -> None:
        before = git(self.root, "rev-parse", "HEAD")
        try:
            git(self.root, "add", "--all", CHANGELOG, CHANGES, KEPT_VERSION)
            git(self.root, "commit", "--quiet", "--message", f"Release {self.version}")
            git(self.root, "tag", "--annotate", self.tag, "--message", f"aishare {self.version}")
        except NotReleased:
            git(self.root, "reset", "--quiet", "--hard", before)  # loses nothing: all was committed before
            raise


def number(version: str) -> tuple[int, ...]:
    if not re.fullmatch(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}", version):
        raise NotReleased(f"{version} is not a version such as 1.2.3.")
    return tuple(map(int, version.split(".")))


def present_version(root: Path) -> str:
    found = VERSION_LINE.search((root / KEPT_VERSION).read_text(encoding="utf-8"))
    if found is None:
        raise NotReleased(f"{KEPT_VERSION} has no line with the version.")
    return found[1]


def fragments(root: Path) -> list[Path]:
    return sorted(path for path in (root / CHANGES).glob("*.md") if path.name != "README.md")


def group(texts: dict[str, str]) -> dict[str, list[str]]:
    """Kind -> what is said of it, of all files. In a file, `### Fixed` begins what is fixed, and so on."""
    found: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for name, text in texts.items():
        first, *rest = HEADING.split(from_root(text))
        for kind, said in [("Changed", first), *zip(rest[::2], rest[1::2], strict=True)]:
            if kind not in found:
                raise NotReleased(f"{CHANGES}/{name}: the heading {kind!r} is none of {', '.join(KINDS)}.")
            if said.strip():
                found[kind].append(said.strip())
    return {kind: said for kind, said in found.items() if said}


def from_root(text: str) -> str:
    """Links of a file in changes/, for one in the folder above."""
    return text.replace("](../", "](")


def item(text: str) -> str:
    return "- " + text.replace("\n", "\n  ").replace("\n  \n", "\n\n")


def with_section(changelog: str, section: str) -> str:
    """The newest release comes first, after the introduction."""
    first = FIRST_RELEASE.search(changelog)
    head, rest = (changelog, "") if first is None else (changelog[: first.start()], changelog[first.start() :])
    return f"{head.rstrip()}\n\n{section}" + (f"\n{rest}" if rest else "")


def git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotReleased(f"git {arguments[0]} failed: {done.stderr.strip()}")
    return done.stdout.rstrip()


def main(arguments: list[str], root: Path = ROOT) -> None:
    options = parser().parse_args(arguments)
    release = Release(root, options.version, f"{datetime.now(UTC):%Y-%m-%d}")
    release.check()
    if not options.fold_only:
        release.check_tree()
    if options.dry_run:
        print(f"{KEPT_VERSION}: {present_version(root)} -> {release.version}\n{CHANGELOG}:\n\n{release.section()}")
        return
    release.fold()
    if options.fold_only:
        print(f"{CHANGELOG} has {release.version}. Edit and commit it; then: git tag -a {release.tag}")
        return
    release.commit()
    print(f"Committed and tagged {release.tag}. To publish it: git push --follow-tags")


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="tools.release", description=__doc__)
    made.add_argument("version", help="such as 0.3.0; greater than the present one")
    way = made.add_mutually_exclusive_group()
    way.add_argument("--dry-run", action="store_true", help="change nothing, print what would be done")
    way.add_argument("--fold-only", action="store_true", help="change the files; do not commit and do not tag")
    return made


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except NotReleased as refusal:
        sys.exit(f"Not released. {refusal}")
