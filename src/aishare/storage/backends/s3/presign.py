"""Presigned requests: browsers fetch directly from the storage."""

from aishare.core.keys import Key
from aishare.storage.backends.s3.client import Connection
from aishare.storage.backends.s3.errors import translated
from aishare.storage.base import PresignedRequest


class S3Presigner:
    """Presigner on one connection. A signature cannot be revoked: keep its lifetime to minutes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def presign_get(
        self, key: Key, *, expires_in_seconds: int, content_type: str, content_disposition: str
    ) -> PresignedRequest:
        """Type and disposition are part of the signature: a holder of the URL cannot change them."""
        parameters = {
            **self._connection.place(key),
            "ResponseContentType": content_type,
            "ResponseContentDisposition": content_disposition,
        }
        with translated(f"signing a download of {key}", self._connection.config):
            url = await self._connection.signer.generate_presigned_url(
                "get_object", Params=parameters, ExpiresIn=expires_in_seconds
            )
        return PresignedRequest("GET", url)
