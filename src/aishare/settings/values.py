"""Types of single values. A ValueError raised here contains a message for the administrator; it never repeats the
value, which may be a secret written into the wrong line.
"""

import ipaddress
import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr, ValidationInfo

from aishare.core.certificates import CertificateFile, certificate_file
from aishare.core.keys import parse_key

_Value = TypeVar("_Value")

_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,252}[A-Za-z0-9])?")
_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]")
_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}")
_MAX_PREFIX = 120
"""S3 allows keys of 1,024 bytes; our keys have up to 900 (core/keys.py)."""
_CRON_FIELDS = 5
_DATABASE_SCHEMES = {"sqlite", "sqlite+aiosqlite", "postgres", "postgresql", "postgresql+asyncpg"}


def split_endpoint(text: str) -> SplitResult:
    """Parses `host[:port][/path]`, with or without `http(s)://`; without it, the scheme is empty."""
    try:
        parts = urlsplit(text if "://" in text else f"//{text}")
    except ValueError:  # its text would repeat the value
        raise ValueError("must contain a valid host name") from None
    if parts.scheme not in ("", "http", "https"):
        raise ValueError("must start with http:// or https://")
    if "@" in parts.netloc:
        raise ValueError("must not contain a user name or password; use the variables for the keys")
    if parts.query or parts.fragment or "?" in text or "#" in text:
        raise ValueError("must not contain '?' or '#'")
    _check_host(parts)
    return parts


def _check_host(parts: SplitResult) -> None:
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError("the port must be a number from 1 to 65535") from None
    if not host or not (_HOST.fullmatch(host) or _is_ip(host)):
        raise ValueError("must contain a valid host name")
    if port == 0 or parts.netloc.endswith(":"):
        raise ValueError("the port must be a number from 1 to 65535")


def _is_ip(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _unless_none(check: Callable[[str], str]) -> AfterValidator:
    def validate(value: str | None) -> str | None:
        return None if value is None else check(value)

    return AfterValidator(validate)


def _endpoint(text: str) -> str:
    split_endpoint(text)
    return text.rstrip("/")


def _absolute_url(text: str) -> str:
    parts = split_endpoint(text)
    if not parts.scheme:
        raise ValueError("must be a full URL that starts with http:// or https://")
    if parts.path.strip("/"):
        raise ValueError("must not have a path: aishare needs a host name or a port of its own")
    return text.rstrip("/")


def _bucket(text: str) -> str:
    if not _BUCKET.fullmatch(text):
        raise ValueError("must be a bucket name: 3 to 63 letters, digits, '.', '_' or '-'")
    return text


def _label(text: str) -> str:
    if text and not _LABEL.fullmatch(text):
        raise ValueError("must contain only letters, digits, '-' and '_', and start with a letter or digit")
    return text


def _host(text: str) -> str:
    if not (_HOST.fullmatch(text) or _is_ip(text)):
        raise ValueError("must be an IP address or a host name")
    return text


def _prefix(text: str) -> str:
    segments = [segment for segment in text.split("/") if segment]
    if not segments:
        return ""
    try:
        key = parse_key("/".join(segments))
    except Exception as error:
        raise ValueError(
            "must contain only letters, digits, '.', '_', '-' and '/', and no part may start with '.'"
        ) from error
    if len(key) >= _MAX_PREFIX:
        raise ValueError(f"must be shorter than {_MAX_PREFIX} characters")
    return f"{key}/"


def _schedule(text: str) -> str:
    fields = text.split()
    if not fields:
        return ""
    from croniter import croniter  # noqa: PLC0415 - saves a tenth of a second without a schedule

    if len(fields) != _CRON_FIELDS or not croniter.is_valid(text):
        raise ValueError(
            "must be a schedule of five fields like '0 3 * * 0': minute, hour, day, month, day of the week"
        )
    return " ".join(fields)


def _absolute(path: Path | None, info: ValidationInfo) -> Path | None:
    if path is None:
        return None
    base: Path = (info.context or {}).get("base_dir") or Path.cwd()
    try:
        return base.absolute() / path.expanduser()
    except RuntimeError:
        raise ValueError("must not start with '~': the home folder is not known") from None


def _certificates(value: object, info: ValidationInfo) -> CertificateFile | None:
    """From a text, or the file as it was read before."""
    path = _absolute(Path(str(value)), info) if value is not None else None
    return None if path is None else certificate_file(path)


def _lower(value: _Value) -> _Value | str:
    return value.lower() if isinstance(value, str) else value


def _split(value: _Value) -> _Value | tuple[str, ...]:
    if not isinstance(value, str):
        return value
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _networks(values: tuple[str, ...]) -> tuple[str, ...]:
    """Single addresses stay as they are, networks lose their host bits, because uvicorn accepts only those."""
    networks = []
    for value in values:
        try:
            networks.append(str(ipaddress.ip_network(value, strict=False) if "/" in value else _address(value)))
        except ValueError:
            raise ValueError("must be a list of IP addresses or networks like 10.0.0.0/8") from None
    return tuple(networks)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    return ipaddress.ip_address(text)


def _suffixes(values: tuple[str, ...]) -> tuple[str, ...]:
    suffixes = tuple(dict.fromkeys(value.lower().removeprefix(".") for value in values))
    if not suffixes or not all(re.fullmatch(r"[a-z0-9]{2,8}", suffix) for suffix in suffixes):
        raise ValueError("must be a list of file extensions like jpg,png")
    return suffixes


def database_scheme(url: str) -> str:
    """`sqlite` or `postgresql`; ValueError for anything else."""
    scheme = url.partition(":")[0].lower()
    if scheme not in _DATABASE_SCHEMES or "://" not in url:
        raise ValueError("must be sqlite:///path or postgresql://user:password@host/database")
    return "sqlite" if scheme.startswith("sqlite") else "postgresql"


def _database(url: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
    if url is None or database_scheme(url.get_secret_value()) != "sqlite":
        return url
    scheme, _, path = url.get_secret_value().partition(":///")
    if not path:
        raise ValueError("must name a file: sqlite:///path")
    path, question, options = path.partition("?")
    return SecretStr(f"{scheme}:///{_absolute(Path(path), info)}{question}{options}")


LOWER = BeforeValidator(_lower)
Endpoint = Annotated[str | None, _unless_none(_endpoint)]
AbsoluteUrl = Annotated[str | None, _unless_none(_absolute_url)]
Bucket = Annotated[str | None, _unless_none(_bucket)]
Region = Annotated[str | None, _unless_none(_label)]
Label = Annotated[str, AfterValidator(_label)]
Host = Annotated[str, AfterValidator(_host)]
KeyPrefix = Annotated[str, AfterValidator(_prefix)]
Folder = Annotated[Path, AfterValidator(_absolute)]
Certificates = Annotated[CertificateFile | None, BeforeValidator(_certificates)]
DatabaseUrl = Annotated[SecretStr | None, AfterValidator(_database)]
Schedule = Annotated[str, AfterValidator(_schedule)]
Networks = Annotated[tuple[str, ...], BeforeValidator(_split), AfterValidator(_networks)]
Suffixes = Annotated[tuple[str, ...], BeforeValidator(_split), AfterValidator(_suffixes)]
