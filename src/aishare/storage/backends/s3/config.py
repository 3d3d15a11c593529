"""The configuration of one S3 location, and the names of its settings for administrators."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

from aishare.core.certificates import CertificateFile
from aishare.core.errors import InvalidInput
from aishare.core.keys import parse_key
from aishare.storage.flow.reserve import DiskReserve


class Profile(StrEnum):
    """Two dialects: AWS itself, and all other S3 servers."""

    AWS = "aws"
    S3_COMPATIBLE = "s3_compatible"


class AddressingStyle(StrEnum):
    """Bucket in the path or in the host name; `auto` is virtual on AWS and path elsewhere."""

    AUTO = "auto"
    PATH = "path"
    VIRTUAL = "virtual"


@dataclass(frozen=True, slots=True)
class SettingNames:
    """The names of the settings in hints."""

    endpoint: str
    access_key: str
    secret_key: str
    bucket: str
    region: str


_NAMES = {
    Profile.AWS: SettingNames(
        endpoint="AWS_DEFAULT_REGION",
        access_key="AWS_ACCESS_KEY_ID",
        secret_key="AWS_SECRET_ACCESS_KEY",  # noqa: S106 - the name of the setting
        bucket="S3_BUCKET_NAME",
        region="AWS_DEFAULT_REGION",
    ),
    Profile.S3_COMPATIBLE: SettingNames(
        endpoint="S3_COMPATIBLE_ENDPOINT",
        access_key="S3_COMPATIBLE_ACCESS_KEY",
        secret_key="S3_COMPATIBLE_SECRET_KEY",  # noqa: S106 - the name of the setting
        bucket="S3_COMPATIBLE_BUCKET_NAME",
        region="S3_COMPATIBLE_REGION",
    ),
}

DEFAULT_REGION = "us-east-1"
"""Region used in signatures for storages without regions."""

POOL_CONNECTIONS = 320
"""A slow reader holds its connection while it reads; this many can do so at the same time. Unused connections cost
nothing.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Config:
    """Everything that one S3 location needs; without keys, AWS uses its standard credential chain."""

    profile: Profile
    bucket: str
    endpoint_url: str | None = None
    region: str | None = None
    access_key: str | None = None
    secret_key: SecretStr | None = None
    session_token: SecretStr | None = None
    """Only for temporary AWS keys."""
    prefix: str = ""
    addressing_style: AddressingStyle = AddressingStyle.AUTO
    public_endpoint_url: str | None = None
    """Address of the storage for browsers: the host is part of a presigned signature."""
    sign_payload: bool = False
    """For the few storages that refuse UNSIGNED-PAYLOAD; costs one second of CPU time per GiB."""
    ca_bundle: CertificateFile | None = None
    label: str = ""
    connect_timeout_seconds: float = 5
    read_timeout_seconds: float = 60
    max_attempts: int = 4
    temporary_folder: Path | None = None
    """Folder for parts that do not fit into memory; None: the system's temporary folder."""
    reserve: DiskReserve | None = field(default=None, compare=False)
    """Space to leave free on the disk of `temporary_folder`."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "profile", Profile(self.profile))
        object.__setattr__(self, "addressing_style", AddressingStyle(self.addressing_style))
        object.__setattr__(self, "prefix", self.prefix.strip("/"))
        object.__setattr__(self, "label", self.label or f"s3:{self.bucket}")
        self._check_names()
        self._check_credentials()
        for url in (self.endpoint_url, self.public_endpoint_url):
            _check_url(url)

    @property
    def names(self) -> SettingNames:
        return _NAMES[self.profile]

    @property
    def signing_region(self) -> str:
        return self.region or DEFAULT_REGION

    @property
    def style(self) -> AddressingStyle:
        """The meaning of `auto`. A bucket name with dots does not match a wildcard certificate."""
        if self.addressing_style is not AddressingStyle.AUTO:
            return self.addressing_style
        virtual = self.profile is Profile.AWS and "." not in self.bucket
        return AddressingStyle.VIRTUAL if virtual else AddressingStyle.PATH

    @property
    def reachable_url(self) -> str:
        """The endpoint as an address to connect to, even if AWS derives it from the region."""
        return (self.endpoint_url or f"https://s3.{self.signing_region}.amazonaws.com").rstrip("/")

    @property
    def uses_tls(self) -> bool:
        """Whether TLS is used, by us or to test the address for browsers."""
        return any((url or "").startswith("https:") for url in (self.reachable_url, self.public_endpoint_url))

    @property
    def request_url(self) -> str:
        """The address that requests are sent to: including the bucket if it is part of the host."""
        scheme, _, rest = self.reachable_url.partition("://")
        host = rest.split("/", 1)[0]
        return f"{scheme}://{self.bucket}.{host}" if self.style is AddressingStyle.VIRTUAL else f"{scheme}://{host}"

    def impatient(self) -> "S3Config":
        """For a connection test: a few seconds, one attempt."""
        return replace(self, connect_timeout_seconds=3, read_timeout_seconds=5, max_attempts=1)

    def _check_names(self) -> None:
        if not self.bucket:
            raise InvalidInput("The bucket name is empty.", hint=f"Set {self.names.bucket}.")
        if self.prefix:
            parse_key(self.prefix)
        if self.profile is Profile.AWS and not self.region:
            raise InvalidInput("AWS needs a region.", hint=f"Set {self.names.region}.")
        if self.profile is Profile.S3_COMPATIBLE and not self.endpoint_url:
            raise InvalidInput("The endpoint is missing.", hint=f"Set {self.names.endpoint}.")

    def _check_credentials(self) -> None:
        names = self.names
        if (self.access_key is None) != (self.secret_key is None):
            raise InvalidInput(
                "Only one of access key and secret key is set.",
                hint=f"Set both {names.access_key} and {names.secret_key}.",
            )
        if self.access_key is None and self.profile is Profile.S3_COMPATIBLE:
            raise InvalidInput("The access key is missing.", hint=f"Set {names.access_key} and {names.secret_key}.")


def _check_url(url: str | None) -> None:
    if url is None:
        return
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise InvalidInput(
            "The endpoint must be an http:// or https:// address with a host.", hint="Correct the endpoint."
        )
    if parts.username or parts.password or parts.query or parts.fragment:
        raise InvalidInput(
            "The endpoint must not contain credentials, a query or a fragment.",
            hint="Set the keys in their own settings.",
        )
