"""Puts together what `make coverage` measured, and prints a line for each package of aishare."""

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from coverage import Coverage
from coverage.exceptions import NoDataError

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "aishare"


def main() -> None:
    measured = Coverage(config_file=str(ROOT / "pyproject.toml"))
    try:
        measured.combine()
    except NoDataError:
        sys.exit("Nothing was measured; run `make coverage`.")
    measured.save()
    statements, missing = Counter[str](), Counter[str]()
    for path in sorted(PACKAGE.rglob("*.py")):
        _, lines, _, missed, _ = measured.analysis2(str(path))
        statements[package(path)] += len(lines)
        missing[package(path)] += len(missed)
    print(*table(statements, missing), sep="\n")


def package(path: Path) -> str:
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else "aishare"


def table(statements: Counter[str], missing: Counter[str]) -> Iterator[str]:
    yield f"{'package':<12} {'statements':>10} {'missed':>8} {'covered':>8}"
    for name in [*sorted(statements), "all"]:
        total, missed = (counts[name] if name != "all" else counts.total() for counts in (statements, missing))
        share = 100 * (total - missed) / total if total else 100
        yield f"{name:<12} {total:>10,} {missed:>8,} {share:>7.0f}%"


if __name__ == "__main__":
    main()
