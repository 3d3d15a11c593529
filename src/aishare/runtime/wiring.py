"""Creates the services from the settings, and everything that lives as long as the process."""

import socket
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Protocol

from aishare.core.clock import utc_now
from aishare.core.errors import SettingProblem
from aishare.core.sizes import MiB
from aishare.images.cache import ThumbnailCache
from aishare.images.formats import shown
from aishare.runtime.expected import adopt_folder, open_recognising
from aishare.runtime.foundation import Foundation
from aishare.runtime.places import open_trial
from aishare.runtime.rooms import Configuration, Content, Integrity, Moving, People, Previews, Runtime, Sharing
from aishare.services.configuration.storage_admin import StorageAdminService
from aishare.services.content.archive import ArchiveService
from aishare.services.content.downloads import DownloadService
from aishare.services.content.files import FileService
from aishare.services.content.folders import FolderService
from aishare.services.content.storage import OpenLocation, StorageService
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
from aishare.services.people.sessions import SessionLimits, SessionService, TokenService
from aishare.services.people.setup import SetupService
from aishare.services.people.sign_in_throttle import SignInLimits, SignInThrottle
from aishare.services.people.user_admin import UserAdminService
from aishare.services.people.users import UserService
from aishare.services.previews.previews import PreviewService
from aishare.services.previews.thumbnails import ThumbnailRules, ThumbnailService
from aishare.services.sharing.link_passwords import LinkPasswordService
from aishare.services.sharing.link_tokens import LinkTokens
from aishare.services.sharing.link_uploads import LinkUploadService
from aishare.services.sharing.link_visits import LinkVisitService
from aishare.services.sharing.links import LinkLimits, LinkService
from aishare.services.sharing.shares import ShareService
from aishare.settings.catalog import Settings
from aishare.storage.base import Outage
from aishare.storage.checks.marker import MARKER_KEY


class Places(Protocol):
    """The open locations; all but `active` are live views."""

    active: OpenLocation
    spool: OpenLocation | None
    problems: dict[str, str]

    @property
    def readable(self) -> Mapping[str, OpenLocation]: ...

    @property
    def refusal(self) -> Outage | None: ...

    @property
    def setting_problems(self) -> Sequence[SettingProblem]: ...

    async def open_known(self) -> None: ...

    async def spool_for_writes(self) -> OpenLocation: ...


def wire(settings: Settings, foundation: Foundation, *, places: Places) -> Runtime:
    """The services for these settings. Cheap: nothing is opened."""
    disks = _disks(settings, foundation)
    storage = _storage(settings, foundation, places, disks)
    thumbnails = _thumbnails(settings, foundation, storage, places)
    content = _content(settings, foundation, storage, thumbnails)
    return Runtime(
        settings=settings,
        registry=foundation.registry,
        catalogue=foundation.catalogue,
        clock=utc_now,
        node=foundation.node,
        content=content,
        previews=Previews(_previews(foundation, content), thumbnails),
        sharing=_sharing(settings, foundation, content.uploads),
        people=_people(settings, foundation),
        moving=_moving(foundation, storage, places),
        integrity=_integrity(settings, foundation, storage, places, disks),
        configuration=Configuration(_storage_admin(settings, foundation, storage, places, disks)),
    )


def _content(
    settings: Settings, foundation: Foundation, storage: StorageService, thumbnails: ThumbnailService
) -> Content:
    catalogue = foundation.catalogue
    files = FileService(catalogue=catalogue, clock=utc_now)
    return Content(
        storage=storage,
        files=files,
        folders=FolderService(catalogue=catalogue, clock=utc_now),
        uploads=UploadService(
            storage=storage,
            catalogue=catalogue,
            limit_bytes=settings.max_upload_size_bytes,
            clock=utc_now,
            stored=thumbnails.offer,
        ),
        downloads=DownloadService(files=files, storage=storage, redirects=settings.download_mode == "redirect"),
        archives=ArchiveService(catalogue=catalogue, storage=storage, file_service=files, clock=utc_now),
    )


def _previews(foundation: Foundation, content: Content) -> PreviewService:
    return PreviewService(
        files=content.files, storage=content.storage, readers=foundation.readers, known=foundation.refused_previews
    )


def _people(settings: Settings, foundation: Foundation) -> People:
    catalogue, passwords = foundation.catalogue, foundation.passwords
    throttle = SignInThrottle(catalogue=catalogue, limits=_sign_in_limits(settings), clock=utc_now)
    users = UserService(catalogue=catalogue, passwords=passwords, throttle=throttle, clock=utc_now)
    return People(
        users=users,
        user_admin=UserAdminService(catalogue=catalogue, users=users, passwords=passwords, clock=utc_now),
        sign_in_throttle=throttle,
        setup=SetupService(catalogue=catalogue, users=users, link=foundation.setup_link),
        sessions=SessionService(catalogue=catalogue, limits=_session_limits(settings), clock=utc_now),
        tokens=TokenService(catalogue=catalogue, clock=utc_now),
        audit=AuditService(catalogue=catalogue, clock=utc_now),
    )


def _moving(foundation: Foundation, storage: StorageService, places: Places) -> Moving:
    catalogue = foundation.catalogue
    return Moving(
        spool=SpoolService(
            catalogue=catalogue,
            storage=storage,
            place=lambda: places.spool,
            metrics=foundation.spool_metrics,
            clock=utc_now,
        ),
        migrations=MigrationService(catalogue=catalogue, storage=storage, clock=utc_now),
        purge=PurgeService(catalogue=catalogue, storage=storage, clock=utc_now),
    )


def _integrity(
    settings: Settings, foundation: Foundation, storage: StorageService, places: Places, disks: DiskService
) -> Integrity:
    catalogue = foundation.catalogue
    return Integrity(
        locations=LocationService(catalogue=catalogue, storage=storage, problems=places.problems, clock=utc_now),
        marker=marker_service(settings, foundation),
        disks=disks,
        garbage=GarbageService(catalogue=catalogue, storage=storage, clock=utc_now),
        scrubs=ScrubService(catalogue=catalogue, clock=utc_now),
        scrub_steps=ScrubSteps(catalogue=catalogue, storage=storage, clock=utc_now, owner=foundation.node),
    )


def _disks(settings: Settings, foundation: Foundation) -> DiskService:
    folders = _disk_folders(settings)
    return DiskService(folders, foundation.reserve, catalogue=foundation.catalogue, metrics=foundation.disk_metrics)


def _disk_folders(settings: Settings) -> dict[str, Path]:
    """Folders in which our writes could fill a disk; thumbnails are not included, because they are not needed."""
    folders = {"data": settings.data_dir}
    if settings.sqlite_path is not None and settings.sqlite_path.parent != settings.data_dir:
        folders["database"] = settings.sqlite_path.parent
    if settings.storage_type == "local":
        folders["storage"] = settings.local_storage_path
    return folders


def _storage(settings: Settings, foundation: Foundation, places: Places, disks: DiskService) -> StorageService:
    return StorageService(
        active=places.active,
        make_spool=places.spool_for_writes if settings.storage_fallback == "spool" else None,
        readable=places.readable,
        catalogue=foundation.catalogue,
        clock=utc_now,
        discover=places.open_known,
        refusal=lambda: places.refusal,
        room=foundation.room,
        require_room=disks.require_room,
        problems=places.problems,
    )


def _storage_admin(
    settings: Settings, foundation: Foundation, storage: StorageService, places: Places, disks: DiskService
) -> StorageAdminService:
    return StorageAdminService(
        settings=settings,
        storage=storage,
        disks=disks,
        metrics=foundation.metrics,
        open_trial=partial(open_recognising, catalogue=foundation.catalogue),
        problems=lambda: places.setting_problems,
    )


def _thumbnails(
    settings: Settings, foundation: Foundation, storage: StorageService, places: Places
) -> ThumbnailService:
    images = shown(
        enabled=settings.enable_image_processing,
        suffixes=settings.supported_image_types,
        max_bytes=settings.max_image_size_mb * MiB,
    )
    return ThumbnailService(
        rules=ThumbnailRules(images, settings.image_thumbnail_size),
        cache=ThumbnailCache(
            settings.image_storage_path,
            limit_bytes=settings.image_cache_mb * MiB,
            require_room=foundation.reserve.require,
            is_there=lambda: not _is_away(settings.image_storage_path, places),
        ),
        flights=foundation.flights,
        storage=storage,
        catalogue=foundation.catalogue,
        clock=utc_now,
    )


def _is_away(folder: Path, places: Places) -> bool:
    """Whether the folder is inside a local location whose disk is missing."""
    backends = [location.backend for location in places.readable.values()]
    away = [backend for backend in backends if backend.circuit is not None and backend.circuit.outage is not None]
    roots = [Path(backend.local_files.path_of(MARKER_KEY)).parent for backend in away if backend.local_files]
    return any(folder.is_relative_to(root) for root in roots)


def marker_service(settings: Settings, foundation: Foundation) -> MarkerService:
    """Tells other installations where this one is: its address, or the machine and its data folder."""
    name = settings.public_url or f"{socket.gethostname()}:{settings.data_dir.name}"
    return MarkerService(
        catalogue=foundation.catalogue,
        name=name,
        open_trial=open_trial,
        clock=utc_now,
        adopt=partial(adopt_folder, catalogue=foundation.catalogue),
    )


def _sign_in_limits(settings: Settings) -> SignInLimits:
    account, address = settings.login_max_failures, settings.login_max_failures_per_address
    return SignInLimits(
        account=account,
        address=max(address, account) if address else None,
        lock=timedelta(seconds=settings.login_lock_seconds),
    )


def _session_limits(settings: Settings) -> SessionLimits:
    return SessionLimits(
        idle=timedelta(hours=settings.session_idle_hours), absolute=timedelta(days=settings.session_max_days)
    )


def _sharing(settings: Settings, foundation: Foundation, uploads: UploadService) -> Sharing:
    catalogue, passwords, tokens = foundation.catalogue, foundation.passwords, LinkTokens(settings.signing_keys)
    throttle = SignInThrottle(catalogue=catalogue, limits=_sign_in_limits(settings), clock=utc_now, kind="link")
    visits = LinkVisitService(catalogue=catalogue, tokens=tokens, clock=utc_now)
    return Sharing(
        shares=ShareService(catalogue=catalogue, clock=utc_now),
        links=LinkService(
            catalogue=catalogue, tokens=tokens, passwords=passwords, limits=_link_limits(settings), clock=utc_now
        ),
        visits=visits,
        passwords=LinkPasswordService(passwords=passwords, throttle=throttle),
        uploads=LinkUploadService(catalogue=catalogue, visits=visits, uploads=uploads),
    )


def _link_limits(settings: Settings) -> LinkLimits:
    longest = settings.link_max_expiry_days
    return LinkLimits(
        default=timedelta(days=settings.link_expiry_days), longest=timedelta(days=longest) if longest else None
    )
