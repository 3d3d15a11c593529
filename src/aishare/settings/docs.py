"""Renders docs/settings.md, `.env.example` and the short table of the README from the catalogue.

`python -m aishare.settings.docs` in the project folder writes them; a test fails if they are out of date.
"""

import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Final

from aishare.settings.catalog import CATALOGUE
from aishare.settings.spec import SettingSpec

START: Final = "<!-- settings:start -->"
END: Final = "<!-- settings:end -->"

_INTRODUCTION: Final = """\
# Settings

<!-- Made by `python -m aishare.settings.docs` from src/aishare/settings/catalog.py: edit there. -->

Settings are environment variables. They are read from `.env`, then `.env.{APP_ENV}` if `APP_ENV` is set, then
`.env.local`, then the environment of the process, then the command line; later values win. All of them are optional.

- An empty value (`NAME=`) means the default. Spaces around a value are ignored. Values are used as they are:
  `${OTHER}` is not replaced. Quotes work as in a shell; `#` after a space starts a comment.
- Paths are relative to the folder of the `.env` file, or to the current folder if there is none.
- Every secret can be in a separate file: `NAME_FILE=path` reads the value from that file. Set only one of the two.
- All problems are reported at once, with file, line and variable; aishare then does not start (exit status 2).
  Unknown variables only cause a warning, so other programs can use the same file.
- *Applies*: **live** settings can be changed while aishare is running, others need a **restart**.
- `http://` or `https://` in `S3_COMPATIBLE_ENDPOINT` decides whether TLS is used; `S3_COMPATIBLE_USE_SSL` is used only
  if the endpoint has neither.

MinIO on the same machine:

```ini
STORAGE_TYPE=s3_compatible
S3_COMPATIBLE_ENDPOINT=http://localhost:9000
S3_COMPATIBLE_ACCESS_KEY=minioadmin
S3_COMPATIBLE_SECRET_KEY=minioadmin
S3_COMPATIBLE_BUCKET_NAME=aishare-data
```

Backblaze B2; the region is taken from the host name:

```ini
STORAGE_TYPE=s3_compatible
S3_COMPATIBLE_ENDPOINT=https://s3.us-west-002.backblazeb2.com
S3_COMPATIBLE_ACCESS_KEY=0021234567890ab0000000001
S3_COMPATIBLE_SECRET_KEY=K002exampleExampleExampleExample
S3_COMPATIBLE_BUCKET_NAME=example-aishare
```
"""

_README_NAMES: Final = (
    "STORAGE_TYPE", "LOCAL_STORAGE_PATH", "S3_COMPATIBLE_ENDPOINT", "S3_COMPATIBLE_ACCESS_KEY",
    "S3_COMPATIBLE_SECRET_KEY", "S3_COMPATIBLE_BUCKET_NAME", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
    "AWS_DEFAULT_REGION", "S3_BUCKET_NAME", "MAX_UPLOAD_SIZE_MB", "HOST", "PORT", "PUBLIC_URL", "DATA_DIR",
    "DATABASE_URL", "SECRET_KEY", "DEMO_MODE", "LOG_LEVEL",
)  # fmt: skip


def render() -> str:
    """The whole of docs/settings.md."""
    return "\n".join([_INTRODUCTION, *(line for group in _categories() for line in _section(*group))])


def render_readme_table() -> str:
    """The most common settings, between the markers."""
    rows = [f"| `{s.name}` | {_default(s)} | {s.help} |" for s in CATALOGUE if s.name in _README_NAMES]
    return "\n".join([START, "| variable | default | meaning |", "|---|---|---|", *rows, END])


def render_env_example() -> str:
    """Every variable, commented out, with its default: an unchanged copy has no effect."""
    lines = [
        (
            "# Copy this file to .env and remove the # from the lines you change. docs/settings.md explains each "
            "variable."
        )
    ]
    for category, specs in _categories():
        lines += ["", f"# --- {category} ---"]
        lines += [f"#{spec.name}={spec.default}" for spec in specs]
    return "\n".join(lines) + "\n"


def _categories() -> Iterator[tuple[str, list[SettingSpec]]]:
    """In the order of the catalogue, which keeps a category together."""
    for category, specs in groupby(CATALOGUE, key=lambda spec: spec.category):
        yield category, list(specs)


def _section(category: str, specs: list[SettingSpec]) -> Iterator[str]:
    yield f"## {category[0].upper()}{category[1:]}\n"
    yield "| variable | value | default | applies | meaning |"
    yield "|---|---|---|---|---|"
    for spec in specs:
        secret = f" Secret; also `{spec.name}_FILE`." if spec.secret else ""
        unit = f" ({spec.unit})" if spec.unit else ""
        yield f"| `{spec.name}` | {spec.type_text}{unit} | {_default(spec)} | {spec.applies} | {spec.help}{secret} |"
    yield ""


def _default(spec: SettingSpec) -> str:
    return f"`{spec.default}`" if spec.default else spec.default_note or "not set"


def main() -> None:
    """Writes the two files, and the README's table if it has the markers."""
    Path("docs/settings.md").write_text(render(), encoding="utf-8")
    Path(".env.example").write_text(render_env_example(), encoding="utf-8")
    readme = Path("README.md")
    text = readme.read_text(encoding="utf-8")
    if START in text and END in text:
        before, _, rest = text.partition(START)
        readme.write_text(before + render_readme_table() + rest.partition(END)[2], encoding="utf-8")
    sys.stdout.write("docs/settings.md and .env.example are up to date\n")


if __name__ == "__main__":
    main()
