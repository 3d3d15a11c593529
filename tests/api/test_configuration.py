"""The environment variables through the real service: shown without secrets, read again while it runs."""

import asyncio
import hashlib
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from aishare.core.sizes import GiB, MiB
from aishare.settings.catalog import CATALOGUE
from tests.api.conftest import make_bucket, s3_environ
from tests.support.s3servers import s3_server
from tests.support.server import serving

VARIABLES = "/api/environment-variables"
RELOAD = "/api/environment-variables/reload"
INFO = "/api/admin/storage-service/info"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / ".env").write_text("# ours\nLOG_LEVEL=debug\nSESSION_IDLE_HOURS=12\n")
    return tmp_path


@pytest.fixture
def server(folder):
    with serving(folder) as running:
        yield running


def variables(client):
    answer = client.get(VARIABLES)
    assert answer.status_code == 200
    return {one["name"]: one for category in answer.json()["categories"] for one in category["variables"]}


def write(folder, text):
    (folder / ".env").write_text(text)


# --- what is shown ----------------------------------------------------------------------------------------------------


def test_every_variable_with_its_origin(admin, folder):
    found = variables(admin)
    assert list(found) == [spec.name for spec in CATALOGUE]
    assert {one["applies"] for one in found.values()} == {"live", "restart"}
    assert all(one["help"] and one["valid"] and not one["pending"] for one in found.values())
    level = found["LOG_LEVEL"]
    assert (level["value"], level["origin"], level["origin_line"]) == ("debug", ".env:2", 2)
    assert found["SESSION_MAX_DAYS"]["origin"] == "default"
    assert found["DEMO_MODE"]["origin"] == "command line"
    assert found["LOG_FORMAT"]["origin"] == "environment"
    assert found["SECRET_KEY"]["origin"] == "generated"
    document = admin.get(VARIABLES).json()
    content = (folder / ".env").read_bytes()
    assert document["version"] == hashlib.sha256(content).hexdigest()
    assert [category["name"] for category in document["categories"]] == [
        "storage", "AWS S3", "S3-compatible", "images", "security", "server"
    ]  # fmt: skip


CANARY = "cAn4ry"


@pytest.fixture(scope="module")
def canaries():
    """A value for every secret that can be set while the storage is local."""
    found = {spec.name: f"{CANARY}{index:02}q8Zr2LwYx0Vn5TbKs7HdPm3JcFg9" for index, spec in enumerate(_secrets())}
    found.pop("DATABASE_URL", None)
    return found


def _secrets():
    return [spec for spec in CATALOGUE if spec.secret]


def test_secrets_appear_in_no_answer_page_log_or_error(tmp_path, canaries):
    (tmp_path / ".env").write_text(
        "LOG_LEVEL=debug\n" + "".join(f"{name}={value}\n" for name, value in canaries.items())
    )
    with serving(tmp_path) as server, server.client("admin") as admin, server.client("ada") as ada:
        assert variables(admin)["S3_COMPATIBLE_SECRET_KEY"]["set"] is True
        # a database that is not there: taken at the next start only, and a secret until then as well
        address = f"DATABASE_URL=postgresql://aishare:{CANARY}-database@127.0.0.1:1/x\n"
        with (tmp_path / ".env").open("a") as file:
            file.write(address)
        pending = admin.get(VARIABLES).text + admin.post(RELOAD).text
        assert "DATABASE_URL" in admin.post(RELOAD).json()["restart_required"]
        (tmp_path / ".env").write_text(
            "PORT=x\n" + "".join(f"{name} = '{value}\n" for name, value in canaries.items()) + f"\n{CANARY}\n"
        )
        answers = [
            client.request(method, path, **more).text
            for client in (admin, ada)
            for method, path, more in [
                ("GET", VARIABLES, {}),
                ("POST", RELOAD, {}),
                ("GET", INFO, {}),
                ("POST", "/api/admin/storage-service/test-connection", {}),
                ("POST", "/api/admin/storage-service/test-connection", {"json": {"STORAGE_TYPE": "s3_compatible"}}),
                ("POST", "/api/admin/storage-service/test-connection", {"json": {"S3_BUCKET_NAME": CANARY + "/"}}),
                ("GET", "/api/openapi.json", {}),
                ("GET", "/metrics", {}),
                ("GET", "/admin", {"headers": {"accept": "text/html"}}),
                ("GET", "/api/no-such-path", {}),
            ]
        ]
    shown = "".join(answers) + pending + "".join(server.log)
    assert f"{CANARY}-database" not in shown
    assert len(answers) == 20
    for name, value in canaries.items():
        assert value not in shown, name
        assert value[8:] not in shown, name


# --- reload -----------------------------------------------------------------------------------------------------------


def test_live_values_apply_and_others_wait_for_a_restart(admin, server, folder):
    write(folder, "LOG_LEVEL=debug\nSESSION_IDLE_HOURS=12\nMAX_UPLOAD_SIZE_MB=1\nSHUTDOWN_TIMEOUT_SECONDS=77\n")
    pending = variables(admin)
    assert pending["MAX_UPLOAD_SIZE_MB"]["pending"] is True
    assert (pending["MAX_UPLOAD_SIZE_MB"]["value"], pending["MAX_UPLOAD_SIZE_MB"]["origin"]) == ("0", "default")
    assert admin.put("/api/files/by-path/a.bin", content=bytes(2 * MiB)).status_code == 201
    done = admin.post(RELOAD).json()
    assert done == {
        "applied": True,
        "changed": ["MAX_UPLOAD_SIZE_MB"],
        "restart_required": ["SHUTDOWN_TIMEOUT_SECONDS"],
        "errors": [],
    }
    assert admin.put("/api/files/by-path/b.bin", content=bytes(2 * MiB)).status_code == 413
    found = variables(admin)
    assert (found["MAX_UPLOAD_SIZE_MB"]["value"], found["MAX_UPLOAD_SIZE_MB"]["origin"]) == ("1", ".env:3")
    waiting = found["SHUTDOWN_TIMEOUT_SECONDS"]
    assert (waiting["value"], waiting["pending"]) == ("30", True)
    assert admin.post(RELOAD).json()["changed"] == []


def test_what_is_taken_out_gets_its_default_again(admin, folder):
    assert variables(admin)["SESSION_IDLE_HOURS"]["value"] == "12"
    write(folder, "LOG_LEVEL=debug\n")
    assert admin.post(RELOAD).json()["changed"] == ["SESSION_IDLE_HOURS"]
    assert variables(admin)["SESSION_IDLE_HOURS"]["origin"] == "default"


def test_a_broken_line_is_named_and_nothing_changes(admin, folder):
    before = variables(admin)
    write(folder, "LOG_LEVEL=info\nMAX_UPLOAD_SIZE_MB=1\nthis is no assignment\nIMAGE_THUMBNAIL_SIZE=big\n")
    done = admin.post(RELOAD).json()
    assert (done["applied"], done["changed"], done["restart_required"]) == (False, [], [])
    assert [(error["file"], error["line"]) for error in done["errors"]] == [(".env", 3), (".env", 4)]
    assert done["errors"][1]["variable"] == "IMAGE_THUMBNAIL_SIZE"
    after = variables(admin)
    assert {name: one["value"] for name, one in after.items()} == {name: one["value"] for name, one in before.items()}
    assert (after["IMAGE_THUMBNAIL_SIZE"]["valid"], bool(after["IMAGE_THUMBNAIL_SIZE"]["problem"])) == (False, True)
    assert [problem["line"] for problem in admin.get(VARIABLES).json()["problems"]] == [3]
    assert admin.put("/api/files/by-path/a.bin", content=bytes(2 * MiB)).status_code == 201


def test_the_process_environment_wins_over_the_file(admin, folder):
    write(folder, "LOG_FORMAT=console\nLOG_LEVEL=debug\nSESSION_IDLE_HOURS=12\n")
    assert admin.post(RELOAD).json() == {"applied": True, "changed": [], "restart_required": [], "errors": []}
    assert variables(admin)["LOG_FORMAT"]["origin"] == "environment"


def test_the_audit_and_the_log_name_the_change_and_no_value(admin, server, folder):
    write(folder, "LOG_LEVEL=debug\nSESSION_IDLE_HOURS=12\nPUBLIC_URL=https://share.example.org\n")
    admin.post(RELOAD)
    assert any('"settings_reloaded"' in line and "PUBLIC_URL" in line for line in _eventually(server))
    assert not any("share.example.org" in line for line in server.log)


def _eventually(server):
    time.sleep(0.3)
    return list(server.log)


def test_reloads_at_once_end_in_the_same_state(server, admin, folder):
    write(folder, "LOG_LEVEL=debug\nSESSION_IDLE_HOURS=13\n")
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _number: admin.post(RELOAD).json(), range(16)))
    assert all(answer["applied"] for answer in answers)
    assert sum(bool(answer["changed"]) for answer in answers) == 1


# --- another storage --------------------------------------------------------------------------------------------------


def s3_lines(s3, bucket):
    return "".join(f"{name}={value}\n" for name, value in s3_environ(s3, bucket).items())


def test_a_storage_that_does_not_work_is_not_applied(admin, folder):
    before = admin.get(INFO).json()
    write(folder, s3_lines(s3_server("seaweedfs"), "there-is-no-such-bucket"))
    done = admin.post(RELOAD).json()
    assert done["applied"] is False
    assert "bucket" in done["errors"][0]["message"]
    assert admin.get(INFO).json()["location_id"] == before["location_id"]
    assert admin.put("/api/files/by-path/still.txt", content=b"works").status_code == 201


def test_another_storage_takes_over_while_files_of_before_stay_readable(admin, folder):
    old = admin.put("/api/files/by-path/old.txt", content=b"on the disk").json()
    s3 = s3_server("seaweedfs")
    bucket = f"takeover-{time.time_ns()}"
    asyncio.run(make_bucket(s3, bucket))
    write(folder, s3_lines(s3, bucket))
    done = admin.post(RELOAD).json()
    assert done["applied"] is True, done
    assert "STORAGE_TYPE" in done["changed"]
    new = admin.put("/api/files/by-path/new.txt", content=b"in the bucket").json()
    assert new["location"] != old["location"]
    assert admin.get(f"/api/files/{old['id']}/content").content == b"on the disk"
    assert admin.get(f"/api/files/{new['id']}/content").content == b"in the bucket"
    info = admin.get(INFO).json()
    states = {place["id"]: place["state"] for place in info["locations"]}
    assert {old["location"]: "readable", new["location"]: "active"}.items() <= states.items()
    assert sorted(states.values()) == ["active", "readable", "spool"]
    write(folder, "LOG_LEVEL=debug\n")
    assert admin.post(RELOAD).json()["applied"] is True
    assert admin.get(f"/api/files/{new['id']}/content").content == b"in the bucket"
    assert admin.put("/api/files/by-path/back.txt", content=b"home").json()["location"] == old["location"]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("size", [128 * MiB, pytest.param(GiB, marks=pytest.mark.slow)])
@pytest.mark.parametrize("start", ["local", "seaweedfs"])
def test_a_running_large_download_survives_reloads(tmp_path, start, size):
    """Values, then the storage itself: the download goes on in the configuration it began with."""
    s3 = s3_server("seaweedfs")
    bucket = f"running-{start}-{time.time_ns()}"
    asyncio.run(make_bucket(s3, bucket))
    first, second = ("", s3_lines(s3, bucket)) if start == "local" else (s3_lines(s3, bucket), "")
    (tmp_path / ".env").write_text(first)
    with serving(tmp_path) as server, server.client("admin") as admin:
        block = hashlib.sha256(b"seed").digest() * (MiB // 32)
        sent = hashlib.sha256()

        def pieces():
            for _number in range(size // MiB):
                sent.update(block)
                yield block

        stored = admin.put("/api/files/by-path/large.bin", content=pieces(), timeout=120).json()
        assert stored["sha256"] == sent.hexdigest()
        got, seen, applied = hashlib.sha256(), 0, []
        with admin.stream("GET", f"/api/files/{stored['id']}/content", timeout=120) as answer:
            for piece in answer.iter_bytes():
                got.update(piece)
                seen += len(piece)
                if len(applied) < seen // (size // 4):
                    extra = f"MAX_UPLOAD_SIZE_MB={100 + len(applied)}\n"
                    (tmp_path / ".env").write_text((second if len(applied) == 1 else first) + extra)
                    applied.append(_reload(server))
        assert seen == size
        assert got.hexdigest() == stored["sha256"]
        assert applied == [True] * 4


def _reload(server):
    with server.client("admin") as another:
        return another.post(RELOAD).json()["applied"]
