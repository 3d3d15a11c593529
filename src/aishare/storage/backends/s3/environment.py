"""What the S3 client reads from the environment, besides aishare's settings.

A location with its own keys uses our settings and nothing else: a profile, a file in `~/.aws` or a variable that is
there for other programs must not change it. Only the standard chain of AWS, for locations without keys, reads all of
that by design.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from aiobotocore.session import AioSession, get_session
from botocore import exceptions as boto
from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES, ConfigValueStore, ConstantProvider
from botocore.httpsession import get_cert_path
from botocore.loaders import Loader

from aishare.core.certificates import certificate_file
from aishare.core.errors import InvalidSettings, SettingProblem
from aishare.storage.backends.s3.config import S3Config

_CA_VARIABLE: Final = "AWS_CA_BUNDLE"
_PROFILE_VARIABLES: Final = ("AWS_DEFAULT_PROFILE", "AWS_PROFILE")


def session_for(config: S3Config) -> AioSession:
    """One per client, because a session remembers credentials; descriptions of the S3 API are shared."""
    session = get_session() if config.access_key is None else _OwnSession()
    session.register_component("data_loader", _loader())
    return session


class _OwnSession(AioSession):
    """Ignores all files and variables of AWS: uses only what it is given, and the client's own defaults."""

    def __init__(self) -> None:
        super().__init__()
        self._config: dict[str, Any] = {"profiles": {}}
        defaults = {
            name: ConstantProvider(default) for name, (_, _, default, _) in BOTOCORE_DEFAUT_SESSION_VARIABLES.items()
        }
        self.register_component("config_store", ConfigValueStore(mapping=defaults))


@cache
def _loader() -> Loader:
    """Reading these megabytes of JSON takes 0.1 s, on the event loop: once per process is enough.

    Without `~/.aws/models`, which may contain a modified description of S3.
    """
    return Loader(extra_search_paths=[Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)


def certificates_for(config: S3Config) -> str:
    """The file of trusted authorities: ours, that of AWS's variable, or the client's own.

    Raises InvalidSettings if a file that would be used is not valid.
    """
    if config.ca_bundle is not None:
        return _looked_at(str(config.ca_bundle), SettingProblem("", "S3_CA_BUNDLE"))
    named = os.environ.get(_CA_VARIABLE, "").strip()
    if not named or not config.uses_tls:
        return str(get_cert_path(True))
    return _looked_at(named, SettingProblem("", _CA_VARIABLE, "process environment"))


def _looked_at(named: str, problem: SettingProblem) -> str:
    try:
        return str(certificate_file(Path(named).expanduser()))
    except ValueError as error:
        raise InvalidSettings([replace(problem, text=str(error))]) from error


@contextmanager
def naming_the_culprit() -> Iterator[None]:
    """InvalidSettings for a profile, file or variable of AWS that is wrong, and stays wrong until someone
    corrects it.
    """
    try:
        yield
    except (boto.HTTPClientError, boto.CredentialRetrievalError):
        raise  # the network, which may work the next time
    except (boto.BotoCoreError, ValueError) as error:
        raise InvalidSettings([_problem(error)]) from error


def _problem(error: Exception) -> SettingProblem:
    """Which profile or file it is. The content of a file may be a secret and is not repeated."""
    if isinstance(error, boto.ProfileNotFound):
        variable = next((name for name in _PROFILE_VARIABLES if os.environ.get(name)), _PROFILE_VARIABLES[-1])
        text = f"is a profile that does not exist in the AWS files ({_files()}); correct it, or unset it"
        return SettingProblem(text, variable, "process environment")
    if isinstance(error, boto.ConfigParseError):
        return SettingProblem(f"{error.kwargs.get('path')}, an AWS file, cannot be read; correct or remove it")
    if isinstance(error, boto.PartialCredentialsError):
        missing = error.kwargs.get("cred_var")
        return SettingProblem(f"{missing} is missing in the AWS credentials ({_files()}); add it, or set both keys")
    return SettingProblem(f"the AWS configuration ({_files()}) is not valid: {type(error).__name__}")


def _files() -> str:
    config = os.environ.get("AWS_CONFIG_FILE", "~/.aws/config")
    return f"{config}, {os.environ.get('AWS_SHARED_CREDENTIALS_FILE', '~/.aws/credentials')}"
