"""Looking after stored files in a running service, and by command: damage is found, garbage goes."""

import json
import os
import time

from tests.support.server import run_cli, serving, wait_until

DAMAGES = "/api/admin/damages"
SCRUBS = "/api/admin/scrubs"
GARBAGE = "/api/admin/garbage"


def put(client, path, content):
    answer = client.put(f"/api/files/by-path/{path}", content=content)
    assert answer.status_code == 201, answer.text
    return answer.json()


def stored_at(data_dir, content):
    """The file below the storage that holds this content."""
    found = [path for path in (data_dir / "storage" / "objects").rglob("*") if path.is_file()]
    return next(path for path in found if path.stat().st_size == len(content) and path.read_bytes() == content)


def ended(client, scrub):
    path = f"{SCRUBS}/{scrub['id']}"
    wait_until(lambda: client.get(path).json()["state"] == "completed")
    return client.get(path).json()


def plant_orphan(place):
    """Below the storage like any object, a day old, and in no row."""
    orphan = place.with_name(place.parent.parent.name + place.parent.name + "orphan")
    orphan.write_bytes(b"orphan")
    os.utime(orphan, (time.time() - 90_000,) * 2)
    return orphan


def check_damage(admin, data_dir, file, scrub):
    done = ended(admin, scrub)
    assert (done["damages"], done["percent"], done["location"]) == (1, 100, None)
    (damage,) = admin.get(DAMAGES).json()["items"]
    assert (damage["code"], damage["file"]["path"]) == ("object_corrupt", "models/weights.bin")
    assert (damage["file"]["id"], damage["file"]["owner"]) == (file["id"], "admin")
    (job,) = admin.get("/api/admin/jobs").json()["items"]
    assert (job["id"], job["kind"], job["state"], job["progress"]) == (scrub["id"], "scrub", "completed", 1)
    verified = run_cli(data_dir, "storage", "verify", "--subset", "100%", "--json")
    assert verified.returncode == 1, verified.stderr
    shown = json.loads(verified.stdout)
    assert (shown["damages"], shown["items"][0]["file"]["path"]) == (1, "models/weights.bin")


def test_damage_and_garbage_by_api_and_command_and_through_kill_9(tmp_path):
    content = os.urandom(5000)
    with serving(tmp_path) as server, server.client("admin") as admin:
        file = put(admin, "models/weights.bin", content)
        with server.client("ada") as ada:
            assert {ada.post(SCRUBS, json={}).status_code, ada.get(DAMAGES).status_code} == {403}
            assert {ada.post(f"{GARBAGE}/plan").status_code, ada.get(SCRUBS).status_code} == {403}
        assert admin.post(SCRUBS, json={"percent": 0}).status_code == 422
        assert admin.post(SCRUBS, json={"location": "nowhere"}).status_code == 404
        place = stored_at(tmp_path, content)
        place.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        scrub = admin.post(SCRUBS, json={}).json()
        server.kill()
    with serving(tmp_path) as server, server.client("admin") as admin:
        check_damage(admin, tmp_path, file, scrub)
        place.write_bytes(content)
        assert ended(admin, admin.post(SCRUBS, json={}).json())["damages"] == 0
        assert admin.get(DAMAGES).json() == {"items": [], "more": False}
        assert admin.post(f"{SCRUBS}/{scrub['id']}/cancel").status_code == 409
        orphan = plant_orphan(place)
        plan = admin.post(f"{GARBAGE}/plan").json()
        assert (plan["orphans"], plan["bytes"], plan["leftovers"]) == (1, 6, 0)
        assert orphan.exists()
        collected = admin.post(GARBAGE, json={"plan_id": plan["id"]}).json()
        assert collected == {"deleted": 1, "bytes": 6, "leftovers": 0}
        assert not orphan.exists()
        assert admin.get(f"/api/files/{file['id']}/content").content == content
    plant_orphan(place)
    assert json.loads(run_cli(tmp_path, "storage", "gc", "--yes", "--json").stdout)["collected"]["deleted"] == 1
    assert not orphan.exists()
