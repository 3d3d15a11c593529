"""The services of one configuration, by room."""

from dataclasses import dataclass

from prometheus_client import CollectorRegistry

from aishare.catalogue.database.session import Catalogue
from aishare.core.clock import Clock
from aishare.services.configuration.storage_admin import StorageAdminService
from aishare.services.content.archive import ArchiveService
from aishare.services.content.downloads import DownloadService
from aishare.services.content.files import FileService
from aishare.services.content.folders import FolderService
from aishare.services.content.storage import StorageService
from aishare.services.content.uploads import UploadService
from aishare.services.integrity.disks import DiskService
from aishare.services.integrity.garbage import GarbageService
from aishare.services.integrity.locations import LocationService
from aishare.services.integrity.marker import MarkerService
from aishare.services.integrity.scrub_steps import ScrubSteps
from aishare.services.integrity.scrubs import ScrubService
from aishare.services.moving.migrations import MigrationService
from aishare.services.moving.purge import PurgeService
from aishare.services.moving.spool import SpoolService
from aishare.services.people.audit import AuditService
from aishare.services.people.sessions import SessionService, TokenService
from aishare.services.people.setup import SetupService
from aishare.services.people.sign_in_throttle import SignInThrottle
from aishare.services.people.user_admin import UserAdminService
from aishare.services.people.users import UserService
from aishare.services.previews.previews import PreviewService
from aishare.services.previews.thumbnails import ThumbnailService
from aishare.services.sharing.link_passwords import LinkPasswordService
from aishare.services.sharing.link_uploads import LinkUploadService
from aishare.services.sharing.link_visits import LinkVisitService
from aishare.services.sharing.links import LinkService
from aishare.services.sharing.shares import ShareService
from aishare.settings.catalog import Settings


@dataclass(frozen=True, slots=True)
class Content:
    """Files and folders, and the way of their bytes."""

    storage: StorageService
    files: FileService
    folders: FolderService
    uploads: UploadService
    downloads: DownloadService
    archives: ArchiveService


@dataclass(frozen=True, slots=True)
class Previews:
    """What is shown of files."""

    previews: PreviewService
    thumbnails: ThumbnailService


@dataclass(frozen=True, slots=True)
class Sharing:
    """What owners do with their links and shares, and what happens at the doors of links."""

    shares: ShareService
    links: LinkService
    visits: LinkVisitService
    passwords: LinkPasswordService
    uploads: LinkUploadService


@dataclass(frozen=True, slots=True)
class People:
    """Users, how they sign in, and what they did."""

    users: UserService
    user_admin: UserAdminService
    sign_in_throttle: SignInThrottle
    setup: SetupService
    sessions: SessionService
    tokens: TokenService
    audit: AuditService


@dataclass(frozen=True, slots=True)
class Moving:
    """Objects on their way from one location to another."""

    spool: SpoolService
    migrations: MigrationService
    purge: PurgeService


@dataclass(frozen=True, slots=True)
class Integrity:
    """Whether what was stored is still there."""

    locations: LocationService
    marker: MarkerService
    disks: DiskService
    garbage: GarbageService
    scrubs: ScrubService
    scrub_steps: ScrubSteps


@dataclass(frozen=True, slots=True)
class Configuration:
    """The storage that is configured. The settings themselves are edited by `LiveRuntime`, which outlives them."""

    storage: StorageAdminService


@dataclass(frozen=True, slots=True)
class Runtime:
    """Everything a door needs, by room. Replaced whole when settings change; requests keep the one they began with."""

    settings: Settings
    registry: CollectorRegistry
    catalogue: Catalogue
    clock: Clock
    node: str
    content: Content
    previews: Previews
    sharing: Sharing
    people: People
    moving: Moving
    integrity: Integrity
    configuration: Configuration
