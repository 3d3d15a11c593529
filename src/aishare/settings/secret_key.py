"""SECRET_KEY: generated at the first start if none is set, and stored in DATA_DIR."""

import contextlib
import secrets
import time
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from pydantic import SecretStr

from aishare.core.errors import InvalidSettings, SettingProblem
from aishare.core.ids import new_secret
from aishare.settings.catalog import Settings
from aishare.settings.durable_file import sync_folder, write_new
from aishare.settings.layers import ValueOrigin, read_text
from aishare.settings.load import LoadedSettings
from aishare.settings.rules import secret_key_problem

FILE_NAME: Final = "secret_key"
_PRIVATE: Final = 0o600


def with_secret_key(loaded: LoadedSettings) -> LoadedSettings:
    """`loaded` with a SECRET_KEY; its origin is `generated` if it came from DATA_DIR."""
    if loaded.settings.secret_key is not None:
        return loaded
    key = ensure_secret_key(loaded.settings)
    origin = ValueOrigin("generated", loaded.settings.data_dir / FILE_NAME)
    return replace(
        loaded,
        settings=loaded.settings.model_copy(update={"secret_key": key}),
        origins=MappingProxyType({**loaded.origins, "SECRET_KEY": origin}),
    )


def ensure_secret_key(settings: Settings) -> SecretStr:
    """The key that is set, or that of DATA_DIR/secret_key, which is created (mode 0600, durable) if it does not exist.

    Processes that start at the same time agree on one key. Raises InvalidSettings if the file cannot be created or
    read.
    """
    if settings.secret_key is not None:
        return settings.secret_key
    path = settings.data_dir / FILE_NAME
    try:
        if not path.exists():
            _create(path)
        return _read(path)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        problem = SettingProblem(f"the secret key in {path} cannot be used: {reason}", "DATA_DIR")
        raise InvalidSettings([problem]) from error


def _read(path: Path) -> SecretStr:
    key = SecretStr(read_text(path).strip())
    problem = secret_key_problem(key)
    if problem:
        # Never replaced by a new one: everything signed and encrypted with the old key would silently be lost.
        raise ValueError("the file is damaged; restore it from a backup, or delete it to have a new key generated")
    if path.stat().st_mode & 0o077:
        with contextlib.suppress(PermissionError):  # the file of another user, who must protect it
            path.chmod(_PRIVATE)
    return key


def _create(path: Path) -> None:
    """A complete file under another name, then a hard link: the name appears once, with all bytes, for one process."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_name(f".{FILE_NAME}.{secrets.token_hex(8)}")
    write_new(temporary, new_secret().encode())
    try:
        _publish(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


def _publish(temporary: Path, path: Path) -> None:
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        return  # another process was first: its key counts
    except OSError:
        _publish_without_links(temporary, path)


def _publish_without_links(temporary: Path, path: Path) -> None:
    """For file systems without hard links (exFAT, some network shares). The other process waits for the
    winner's bytes.
    """
    try:
        write_new(path, temporary.read_bytes())
    except FileExistsError:
        for _ in range(40):
            if path.stat().st_size:
                return
            time.sleep(0.05)
