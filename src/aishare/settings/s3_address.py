"""Scheme and region from the address of an S3 server."""

import re
from typing import Final

from aishare.settings.values import split_endpoint

DEFAULT_REGION: Final = "us-east-1"
"""The default region of MinIO and most other servers."""

_REGION_IN_HOST = re.compile(
    r"(?:^|\.)s3\.([a-z0-9-]+)\.(?:backblazeb2\.com|amazonaws\.com|wasabisys\.com|scw\.cloud)$"
)
"""Providers that put the region into the host name and refuse signatures for another one."""


def endpoint_url(endpoint: str, *, use_ssl: bool) -> str:
    """The endpoint's scheme decides; `use_ssl` is only used if there is none."""
    if split_endpoint(endpoint).scheme:
        return endpoint
    return f"{'https' if use_ssl else 'http'}://{endpoint}"


def region_of(endpoint: str) -> str:
    """`s3.us-west-002.backblazeb2.com` -> `us-west-002`; DEFAULT_REGION if the name has no region."""
    host = split_endpoint(endpoint).hostname if endpoint else None
    found = _REGION_IN_HOST.search(host or "")
    return found.group(1) if found else DEFAULT_REGION
