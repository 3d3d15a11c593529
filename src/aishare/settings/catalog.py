"""The only list of settings. The environment name is the field name in capitals.

To add a variable, add a field here and run `python -m aishare.settings.docs`.
"""

import ipaddress
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from aishare.settings import s3_address
from aishare.settings.spec import Category, Setting, SettingSpec, derive
from aishare.settings.values import (
    LOWER,
    AbsoluteUrl,
    Bucket,
    Certificates,
    DatabaseUrl,
    Endpoint,
    Folder,
    Host,
    KeyPrefix,
    Label,
    Networks,
    Region,
    Schedule,
    Suffixes,
)

_STORAGE: Final = Category("storage", "storage")
_AWS: Final = Category("s3", "AWS S3")
_COMPATIBLE: Final = Category("s3_compatible", "S3-compatible")
_IMAGES: Final = Category("images", "images")
_SECURITY: Final = Category("security", "security")
_SERVER: Final = Category("server", "server")


def _live(category: Category, text: str, unit: str | None = None) -> Setting:
    return Setting(category=category, applies="live", help=text, unit=unit)


def _restart(category: Category, text: str, unit: str | None = None) -> Setting:
    return Setting(category=category, applies="restart", help=text, unit=unit)


def _id(category: Category, text: str) -> Setting:
    return Setting(category=category, applies="live", help=text, mask="id")


class Settings(BaseModel):
    """All settings, valid and frozen; paths are absolute. Made by `load_settings`."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, validate_default=True)

    # --- storage ---
    storage_type: Annotated[
        Literal["local", "s3", "s3_compatible"],
        LOWER,
        _live(_STORAGE, "Where new files are stored: a local folder, AWS S3, or S3-compatible storage."),
    ] = "local"
    local_storage_path: Annotated[Folder, _live(_STORAGE, "Folder for files in local storage.")] = Path("storage")
    storage_fallback: Annotated[
        Literal["off", "spool"],
        LOWER,
        _live(
            _STORAGE,
            "If the storage is unavailable: keep new files in a local spool (spool), or refuse uploads (off).",
        ),
    ] = "spool"
    download_mode: Annotated[
        Literal["proxy", "redirect"],
        LOWER,
        _live(
            _STORAGE,
            (
                "Send downloads through this server (proxy), or redirect to a temporary URL of the S3 storage "
                "(redirect)."
            ),
        ),
    ] = "proxy"
    scrub_schedule: Annotated[
        Schedule,
        Setting(
            category=_STORAGE,
            applies="live",
            help="When to check files against their SHA-256: a cron expression in UTC, such as 0 3 * * 0.",
            type_text="cron expression",
            default_text="no scheduled checks",
        ),
    ] = ""
    scrub_percent: Annotated[
        int,
        Field(ge=1, le=100),
        _live(_STORAGE, "Share of files that each scheduled check reads, selected at random.", "percent"),
    ] = 5
    max_upload_size_mb: Annotated[
        int, Field(ge=0), _live(_STORAGE, "Maximum size of an uploaded file; 0 = no limit.", "MiB")
    ] = 0
    s3_key_prefix: Annotated[
        KeyPrefix, _live(_STORAGE, "Folder inside the bucket, if other programs use the same bucket.")
    ] = ""
    s3_public_endpoint: Annotated[
        AbsoluteUrl,
        Setting(
            category=_STORAGE,
            applies="live",
            help="Address of the S3 storage for browsers, if it differs from the one this server uses.",
            type_text="URL",
            default_text="the endpoint",
        ),
    ] = None
    s3_ca_bundle: Annotated[
        Certificates,
        Setting(
            category=_STORAGE,
            applies="live",
            help="PEM file with CA certificates for the storage, if its certificate is not from a public authority.",
            default_text="public certificate authorities",
        ),
    ] = None
    s3_sign_payload: Annotated[
        bool, _live(_STORAGE, "Also sign the content of each upload; slower, for S3 servers that require it.")
    ] = False

    # --- AWS S3 ---
    aws_access_key_id: Annotated[
        SecretStr | None,
        Setting(
            category=_AWS,
            applies="live",
            help="Access key for STORAGE_TYPE=s3.",
            mask="id",
            default_text="the AWS default credential chain",
        ),
    ] = None
    aws_secret_access_key: Annotated[SecretStr | None, _live(_AWS, "Secret key of the access key.")] = None
    aws_session_token: Annotated[
        SecretStr | None, _live(_AWS, "Session token, only for temporary access keys (starting with ASIA).")
    ] = None
    aws_default_region: Annotated[Region, _live(_AWS, "Region of the bucket, such as eu-central-1.")] = None
    s3_bucket_name: Annotated[Bucket, _live(_AWS, "Bucket for STORAGE_TYPE=s3.")] = None

    # --- S3-compatible ---
    s3_compatible_endpoint: Annotated[
        Endpoint,
        Setting(
            category=_COMPATIBLE,
            applies="live",
            help="Address of the S3 server, such as http://localhost:9000. With https://, TLS is used.",
            type_text="URL, or host and port",
        ),
    ] = None
    s3_compatible_access_key: Annotated[
        SecretStr | None, _id(_COMPATIBLE, "Access key (key ID) for the S3 server.")
    ] = None
    s3_compatible_secret_key: Annotated[
        SecretStr | None, _live(_COMPATIBLE, "Secret key (application key) for the S3 server.")
    ] = None
    s3_compatible_bucket_name: Annotated[Bucket, _live(_COMPATIBLE, "Bucket for STORAGE_TYPE=s3_compatible.")] = None
    s3_compatible_region: Annotated[
        Region,
        Setting(
            category=_COMPATIBLE,
            applies="live",
            help="Region, if the S3 server requires one.",
            default_text="taken from the endpoint for known providers (Backblaze B2), otherwise us-east-1",
        ),
    ] = None
    s3_compatible_use_ssl: Annotated[
        bool,
        _live(_COMPATIBLE, "Use TLS if the endpoint has neither http:// nor https://; otherwise it has no effect."),
    ] = True
    s3_compatible_addressing_style: Annotated[
        Literal["auto", "path", "virtual"],
        LOWER,
        _live(_COMPATIBLE, "Put the bucket name in the path (path) or in the host name (virtual); auto = path."),
    ] = "auto"

    # --- images ---
    max_image_size_mb: Annotated[
        int, Field(ge=1), _live(_IMAGES, "Images larger than this have no thumbnail.", "MiB")
    ] = 25
    supported_image_types: Annotated[Suffixes, _live(_IMAGES, "File types that are shown as images.")] = (
        "jpg",
        "jpeg",
        "png",
        "gif",
        "bmp",
        "tiff",
        "webp",
        "svg",
    )
    image_storage_path: Annotated[Folder, _live(_IMAGES, "Folder for thumbnails; it can be emptied at any time.")] = (
        Path("storage/images")
    )
    enable_image_processing: Annotated[bool, _live(_IMAGES, "Make thumbnails.")] = True
    image_thumbnail_size: Annotated[
        int, Field(ge=16, le=2048), _live(_IMAGES, "Longer side of a thumbnail.", "pixels")
    ] = 300
    image_cache_mb: Annotated[
        int,
        Field(ge=1),
        _live(_IMAGES, "Disk space for thumbnails; the least recently viewed ones are deleted first.", "MiB"),
    ] = 1024

    # --- security ---
    secret_key: Annotated[
        SecretStr | None,
        Setting(
            category=_SECURITY,
            applies="restart",
            help="Key for signing and encryption; at least 32 characters. Keep a copy with your backups.",
            default_text="generated at the first start, stored in DATA_DIR/secret_key",
        ),
    ] = None
    secret_key_previous: Annotated[
        SecretStr | None,
        Setting(
            category=_SECURITY,
            applies="restart",
            help="Earlier values of SECRET_KEY, separated by commas; what they signed or encrypted stays valid.",
            default_text="none",
        ),
    ] = None
    link_expiry_days: Annotated[
        int, Field(ge=1, le=36_500), _live(_SECURITY, "Default expiry of new links.", "days")
    ] = 7
    link_max_expiry_days: Annotated[
        int,
        Field(ge=0, le=36_500),
        _live(
            _SECURITY,
            "Longest expiry that users can choose for a link; 0 = no limit, and links may never expire.",
            "days",
        ),
    ] = 365
    demo_mode: Annotated[bool, _live(_SECURITY, "Offer the demo users on the sign-in page, without a password.")] = (
        False
    )
    session_idle_hours: Annotated[
        int, Field(ge=1, le=8760), _live(_SECURITY, "Sign users out after this time without activity.", "hours")
    ] = 168
    session_max_days: Annotated[
        int, Field(ge=1, le=365), _live(_SECURITY, "Sign users out after this time, even if they are active.", "days")
    ] = 30
    login_max_failures: Annotated[
        int, Field(ge=1, le=1000), _live(_SECURITY, "Failed sign-ins in a row before an account is locked.")
    ] = 10
    login_max_failures_per_address: Annotated[
        int,
        Field(ge=0, le=1_000_000),
        _live(
            _SECURITY,
            (
                "Failed sign-ins from one address before it is locked, for all accounts; at least LOGIN_MAX_FAILURES; "
                "0 = no limit."
            ),
        ),
    ] = 100
    login_lock_seconds: Annotated[
        int, Field(ge=1, le=86400), _live(_SECURITY, "How long an account or address stays locked.", "seconds")
    ] = 300
    settings_backups: Annotated[
        int,
        Field(ge=1, le=10_000),
        _live(_SECURITY, "Number of earlier versions of the settings files to keep in DATA_DIR/backups/settings."),
    ] = 50
    trusted_proxies: Annotated[
        Networks,
        Setting(
            category=_SECURITY,
            applies="restart",
            help="IP addresses or networks of reverse proxies whose X-Forwarded-* headers are trusted.",
            default_text="no proxy is trusted",
        ),
    ] = ()

    # --- server ---
    app_env: Annotated[
        Label,
        Setting(
            category=_SERVER,
            applies="restart",
            help="Name of this environment, such as production; `.env.NAME` is then read after `.env`.",
            default_text="only `.env` and `.env.local` are read",
        ),
    ] = ""
    host: Annotated[Host, _restart(_SERVER, "Address to listen on; 0.0.0.0 = all addresses.")] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535), _restart(_SERVER, "Port to listen on; 0 = any free port.")] = 8000
    workers: Annotated[
        int,
        Field(ge=1, le=64),
        _restart(_SERVER, "Number of server processes, one per core at most. More than 1 requires Linux."),
    ] = 1
    public_url: Annotated[
        AbsoluteUrl,
        Setting(
            category=_SERVER,
            applies="live",
            help="Address under which users open this server, without a path; used in links.",
            type_text="URL",
            default_text="the address of the request",
        ),
    ] = None
    data_dir: Annotated[Folder, _restart(_SERVER, "Folder for the database and other internal data.")] = Path("data")
    database_url: Annotated[
        DatabaseUrl,
        Setting(
            category=_SERVER,
            applies="restart",
            help="Database: sqlite:///path or postgresql://user:password@host/database.",
            type_text="URL",
            default_text="SQLite, in DATA_DIR/aishare.db",
        ),
    ] = None
    disk_reserve_mb: Annotated[
        int | None,
        Field(ge=0),
        Setting(
            category=_SERVER,
            applies="live",
            help="Disk space that uploads leave free, for the database and for deleting files; 0 = none.",
            unit="MiB",
            default_text="256 MiB; 1 % of a disk below 25 GiB, but at least 16 MiB; 10 % of a disk below 160 MiB",
        ),
    ] = None
    shutdown_timeout_seconds: Annotated[
        int,
        Field(ge=0, le=86400),
        _restart(_SERVER, "How long running transfers may continue when the server is stopped.", "seconds"),
    ] = 30
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], LOWER, _live(_SERVER, "Lowest level of messages to log.")
    ] = "info"
    log_format: Annotated[
        Literal["auto", "console", "json"],
        LOWER,
        _restart(_SERVER, "Readable lines (console) or JSON (json); auto = console in a terminal, otherwise JSON."),
    ] = "auto"
    metrics_enabled: Annotated[bool, _restart(_SERVER, "Provide Prometheus metrics at /metrics.")] = True

    @property
    def s3_compatible_endpoint_url(self) -> str | None:
        """The endpoint with its scheme: its own, or the one from S3_COMPATIBLE_USE_SSL."""
        if self.s3_compatible_endpoint is None:
            return None
        return s3_address.endpoint_url(self.s3_compatible_endpoint, use_ssl=self.s3_compatible_use_ssl)

    @property
    def s3_compatible_effective_region(self) -> str:
        """The region to sign for: as set, or from the host name, or `us-east-1`."""
        return self.s3_compatible_region or s3_address.region_of(self.s3_compatible_endpoint or "")

    @property
    def signing_keys(self) -> tuple[SecretStr, ...]:
        """SECRET_KEY, which signs and encrypts, then the previous keys, which only verify and decrypt."""
        previous = self.secret_key_previous.get_secret_value() if self.secret_key_previous else ""
        older = (SecretStr(key.strip()) for key in previous.split(",") if key.strip())
        return (self.secret_key or SecretStr(""), *older)

    @property
    def max_upload_size_bytes(self) -> int | None:
        return self.max_upload_size_mb * 1024 * 1024 or None

    @property
    def disk_reserve_bytes(self) -> int | None:
        return None if self.disk_reserve_mb is None else self.disk_reserve_mb * 1024 * 1024

    @property
    def effective_database_url(self) -> SecretStr:
        """DATABASE_URL, or SQLite in DATA_DIR. The path of SQLite is absolute."""
        return self.database_url or SecretStr(f"sqlite:///{self.data_dir / 'aishare.db'}")

    @property
    def sqlite_path(self) -> Path | None:
        """The file of the database, if it is SQLite."""
        url = self.effective_database_url.get_secret_value()
        return Path(url.partition("///")[2].partition("?")[0]) if url.startswith("sqlite") else None

    @property
    def listens_on_loopback(self) -> bool:
        if self.host.lower() == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


CATALOGUE: Final[tuple[SettingSpec, ...]] = derive(Settings)
SPECS: Final[dict[str, SettingSpec]] = {spec.name: spec for spec in CATALOGUE}
