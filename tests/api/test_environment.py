"""Changing the settings files through the real service."""

import hashlib
import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.server import serving, wait_until

VARIABLES = "/api/environment-variables"
CANARY = "cAn4ry"
OLD_SECRET = f"{CANARY}-old-secret"
TEXT = (
    "# ours\r\nexport SESSION_IDLE_HOURS = '12' # hours\r\n\r\nLOG_LEVEL=debug\r\n"
    f"S3_COMPATIBLE_ACCESS_KEY=someone\r\nS3_COMPATIBLE_SECRET_KEY={OLD_SECRET} # {CANARY}-comment\r\n"
    "UNKNOWN='of others'\r\nMAX_IMAGE_SIZE_MB=25"
)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("environment")
    (folder / ".env").write_bytes(TEXT.encode())
    with serving(folder, environ={"SESSION_MAX_DAYS": "9"}) as running:
        yield running


@pytest.fixture
def admin(server):
    file = server.data_dir / ".env"
    file.write_bytes(TEXT.encode())
    (server.data_dir / ".env.local").unlink(missing_ok=True)
    with server.client("admin") as client:
        client.post(f"{VARIABLES}/reload")
        yield client


@pytest.fixture
def file(server):
    return server.data_dir / ".env"


def version(path):
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def variables(client):
    document = client.get(VARIABLES).json()
    return {one["name"]: one for category in document["categories"] for one in category["variables"]}


def patch(client, path, changes, **more):
    return client.patch(VARIABLES, json={"changes": changes, "version": version(path), **more})


def test_a_change_is_applied_and_every_other_byte_stays(admin, file):
    answer = patch(admin, file, {"SESSION_IDLE_HOURS": "8", "MAX_IMAGE_SIZE_MB": None, "HOST": "::1"})
    assert answer.status_code == 200, answer.text
    done = answer.json()
    assert done["applied"] is True
    assert set(done["changed"]) == {"SESSION_IDLE_HOURS"}
    assert done["change"]["names"] == ["MAX_IMAGE_SIZE_MB", "SESSION_IDLE_HOURS", "HOST"]
    assert done["restart_required"] == ["HOST"]
    assert [node["state"] for node in done["nodes"]] == ["applied"]
    expected = TEXT.replace("'12'", "'8'").replace("MAX_IMAGE_SIZE_MB=25", "HOST=::1\r\n").encode()
    assert file.read_bytes() == expected
    assert done["version"] == version(file)
    assert variables(admin)["SESSION_IDLE_HOURS"]["value"] == "8"
    assert admin.get(f"{VARIABLES}/changes").json()["items"][0]["id"] == done["change"]["id"]


def test_a_new_file_private_and_taken_back(admin, server):
    local = server.data_dir / ".env.local"
    done = patch(admin, local, {"SESSION_IDLE_HOURS": "5"}, file=".env.local", confirm_seconds=60).json()
    assert done["change"]["state"] == "waiting"
    assert local.read_text() == "SESSION_IDLE_HOURS=5\n"
    assert local.stat().st_mode & 0o777 == 0o600
    assert variables(admin)["SESSION_IDLE_HOURS"]["origin"] == ".env.local:1"
    reverted = admin.post(f"{VARIABLES}/changes/{done['change']['id']}/revert").json()
    assert reverted["state"] == "reverted"
    assert variables(admin)["SESSION_IDLE_HOURS"]["value"] == "12"
    assert admin.post(f"{VARIABLES}/changes/{done['change']['id']}/revert").status_code == 409
    assert admin.post(f"{VARIABLES}/changes/none/confirm").status_code == 404


def test_what_is_shown_about_files_and_locks(admin, file):
    document = admin.get(VARIABLES).json()
    assert [(one["name"], one["exists"], one["writable"]) for one in document["files"]] == [
        (".env", True, True), (".env.local", False, True)
    ]  # fmt: skip
    assert document["files"][1]["version"] == ""
    assert document["app_env"] == ""
    assert document["changed_on_disk"] is False
    locked = variables(admin)["SESSION_MAX_DAYS"]
    assert locked["editable"] is False
    assert "process environment" in locked["reason"]
    assert variables(admin)["DEMO_MODE"]["editable"] is False
    assert variables(admin)["LOG_LEVEL"]["editable"] is True
    file.write_bytes(TEXT.replace("'12'", "'11'").encode())
    assert admin.get(VARIABLES).json()["changed_on_disk"] is True


BAD = {
    "newline in the value": ({"LOG_LEVEL": "info\nDEMO_MODE=true"}, "LOG_LEVEL"),
    "carriage return": ({"S3_COMPATIBLE_SECRET_KEY": f"{CANARY}\rx"}, "S3_COMPATIBLE_SECRET_KEY"),
    "NUL in the value": ({"S3_COMPATIBLE_SECRET_KEY": f"{CANARY}\0x"}, "S3_COMPATIBLE_SECRET_KEY"),
    "newline in the name": ({"LOG_LEVEL\nDEMO_MODE": "true"}, "LOG_LEVEL"),
    "NUL in the name": ({"LOG_LEVEL\0": "info"}, "LOG_LEVEL"),
    "unknown": ({"ADMIN": "1"}, "ADMIN"),
    "another case": ({"log_level": "info"}, "log_level"),
    "wrong type": ({"MAX_IMAGE_SIZE_MB": "many"}, "MAX_IMAGE_SIZE_MB"),
    "wrong choice": ({"STORAGE_TYPE": "tape"}, "STORAGE_TYPE"),
    "contradiction": ({"STORAGE_TYPE": "s3_compatible"}, "STORAGE_TYPE"),
    "one of two is bad": ({"SESSION_IDLE_HOURS": "3", "LOGIN_MAX_FAILURES": "-1"}, "LOGIN_MAX_FAILURES"),
    "1 MB": ({"S3_BUCKET_NAME": "x" * 1_000_000}, "S3_BUCKET_NAME"),
    "over 64 KiB": ({"S3_BUCKET_NAME": "x" * 65_537}, "S3_BUCKET_NAME"),
    "set by the environment": ({"SESSION_MAX_DAYS": "8"}, "SESSION_MAX_DAYS"),
    "both forms of a secret": ({"SECRET_KEY": "k" * 40, "SECRET_KEY_FILE": "/nowhere"}, "SECRET_KEY_FILE"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_names_the_variable_and_leaves_the_file(admin, file, case):
    changes, name = BAD[case]
    before, backups = file.read_bytes(), admin.get(f"{VARIABLES}/backups").json()
    answer = patch(admin, file, changes)
    assert answer.status_code == 422, answer.text[:300]
    assert answer.json()["code"] == "invalid_settings"
    assert any((problem["variable"] or "").startswith(name) for problem in answer.json()["problems"]), answer.text[:500]
    assert CANARY not in answer.text
    assert len(answer.text) < 5000
    looked = admin.post(f"{VARIABLES}/validate", json={"changes": changes, "version": version(file)}).json()
    assert looked["ok"] is False
    assert file.read_bytes() == before
    assert admin.get(f"{VARIABLES}/backups").json() == backups


def test_a_storage_that_does_not_work_is_refused_with_its_steps(admin, file):
    changes = {
        "STORAGE_TYPE": "s3_compatible", "S3_COMPATIBLE_ENDPOINT": "http://127.0.0.1:9",
        "S3_COMPATIBLE_ACCESS_KEY": "key", "S3_COMPATIBLE_SECRET_KEY": f"{CANARY}-candidate",
        "S3_COMPATIBLE_BUCKET_NAME": "bucket",
    }  # fmt: skip
    before = file.read_bytes()
    answer = patch(admin, file, changes)
    assert answer.status_code == 422
    assert "(connect)" in answer.json()["detail"]
    assert [step["name"] for step in answer.json()["steps"] if step["ok"] is False] == ["connect"]
    looked = admin.post(f"{VARIABLES}/validate", json={"changes": changes, "version": version(file)})
    assert looked.json()["ok"] is False
    assert looked.json()["test"]["ok"] is False
    assert CANARY not in answer.text + looked.text
    assert file.read_bytes() == before


def test_a_look_first_shows_what_would_change(admin, file):
    before = file.read_bytes()
    body = {
        "changes": {"LOG_LEVEL": "info", "HOST": "::1", "SECRET_KEY": f"{CANARY}-q8Zr2LwYx0Vn5TbKs7HdPm3JcFg9"},
        "version": version(file),
    }
    looked = admin.post(f"{VARIABLES}/validate", json=body)
    found = {one["name"]: one for one in looked.json()["diff"]}
    assert (found["LOG_LEVEL"]["before"], found["LOG_LEVEL"]["after"]) == ("debug", "info")
    assert found["SECRET_KEY"]["secret"] is True
    assert "SECRET_KEY" in looked.json()["restart_required"]
    assert CANARY not in looked.text
    assert looked.json()["ok"] is True
    assert looked.json()["test"] is None
    assert file.read_bytes() == before


def test_a_mask_sent_back_keeps_the_secret(admin, file):
    mask = variables(admin)["S3_COMPATIBLE_SECRET_KEY"]["value"]
    answer = patch(admin, file, {"S3_COMPATIBLE_SECRET_KEY": mask}).json()
    assert answer["change"] is None
    assert file.read_bytes() == TEXT.encode()
    patch(admin, file, {"S3_COMPATIBLE_SECRET_KEY": mask, "LOG_LEVEL": "info"})
    assert f"={OLD_SECRET} #".encode() in file.read_bytes()


def test_a_stale_version_is_refused(admin, file):
    seen = version(file)
    file.write_bytes(TEXT.encode() + b"\n# by hand\n")
    answer = admin.patch(VARIABLES, json={"changes": {"LOG_LEVEL": "info"}, "version": seen})
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert file.read_bytes() == TEXT.encode() + b"\n# by hand\n"


def test_writers_at_once_lose_no_update(admin, server, file):
    names = ["LOG_LEVEL", "SESSION_IDLE_HOURS", "MAX_IMAGE_SIZE_MB", "LOGIN_MAX_FAILURES"]
    values = ["info", "7", "26", "11"]

    def write(name, value):
        with server.client("admin") as client:
            while (status := patch(client, file, {name: value}).status_code) == 409:
                continue
            return status

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(write, names, values)) == [200] * 4
    found = variables(admin)
    assert [found[name]["value"] for name in names] == values


def test_a_restore_is_byte_identical_and_applied(admin, file):
    patch(admin, file, {"SESSION_IDLE_HOURS": "6", "S3_COMPATIBLE_SECRET_KEY": f"{CANARY}-new"})
    listed = admin.get(f"{VARIABLES}/backups")
    backup = listed.json()["items"][0]
    assert backup["version"] == hashlib.sha256(TEXT.encode()).hexdigest()
    diff = admin.get(f"{VARIABLES}/backups/{backup['id']}/diff")
    assert diff.json()["current_version"] == version(file)
    kinds = [line["kind"] for line in diff.json()["lines"]]
    assert (kinds.count("removed"), kinds.count("added")) == (2, 2)
    assert {one["name"] for one in diff.json()["variables"]} == {"SESSION_IDLE_HOURS", "S3_COMPATIBLE_SECRET_KEY"}
    url = f"{VARIABLES}/backups/{backup['id']}/restore"
    assert admin.post(url, json={"version": "0" * 64}).status_code == 409
    done = admin.post(url, json={"version": version(file)})
    assert done.json()["applied"] is True
    assert file.read_bytes() == TEXT.encode()
    assert variables(admin)["SESSION_IDLE_HOURS"]["value"] == "12"
    assert CANARY not in listed.text + diff.text + done.text
    assert admin.get(f"{VARIABLES}/backups/none/diff").status_code == 404


def test_only_superusers(server, file):
    with server.client("ada") as ada:
        assert patch(ada, file, {"LOG_LEVEL": "info"}).status_code == 403
        assert ada.get(f"{VARIABLES}/backups").status_code == 403
        assert ada.post(f"{VARIABLES}/validate", json={"changes": {}, "version": ""}).status_code == 403


def broken_file(seed):
    """A settings file that cannot be taken over, with good lines around what is wrong."""
    chance = random.Random(seed)
    number = chance.randrange(1000, 10**6)
    wrong = chance.choice(
        [
            f"MAX_IMAGE_SIZE_MB=many{number}", f"STORAGE_TYPE=tape{number}", f"LOG_LEVEL='never closed {number}",
            f"LOGIN_LOCK_SECONDS={number * 1000}", f"MAX_UPLOAD_SIZE_MB=-{number}", f"some words {number}",
            f"LOG_LEVEL {number}",
            "STORAGE_TYPE=s3_compatible", f"STORAGE_TYPE=s3_compatible\nS3_COMPATIBLE_ENDPOINT=ftp://h{number}",
            f"DATABASE_URL=mysql://h{number}/d", f"PUBLIC_URL=nowhere-{number}", f"SECRET_KEY=short{number % 10}",
            f"S3_BUCKET_NAME=/{number}/", f"SECRET_KEY_FILE=/nowhere/{number}", f"LOG_LEVEL=a\0b{number}",
            f'LOG_LEVEL="two\nlines {number}"', f"TRUSTED_PROXIES=host{number}", "LOG_LEVEL",
            f"S3_COMPATIBLE_SECRET_KEY=a\nS3_COMPATIBLE_SECRET_KEY_FILE=/nowhere/{number}",
        ]
    )  # fmt: skip
    good = ["# a comment", "", "UNKNOWN=1", "SESSION_IDLE_HOURS=299", "export LOGIN_MAX_FAILURES='9'"]
    lines = [*chance.sample(good, chance.randrange(len(good))), wrong]
    chance.shuffle(lines)
    data = "\n".join(lines).encode()
    return data + b"\n\xff\xfe" if chance.random() < 0.1 else data


def test_500_broken_files_and_the_service_goes_on(admin, file):
    before = {name: one["value"] for name, one in variables(admin).items()}
    uploaded = admin.put("/api/files/by-path/kept.txt", content=b"kept")
    address = f"/api/files/{uploaded.json()['id']}/content"
    contents = {broken_file(seed) for seed in range(700)}
    assert len(contents) >= 500
    for content in sorted(contents)[:500]:
        file.write_bytes(content)
        answer = admin.post(f"{VARIABLES}/reload")
        assert (answer.status_code, answer.json()["applied"]) == (200, False), content
        assert answer.json()["errors"]
        assert admin.get(address).content == b"kept"
    after = variables(admin)
    assert {name: one["value"] for name, one in after.items()} == before


def test_a_change_leaves_a_request_its_one_line_in_the_log(admin, server, file):
    file.write_text("LOG_LEVEL=info\n")
    assert admin.post(f"{VARIABLES}/reload").json()["applied"]
    with server.client("admin") as anew:
        uploaded = anew.put("/api/files/by-path/short-lived.txt", content=b"soon gone").json()
        assert anew.get(f"/api/files/{uploaded['id']}/content").content == b"soon gone"
        assert anew.delete(f"/api/files/{uploaded['id']}").status_code == 204
        anew.get("/api/auth/me")
    assert any('"method": "DELETE"' in line and uploaded["id"] in line for line in server.log)
    assert not [line for line in server.log if "HTTP/1.1" in line]


def test_no_secret_is_in_log_audit_backup_name_or_process_list(admin, server, file):
    patch(admin, file, {"S3_COMPATIBLE_SECRET_KEY": f"{CANARY}-second"})
    assert f"{CANARY}-second".encode() in file.read_bytes()
    assert CANARY not in "".join(server.log) + "".join(server.console)
    backups = server.data_dir / "backups/settings"
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in backups.iterdir())
    assert CANARY not in "".join(path.name for path in backups.iterdir())
    database = b"".join(path.read_bytes() for path in server.data_dir.glob("*.db*"))
    assert b"settings_changed" in database
    assert CANARY.encode() not in database
    assert CANARY not in admin.get(f"{VARIABLES}/changes").text


def look(client, path, changes):
    return client.post(f"{VARIABLES}/validate", json={"changes": changes, "version": version(path)}).json()


def test_a_look_first_says_how_long_a_change_should_wait(admin, file):
    """By the variables that would run with another value, and null where nobody has to see that files stay in reach."""
    waits = {
        "a region": {"AWS_DEFAULT_REGION": "eu-central-1"},
        "a folder": {"LOCAL_STORAGE_PATH": "elsewhere"},
        "a secret": {"S3_COMPATIBLE_SECRET_KEY": f"{CANARY}-other"},
        "one of two": {"S3_BUCKET_NAME": "bucket", "LOG_LEVEL": "info"},
    }
    for case, changes in waits.items():
        assert look(admin, file, changes)["confirm_seconds"] == 60, case
    lasts = {
        "a session": {"SESSION_IDLE_HOURS": "8"},
        "a limit": {"MAX_UPLOAD_SIZE_MB": "7"},
        "what runs already": {"LOCAL_STORAGE_PATH": "storage"},
        "what is wrong": {"AWS_DEFAULT_REGION": "a b"},
    }
    for case, changes in lasts.items():
        answer = look(admin, file, changes)
        assert "confirm_seconds" in answer, case
        assert answer["confirm_seconds"] is None, case


def test_the_answer_of_the_look_can_be_sent_with_the_change(admin, file):
    done = patch(admin, file, {"SESSION_IDLE_HOURS": "8"}, confirm_seconds=None).json()
    assert (done["change"]["state"], done["change"]["seconds_left"]) == ("applied", None)


def test_bringing_a_backup_back_says_how_long_it_should_wait(admin, file):
    patch(admin, file, {"AWS_DEFAULT_REGION": "eu-central-1"})
    newest = admin.get(f"{VARIABLES}/backups").json()["items"][0]["id"]
    assert admin.get(f"{VARIABLES}/backups/{newest}/diff").json()["confirm_seconds"] == 60
    patch(admin, file, {"SESSION_IDLE_HOURS": "7"})
    newest = admin.get(f"{VARIABLES}/backups").json()["items"][0]["id"]
    assert admin.get(f"{VARIABLES}/backups/{newest}/diff").json()["confirm_seconds"] is None


def test_groups_and_types_have_names_for_programs(admin):
    document = admin.get(VARIABLES).json()
    assert [group["id"] for group in document["categories"]] == [
        "storage", "s3", "s3_compatible", "images", "security", "server"
    ]  # fmt: skip
    found = variables(admin)
    kinds = {name: found[name]["kind"] for name in ("STORAGE_TYPE", "DEMO_MODE", "PORT", "DATA_DIR", "TRUSTED_PROXIES")}
    assert list(kinds.values()) == ["choice", "boolean", "integer", "path", "list"]


def ended(client, change_id):
    items = client.get(f"{VARIABLES}/changes").json()["items"]
    return [(one["id"], one["state"], one["expired"], one["actor"], one["ended_by"]) for one in items][
        : [one["id"] for one in items].index(change_id) + 1
    ]


def test_a_change_is_one_entry_whoever_ends_it(admin, server, file):
    """The newest entry is the change itself, at once and with the old values in force."""
    for act, state in (("confirm", "confirmed"), ("revert", "reverted")):
        change = patch(admin, file, {"SESSION_IDLE_HOURS": "8"}, confirm_seconds=60).json()["change"]
        assert 0 < change["seconds_left"] <= 60
        done = admin.post(f"{VARIABLES}/changes/{change['id']}/{act}").json()
        assert (done["state"], done["ended_by"], done["seconds_left"]) == (state, "admin", None)
        assert ended(admin, change["id"]) == [(change["id"], state, False, "admin", "admin")]
        file.write_bytes(TEXT.encode())
        admin.post(f"{VARIABLES}/reload")


def test_a_change_that_nobody_kept_was_undone_by_the_service(admin, file):
    told = patch(admin, file, {"SESSION_IDLE_HOURS": "8"}, confirm_seconds=1).json()["change"]
    change = told["id"]
    wait_until(lambda: ended(admin, change)[-1][1] == "reverted")
    (found,) = (one for one in admin.get(f"{VARIABLES}/changes").json()["items"] if one["id"] == change)
    assert found["confirm_until"] == told["confirm_until"] < found["ended_at"]
    assert ended(admin, change) == [(change, "reverted", True, "admin", "the service")]
    assert variables(admin)["SESSION_IDLE_HOURS"]["value"] == "12"  # whoever reads of the end finds the old values


LAST_LINE = TEXT.count("\n") + 1


@pytest.mark.parametrize(
    ("changes", "line", "message"),
    [
        ({"MAX_UPLOAD_SIZE_MB": "-5"}, None, "MAX_UPLOAD_SIZE_MB: must be 0 or more, not '-5'"),
        ({"SESSION_IDLE_HOURS": "0"}, 2, "`.env` line 2: SESSION_IDLE_HOURS: must be 1 or more, not '0'"),
        ({"MAX_IMAGE_SIZE_MB": "x"}, LAST_LINE, f"`.env` line {LAST_LINE}: MAX_IMAGE_SIZE_MB: must be a whole number"),
        ({"IMAGE_THUMBNAIL_SIZE": "9999"}, None, "IMAGE_THUMBNAIL_SIZE: must be 2048 or less, not '9999'"),
        ({"METRICS_ENABLED": "maybe"}, None, "METRICS_ENABLED: must be true or false, not 'maybe'"),
        ({"STORAGE_TYPE": "tape"}, None, "STORAGE_TYPE: must be 'local', 's3' or 's3_compatible', not 'tape'"),
        ({"PUBLIC_URL": "nowhere"}, None, "PUBLIC_URL: must be a full URL that starts with http:// or https://"),
    ],
)
def test_a_problem_names_a_line_that_can_be_looked_at(admin, file, changes, line, message):
    """Not the line that the variable would get: the file is as it was, and has no such line."""
    (problem,) = look(admin, file, changes)["problems"]
    assert (problem["line"], problem["message"][: len(message)]) == (line, message)
    assert patch(admin, file, changes).json()["detail"].startswith(message)


def test_a_removed_line_moves_no_problem(admin, file):
    """Two lines go, the broken one after them stays where it is in the file that everybody sees."""
    file.write_bytes(TEXT.encode() + b"\r\nsome words\r\n")
    changes = {"SESSION_IDLE_HOURS": None, "LOG_LEVEL": None, "HOST": "::1"}
    problems = look(admin, file, changes)["problems"]
    assert [problem["line"] for problem in problems] == [LAST_LINE + 1]
    assert problems[0]["message"].startswith(f"`.env` line {LAST_LINE + 1}: ")
