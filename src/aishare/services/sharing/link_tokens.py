"""Tokens of links: 43 random characters without meaning, which are looked up.

The row contains the SHA-256 of its token, by which it is found, and the encrypted token, so that its owner can see the
address again. The database alone, without SECRET_KEY, gives no access to links.

Links of earlier versions have signed tokens, which stay valid and are made from the row when the owner looks at them:

    kcz…24-fq7…24-latest-68f2ab10-.Jx…43
    link   what   version expiry  user   HMAC-SHA256

The same applies to a link whose encrypted token cannot be decrypted any more: its owner sees another address that works
in addition to the one already given out.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final

from itsdangerous import BadSignature, Signer
from pydantic import SecretStr

from aishare.catalogue.sharing.links import FILE, REQUEST, Link
from aishare.core.errors import LinkNotFound
from aishare.core.ids import new_secret, secret_digest
from aishare.core.sealing import Seal

_RANDOM_FORM: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_NO_TOKEN: Final = secret_digest("")
"""Looked up instead of text that cannot be a token, so that the time is the same."""

_SEAL: Final = b"aishare link token"

_FORM: Final = re.compile(
    r"(?P<link>[a-z2-7]{24})-(?P<what>f[a-z2-7]{24}|d|r)-(?P<version>latest|[0-9a-f]{16})-(?P<expiry>[0-9a-f]{1,12})"
    # the last of 43 Base64 characters carries 4 bits: only one of its four spellings is ours
    r"-(?P<user>[a-z2-7]{24})?\.[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]"
)
_UNLOCK_FORM: Final = re.compile(r"[a-z2-7]{24}-[0-9a-f]{1,12}-[0-9a-f]{16}\.[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]")

MAX_LENGTH: Final = 200
"""The longest signed token has 149 characters; longer text is refused."""

_VERSION_DIGITS: Final = 16
"""64 bits of the SHA-256; the row contains all of it, and only the row is compared with the file."""


class Purpose(Enum):
    """What a signature is for: each purpose has its own key, so that none can be used for another."""

    DOWNLOAD = "download"
    UPLOAD = "upload"
    UNLOCK = "unlock"


@dataclass(frozen=True, slots=True)
class Claims:
    """The content of a signed token. `what` is `f` and the id of a file, `d` for a folder, `r` for a file request."""

    link_id: str
    what: str
    version: str
    expiry: str
    user_id: str

    @property
    def purpose(self) -> Purpose:
        return Purpose.UPLOAD if self.what == "r" else Purpose.DOWNLOAD

    def text(self) -> str:
        return f"{self.link_id}-{self.what}-{self.version}-{self.expiry}-{self.user_id}"


@dataclass(frozen=True, slots=True)
class NewLinkToken:
    """What the row of a link stores of its token."""

    hash: bytes
    sealed: bytes


def lookup_hash(token: str) -> bytes:
    """The hash under which the link is found; for text that is not a token, a hash that finds none."""
    return secret_digest(token) if _RANDOM_FORM.fullmatch(token) else _NO_TOKEN


class LinkTokens:
    """Encrypts and signs with the first key, decrypts and verifies with all of them."""

    def __init__(self, keys: tuple[SecretStr, ...]) -> None:
        oldest_first = [key.get_secret_value() for key in reversed(keys)]
        self._signers = {
            purpose: Signer(
                oldest_first, salt=f"aishare link {purpose.value}", key_derivation="hmac", digest_method=hashlib.sha256
            )
            for purpose in Purpose
        }
        self._seal = Seal(keys, _SEAL)

    def issue(self, link_id: str) -> NewLinkToken:
        """For a link that is being created."""
        token = new_secret()
        return NewLinkToken(secret_digest(token), self._seal.seal(token.encode("ascii"), owner=link_id.encode()))

    def token(self, link: Link) -> str:
        """Always the same for a link; a signed one changes with the key."""
        opened = self._opened(link)
        if opened is not None:
            return opened
        claims = claims_of(link)
        return self._signers[claims.purpose].sign(claims.text()).decode("ascii")

    def read(self, token: str) -> Claims | None:
        """The content of a signed token; None for everything that we have not signed. First the format is checked, then
        the signature.
        """
        match = _FORM.fullmatch(token) if len(token) <= MAX_LENGTH else None
        if match is None:
            return None
        parts = match.groupdict(default="")
        claims = Claims(parts["link"], parts["what"], parts["version"], parts["expiry"], parts["user"])
        return claims if self._is_genuine(claims.purpose, token) else None

    def admits(self, claims: Claims, link: Link) -> bool:
        """Whether a token with this content belongs to the link; a link with a random token has no signed one."""
        return claims == claims_of(link) and self._opened(link) is None

    def unlocked(self, link: Link, *, until: datetime) -> str:
        """The value of the cookie of visitors who entered the password; a new password makes it invalid."""
        text = "-".join((link.id, _seconds(until), _digest(link.password_hash or "")))
        return self._signers[Purpose.UNLOCK].sign(text).decode("ascii")

    def opens(self, cookie: str, link: Link, *, now: datetime) -> bool:
        """Whether the cookie was issued for this link with its current password, and has not expired."""
        if len(cookie) > MAX_LENGTH or not _UNLOCK_FORM.fullmatch(cookie):
            return False
        if not self._is_genuine(Purpose.UNLOCK, cookie):
            return False
        link_id, until, digest = cookie.rpartition(".")[0].split("-")
        return link_id == link.id and digest == _digest(link.password_hash or "") and int(until, 16) > now.timestamp()

    def _opened(self, link: Link) -> str | None:
        if link.token_sealed is None:
            return None
        opened = self._seal.opened(link.token_sealed, owner=link.id.encode())
        return None if opened is None else opened.decode("ascii")

    def _is_genuine(self, purpose: Purpose, token: str) -> bool:
        try:
            self._signers[purpose].unsign(token)
        except BadSignature:
            return False
        return True


def claims_of(link: Link) -> Claims:
    """The content of this link's token."""
    what = f"f{link.file_id}" if link.kind == FILE else "r" if link.kind == REQUEST else "d"
    version = "latest" if link.sha256 is None else link.sha256.hex()[:_VERSION_DIGITS]
    expiry = "0" if link.expires_at is None else _seconds(link.expires_at)
    return Claims(link.id, what, version, expiry, link.user_id or "")


def not_found() -> LinkNotFound:
    """One message for all cases: details about a wrong token would only help people who invent them."""
    return LinkNotFound("There is no such link.", hint="Copy the whole address again.")


def _seconds(moment: datetime) -> str:
    return f"{int(moment.timestamp()):x}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_VERSION_DIGITS]
