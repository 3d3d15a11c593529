"""The services of one configuration, grouped by subject."""

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
    """Files and folders, and how content is transferred."""

    storage: StorageService
    files: FileService
    folders: FolderService
    uploads: UploadService
    downloads: DownloadService
    archives: ArchiveService


@dataclass(frozen=True, slots=True)
class Previews:
    """Thumbnails and previews."""

    previews: PreviewService
    thumbnails: ThumbnailService


@dataclass(frozen=True, slots=True)
class Sharing:
    """Links and shares, for their owners and for visitors of links."""

    shares: ShareService
    links: LinkService
    visits: LinkVisitService
    passwords: LinkPasswordService
    uploads: LinkUploadService


@dataclass(frozen=True, slots=True)
class People:
    """Users, sign-in, and the audit log."""

    users: UserService
    user_admin: UserAdminService
    sign_in_throttle: SignInThrottle
    setup: SetupService
    sessions: SessionService
    tokens: TokenService
    audit: AuditService


@dataclass(frozen=True, slots=True)
class Moving:
    """Migrations and other moves of objects between locations."""

    spool: SpoolService
    migrations: MigrationService
    purge: PurgeService


@dataclass(frozen=True, slots=True)
class Integrity:
    """Integrity checks, damage, unused objects and disks."""

    locations: LocationService
    marker: MarkerService
    disks: DiskService
    garbage: GarbageService
    scrubs: ScrubService
    scrub_steps: ScrubSteps


@dataclass(frozen=True, slots=True)
class Configuration:
    """The configured storage. The settings themselves are edited by `LiveRuntime`, which stays when they change."""

    storage: StorageAdminService


@dataclass(frozen=True, slots=True)
class Runtime:
    """Everything that requests need, by subject. Replaced as a whole when settings change; requests keep the one they
    started with.
    """

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
