"""A certificate of the store that is renewed while the service runs, with its authority in the same file."""

import asyncio
import time

import pytest

from tests.api.conftest import make_bucket, s3_environ
from tests.support.faultproxy import fault_proxy, make_certificate
from tests.support.s3servers import s3_server
from tests.support.server import serving

CONTENT = b"proven" * 1000


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    return [make_certificate(tmp_path_factory.mktemp(name)) for name in ("old", "new")]


def test_service_reload_and_test_agree_on_renewed_certificates(tmp_path, certificates):
    store, bucket = s3_server("seaweedfs"), f"certificates-{time.time_ns()}"
    asyncio.run(make_bucket(store, bucket))
    bundle, (old, new) = tmp_path / "bundle.pem", certificates
    bundle.write_bytes(old.certificate.read_bytes())
    with fault_proxy(store.url, tls=old) as tls:
        environ = {**s3_environ(store, bucket), "S3_COMPATIBLE_ENDPOINT": tls.url, "S3_CA_BUNDLE": str(bundle)}
        with serving(tmp_path, environ=environ) as server, server.client("admin") as admin:
            file = admin.put("/api/files/by-path/a.bin", content=CONTENT).json()["id"]
            tls.renew(new)
            bundle.write_bytes(new.certificate.read_bytes())
            assert admin.get(f"/api/files/{file}/content").content == CONTENT
            assert admin.put("/api/files/by-path/b.bin", content=CONTENT).status_code == 201
            tested = admin.post("/api/admin/storage-service/test-connection", json={}).json()
            assert tested["ok"], tested
            reloaded = admin.post("/api/environment-variables/reload").json()
            assert (reloaded["applied"], reloaded["changed"]) == (True, ["S3_CA_BUNDLE"])
            assert admin.get(f"/api/files/{file}/content").content == CONTENT
            bundle.write_bytes(b"renewed by half")
            refused = admin.post("/api/environment-variables/reload").json()
            assert refused["applied"] is False
            assert "S3_CA_BUNDLE" in str(refused)
            assert admin.get(f"/api/files/{file}/content").content == CONTENT
