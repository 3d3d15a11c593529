"""What tests know of a running S3 server, and the buckets they make in it."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from aiobotocore.session import AioSession, get_session
from pydantic import SecretStr

from aishare.storage.backends.s3.config import Profile, S3Config


@dataclass(frozen=True)
class S3Server:
    name: str
    url: str
    access_key: str
    secret_key: str
    read_only_key: str | None = None
    read_only_secret: str | None = None

    def config(self, bucket: str, **changes: Any) -> S3Config:
        config = S3Config(
            profile=Profile.S3_COMPATIBLE,
            endpoint_url=self.url,
            bucket=bucket,
            access_key=self.access_key,
            secret_key=SecretStr(self.secret_key),
        )
        return replace(config, **changes)


@asynccontextmanager
async def raw_client(server: S3Server) -> AsyncIterator[Any]:
    """Plain botocore, to see what is really stored."""
    async with _session().create_client(
        "s3",
        endpoint_url=server.url,
        region_name="us-east-1",
        aws_access_key_id=server.access_key,
        aws_secret_access_key=server.secret_key,
    ) as client:
        yield client


@cache
def _session() -> AioSession:
    """Shared: a new one reads the description of S3 again, 0.1 s for each test."""
    return get_session()


@asynccontextmanager
async def new_bucket(server: S3Server) -> AsyncIterator[str]:
    """A bucket for one test."""
    bucket = f"test-{uuid.uuid4().hex[:12]}"
    async with raw_client(server) as client:
        await client.create_bucket(Bucket=bucket)
        try:
            yield bucket
        finally:
            await _empty(client, bucket)
            await client.delete_bucket(Bucket=bucket)


async def _empty(client: Any, bucket: str) -> None:
    uploads = await client.list_multipart_uploads(Bucket=bucket)
    for upload in uploads.get("Uploads", []):
        await client.abort_multipart_upload(Bucket=bucket, Key=upload["Key"], UploadId=upload["UploadId"])
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    async for page in pages:
        for entry in page.get("Contents", []):
            await client.delete_object(Bucket=bucket, Key=entry["Key"])
