"""Files with trusted certificates (PEM), checked before they are used."""

import hashlib
import ssl
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class CertificateFile:
    """A file and its content: two with one name are equal unless the certificates were renewed."""

    path: Path
    digest: str

    def __str__(self) -> str:
        return self.path.as_posix()


def certificate_file(path: Path) -> CertificateFile:
    """The current file at `path`. Raises ValueError, with a message, if no TLS client could use it."""
    try:
        digest = digest_of(path)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cafile=path)
    except FileNotFoundError:
        raise ValueError(f"there is no file {path}") from None
    except ssl.SSLError:
        raise ValueError(f"{path} does not contain a PEM certificate (-----BEGIN CERTIFICATE-----)") from None
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}") from None
    if not context.cert_store_stats()["x509"]:
        raise ValueError(f"{path} does not contain a PEM certificate (-----BEGIN CERTIFICATE-----)")
    return CertificateFile(path, digest)


def digest_of(path: Path) -> str:
    """Digest of the contents; OSError if they cannot be read."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
