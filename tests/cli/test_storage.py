"""`aishare storage` and `aishare serve` as a person at a shell meets them."""

import json
import subprocess
import sys

from tests.support.server import run_cli


def test_storage_test_names_each_step(tmp_path):
    done = run_cli(tmp_path, "storage", "test", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["ok"] is True
    assert {"put", "head", "range_read", "delete"} <= {step["name"] for step in report["steps"] if step["ok"]}
    assert not [path for path in (tmp_path / "storage/objects").rglob("*") if path.is_file()]


def test_storage_test_says_what_is_wrong_and_what_to_do(tmp_path):
    (tmp_path / ".env").write_text(
        "STORAGE_TYPE=s3_compatible\nS3_COMPATIBLE_ENDPOINT=http://127.0.0.1:9\nS3_COMPATIBLE_ACCESS_KEY=key\n"
        "S3_COMPATIBLE_SECRET_KEY=canary-secret\nS3_COMPATIBLE_BUCKET_NAME=bucket\n"
    )
    done = run_cli(tmp_path, "storage", "test", "--json")
    assert done.returncode == 1
    failed = [step for step in json.loads(done.stdout)["steps"] if step["ok"] is False]
    assert [step["name"] for step in failed] == ["connect"]
    assert "S3_COMPATIBLE_ENDPOINT" in failed[0]["hint"]
    assert "canary-secret" not in done.stdout + done.stderr


def test_storage_info(tmp_path):
    assert run_cli(tmp_path, "user", "create", "ada", "--demo").returncode == 0
    done = run_cli(tmp_path, "storage", "info", "--json")
    shown = json.loads(done.stdout)
    assert (shown["storage_type"], shown["status"]) == ("local", "ok")
    assert shown["location_id"] in {location["id"] for location in shown["locations"]}


def test_a_broken_env_file_is_named_with_line_and_variable_and_ends_with_2(tmp_path):
    (tmp_path / ".env").write_text("PORT=8000\nMAX_IMAGE_SIZE_MB=many\nSTORAGE_TYPE=tape\n")
    done = run_cli(tmp_path, "serve")
    assert done.returncode == 2
    for part in (".env", "line 2", "MAX_IMAGE_SIZE_MB", "line 3", "STORAGE_TYPE"):
        assert part in done.stderr
    assert "Traceback" not in done.stderr


def test_unknown_users_are_named(tmp_path):
    assert run_cli(tmp_path, "user", "create", "ada", "--demo").returncode == 0
    done = run_cli(tmp_path, "token", "create", "x", "--user", "nobody")
    assert done.returncode == 1
    assert "nobody" in done.stderr


def test_help_of_every_command():
    for command in ([], ["serve"], ["user", "create"], ["user", "disable"], ["token", "create"], ["storage", "test"]):
        done = subprocess.run(
            [sys.executable, "-m", "aishare", *command, "--help"], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0
        assert "Usage" in done.stdout
