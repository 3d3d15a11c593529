import errno
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from aishare.core.errors import InvalidSettings
from aishare.settings.load import load_settings
from aishare.settings.secret_key import ensure_secret_key, with_secret_key
from aishare.settings.secrets import secret_values

KEY = "q8Zr2LwYx0Vn5TbKs7HdPm3JcFg9AeUi4oXy1RtB6vM"


def settings_of(folder, **environ):
    return load_settings(base_dir=folder, environ=environ).settings


def test_a_key_is_made_once_kept_private_and_found_again(tmp_path):
    first = ensure_secret_key(settings_of(tmp_path))
    path = tmp_path / "data" / "secret_key"
    assert path.read_text() == first.get_secret_value()
    assert len(first.get_secret_value()) == 43
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert ensure_secret_key(settings_of(tmp_path)) == first
    assert [file.name for file in path.parent.iterdir()] == ["secret_key"]


def test_a_key_that_is_set_is_used_and_nothing_written(tmp_path):
    assert ensure_secret_key(settings_of(tmp_path, SECRET_KEY=KEY)).get_secret_value() == KEY
    assert list(tmp_path.iterdir()) == []


def test_loaded_settings_get_the_key_and_its_origin(tmp_path):
    loaded = with_secret_key(load_settings(base_dir=tmp_path, environ={}))
    origin = loaded.origins["SECRET_KEY"]
    assert loaded.settings.secret_key == ensure_secret_key(settings_of(tmp_path))
    assert (origin.kind, origin.path) == ("generated", tmp_path / "data" / "secret_key")
    assert loaded.settings.secret_key.get_secret_value() not in repr(loaded)
    given = load_settings(base_dir=tmp_path, environ={"SECRET_KEY": KEY})
    assert with_secret_key(given) is given


def test_a_key_open_to_others_is_closed(tmp_path):
    ensure_secret_key(settings_of(tmp_path))
    path = tmp_path / "data" / "secret_key"
    path.chmod(0o644)
    ensure_secret_key(settings_of(tmp_path))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"", b"short", b"\xff" * 50])
def test_a_damaged_key_file_stops_the_start_and_is_kept(tmp_path, content):
    path = tmp_path / "data" / "secret_key"
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(InvalidSettings) as caught:
        ensure_secret_key(settings_of(tmp_path))
    assert str(caught.value.problems[0]).startswith("DATA_DIR: the secret key in ")
    assert path.read_bytes() == content


def test_a_data_folder_that_can_not_be_made_is_told(tmp_path):
    (tmp_path / "data").write_text("a file")
    with pytest.raises(InvalidSettings, match="DATA_DIR"):
        ensure_secret_key(settings_of(tmp_path))


_START = """
import sys, time
from pathlib import Path
from aishare.settings.load import load_settings
from aishare.settings.secret_key import ensure_secret_key
if sys.argv[2] == "no-links":
    def hardlink_to(self, target):
        raise PermissionError("no hard links here")
    Path.hardlink_to = hardlink_to
exists = Path.exists
def seen_by_all_then_made_one_after_the_other(self):
    answer = exists(self)
    if self.name == "secret_key":
        time.sleep(0.5 + float(sys.argv[3]))
    return answer
Path.exists = seen_by_all_then_made_one_after_the_other
settings = load_settings(base_dir=Path(sys.argv[1]), environ={}).settings
print("ready", flush=True)
sys.stdin.readline()
print(ensure_secret_key(settings).get_secret_value())
"""


@pytest.mark.parametrize("links", ["links", "no-links"])
def test_processes_that_start_at_once_agree_on_one_key(tmp_path, links):
    command = [sys.executable, "-c", _START, str(tmp_path), links]
    pipe = subprocess.PIPE
    delays = ("0", "0", "0.2", "0.4")
    processes = [subprocess.Popen([*command, delay], stdin=pipe, stdout=pipe, text=True) for delay in delays]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()
    keys = {process.communicate(timeout=60)[0].strip() for process in processes}
    assert len(keys) == 1
    assert keys == {(tmp_path / "data" / "secret_key").read_text()}
    assert [file.name for file in (tmp_path / "data").iterdir()] == ["secret_key"]


def test_a_full_disk_leaves_no_half_key(tmp_path, monkeypatch):
    def full(_handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("aishare.settings.durable_file.os.fsync", full)
    with pytest.raises(InvalidSettings, match="No space left"):
        ensure_secret_key(settings_of(tmp_path))
    assert not Path(tmp_path / "data" / "secret_key").exists()
    assert list((tmp_path / "data").iterdir()) == []


def test_keys_that_were_replaced_come_behind_the_present_one(tmp_path):
    older, oldest = KEY[::-1], f"{KEY[20:]}{KEY[:20]}"
    loaded = settings_of(tmp_path, SECRET_KEY=KEY, SECRET_KEY_PREVIOUS=f" {older}, {oldest} ,")
    assert [key.get_secret_value() for key in loaded.signing_keys] == [KEY, older, oldest]
    assert {KEY, older, oldest} <= set(secret_values(loaded))


@pytest.mark.parametrize(
    "previous", [KEY, f"{KEY[::-1]},{KEY}", "short", f"{KEY[::-1]},changeme-changeme-changeme-changeme"]
)
def test_replaced_keys_that_are_none_are_refused(tmp_path, previous):
    with pytest.raises(InvalidSettings) as refused:
        settings_of(tmp_path, SECRET_KEY=KEY, SECRET_KEY_PREVIOUS=previous)
    assert [problem.variable for problem in refused.value.problems] == ["SECRET_KEY_PREVIOUS"]
    assert KEY not in str(refused.value)


def test_links_can_not_live_longer_than_the_longest(tmp_path):
    with pytest.raises(InvalidSettings, match="LINK_MAX_EXPIRY_DAYS"):
        settings_of(tmp_path, LINK_EXPIRY_DAYS="30", LINK_MAX_EXPIRY_DAYS="7")
    assert settings_of(tmp_path, LINK_EXPIRY_DAYS="30", LINK_MAX_EXPIRY_DAYS="0").link_expiry_days == 30
