"""`aishare config` as a person at a shell meets it."""

import json

from tests.support.server import run_cli, serving

CANARY = "cAn4ry"
TEXT = f"# ours\nLOG_LEVEL=debug # loud\nS3_COMPATIBLE_ACCESS_KEY=one\nS3_COMPATIBLE_SECRET_KEY={CANARY}1\n"


def ok(done):
    assert done.returncode == 0, done.stdout + done.stderr
    assert CANARY not in done.stdout + done.stderr
    return done.stdout


def test_set_get_diff_and_rollback(tmp_path):
    file = tmp_path / ".env"
    file.write_text(TEXT)
    ok(run_cli(tmp_path, "config", "set", "LOG_LEVEL=info", "MAX_IMAGE_SIZE_MB=30"))
    assert file.read_text() == TEXT.replace("debug", "info") + "MAX_IMAGE_SIZE_MB=30\n"
    assert ok(run_cli(tmp_path, "config", "get", "LOG_LEVEL")) == "info\n"
    ok(run_cli(tmp_path, "config", "set", "--stdin", "S3_COMPATIBLE_SECRET_KEY", "LOG_LEVEL=", stdin=f"{CANARY} #2\n"))
    assert "LOG_LEVEL" not in file.read_text()
    assert f"S3_COMPATIBLE_SECRET_KEY='{CANARY} #2'" in file.read_text()
    backups = json.loads(ok(run_cli(tmp_path, "config", "backups", "--json")))
    first = backups[-1]["id"]
    assert len(backups) == 2
    diff = ok(run_cli(tmp_path, "config", "diff", first))
    assert "+ LOG_LEVEL=debug # loud" in diff.splitlines()
    assert run_cli(tmp_path, "config", "rollback", first).returncode == 1
    assert "LOG_LEVEL" not in file.read_text()
    ok(run_cli(tmp_path, "config", "rollback", first, "--yes"))
    assert file.read_text() == TEXT


def test_bad_input_ends_with_2_and_leaves_the_file(tmp_path):
    (tmp_path / ".env").write_text(TEXT)
    for argument in ("LOG_LEVEL=loud", "NO_SUCH=1", "LOG_LEVEL", "STORAGE_TYPE=s3"):
        done = run_cli(tmp_path, "config", "set", argument)
        assert done.returncode == 2, done.stdout + done.stderr
        assert argument.partition("=")[0] in done.stderr
    assert (tmp_path / ".env").read_text() == TEXT


def test_a_running_service_takes_it_over(tmp_path):
    (tmp_path / ".env").write_text(TEXT)
    with serving(tmp_path) as server, server.client("admin") as admin:
        done = json.loads(ok(run_cli(tmp_path, "config", "set", "SESSION_IDLE_HOURS=5", "--json")))
        assert [node["state"] for node in done["nodes"]] == ["applied"]
        document = admin.get("/api/environment-variables").json()
        found = {one["name"]: one["value"] for category in document["categories"] for one in category["variables"]}
        assert found["SESSION_IDLE_HOURS"] == "5"
