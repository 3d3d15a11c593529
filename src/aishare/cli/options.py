"""Options that several commands share, and loading the settings."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from aishare.core.errors import InvalidSettings, SettingProblem
from aishare.settings.catalog import Settings
from aishare.settings.load import NOTHING_REPLACED, LoadedSettings, load_settings
from aishare.settings.secret_key import with_secret_key

DataDir = Annotated[Path | None, typer.Option("--data-dir", help="Data folder (DATA_DIR).")]
EnvFile = Annotated[Path | None, typer.Option("--env-file", help="Settings file to use instead of ./.env.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def load(
    *,
    env_file: Path | None = None,
    data_dir: Path | None = None,
    replaced: Mapping[Path, bytes] = NOTHING_REPLACED,
    without_storage: bool = False,
    existing: bool = False,
    **overrides: str | None,
) -> LoadedSettings:
    """Settings from all layers; command-line options win. Raises InvalidSettings.

    If a data folder is given and no storage is set, the storage is in that folder too, so nothing outside it is
    changed. With `without_storage`, problems with an S3 storage are accepted if the spool may take its files. With
    `existing`, a missing database is an error, before anything is created: nothing can be stored in it.
    """
    given = {name.upper(): value for name, value in overrides.items() if value is not None}
    defaults = {}
    if data_dir is not None:
        given["DATA_DIR"] = str(data_dir.absolute())
        storage = data_dir.absolute() / "storage"
        defaults = {"LOCAL_STORAGE_PATH": str(storage), "IMAGE_STORAGE_PATH": str(storage / "images")}
    loaded = load_settings(
        env_file=env_file,
        environ=os.environ,
        overrides=given,
        defaults=defaults,
        replaced=replaced,
        without_storage=without_storage,
    )
    if existing:
        _require_database(loaded.settings)
    # Files that are only read are not created: no data folder, and no key in it.
    return loaded if replaced else with_secret_key(loaded)


def _require_database(settings: Settings) -> None:
    path = settings.sqlite_path
    if path is not None and not path.exists():
        text = (
            f"there is no database at {path}. Run this command with the settings of the server: in its folder, or "
            "with its --env-file and --data-dir"
        )
        raise InvalidSettings([SettingProblem(text, "DATA_DIR" if settings.database_url is None else "DATABASE_URL")])


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """The options of `aishare serve`; each of its processes reads the settings with them."""

    demo: bool = False
    host: str | None = None
    port: int | None = None
    workers: int | None = None
    data_dir: str | None = None
    env_file: str | None = None

    def start(self) -> LoadedSettings:
        """The settings at startup, which may have no usable storage. Raises InvalidSettings."""
        return self._load(without_storage=True)

    def load(self, replaced: Mapping[Path, bytes] = NOTHING_REPLACED, /) -> LoadedSettings:
        """The current settings, or as they would be with other files. Raises InvalidSettings."""
        return self._load(replaced)

    def _load(
        self, replaced: Mapping[Path, bytes] = NOTHING_REPLACED, *, without_storage: bool = False
    ) -> LoadedSettings:
        return load(
            env_file=None if self.env_file is None else Path(self.env_file),
            data_dir=None if self.data_dir is None else Path(self.data_dir),
            replaced=replaced,
            without_storage=without_storage,
            host=self.host,
            port=None if self.port is None else str(self.port),
            workers=None if self.workers is None else str(self.workers),
            demo_mode="true" if self.demo else None,
        )
