"""A power cut: the file system's image is copied while the server is frozen, and mounted as the disk would be found.

The page cache survives kill -9, so only this shows a missing fsync. The control takes fsync away (libeatmydata's way:
strace answers in the kernel's place) and must lose files, else the test proves nothing.
"""

import hashlib
import os
import random
import shutil
import signal
import subprocess
import threading
import time
from contextlib import contextmanager

import httpx
import pytest

from tests.support.server import serving, wait_until

WRITERS = 4
FRESH = 90
"""Of each cut the last so many acknowledged files are checked: those most likely to be lost."""


@pytest.fixture
def disk(tmp_path):
    """A mounted ext4 in a file, and the file."""
    assert os.geteuid() == 0, "the power-cut test mounts a file system: run it as root"
    image, mounted = tmp_path / "disk.img", tmp_path / "disk"
    mounted.mkdir()
    with image.open("wb") as file:
        file.truncate(512 * 1024 * 1024)
    subprocess.run(["mkfs.ext4", "-q", "-F", image], check=True)
    subprocess.run(["mount", "-o", "loop", image, mounted], check=True)
    yield image, mounted
    subprocess.run(["umount", "-l", mounted], check=True)


@contextmanager
def mounted_copy(image, folder):
    """The disk after the power came back; the journal is replayed by mounting."""
    folder.mkdir()
    subprocess.run(["mount", "-o", "loop", image, folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)
        folder.rmdir()


class Uploads:
    """Clients that upload until the power goes; they remember acknowledgements in order."""

    def __init__(self, server, cookie):
        self.server, self.cookie = server, cookie
        self.acknowledged: list[tuple[str, str]] = []
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self.run, args=(number,)) for number in range(WRITERS)]

    def run(self, number):
        chance = random.Random(number)
        with httpx.Client(base_url=self.server.address, headers={"Cookie": self.cookie}, timeout=60) as client:
            while not self.stopping.is_set():
                content = os.urandom(chance.randrange(1, 60_000))
                path = f"cut/{number}-{chance.getrandbits(48):x}"
                answer = client.put(f"/api/files/by-path/{path}", content=content)
                if answer.status_code == 201:
                    self.acknowledged.append((answer.json()["id"], hashlib.sha256(content).hexdigest()))

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        for thread in self.threads:
            thread.join(60)


def cut(server, image, copy):
    """Freeze, copy, go on. What is acknowledged before the freeze must be in the copy."""
    server.process.send_signal(signal.SIGSTOP)
    try:
        subprocess.run(["cp", "--sparse=always", image, copy], check=True)
    finally:
        server.process.send_signal(signal.SIGCONT)


def lost_after(copy, tmp_path, expected):
    """How many of the files the service on that disk does not give back whole."""
    lost = 0
    with mounted_copy(copy, tmp_path / "after") as folder:
        try:
            with serving(folder) as server, server.client("ada") as client:
                for file_id, digest in expected:
                    content = client.get(f"/api/files/{file_id}/content")
                    lost += content.status_code != 200 or hashlib.sha256(content.content).hexdigest() != digest
        except AssertionError:  # the service cannot even start on what is left
            return len(expected)
    return lost


def run_cuts(disk, tmp_path, *, cuts, before_cuts=None):
    image, mounted = disk
    checked = lost = 0
    copies = []
    with serving(mounted) as server, server.client("ada") as client:
        if before_cuts is not None:
            before_cuts(server.process.pid)
        cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        with Uploads(server, cookie) as uploads:
            for number in range(cuts):
                wait_until(lambda fresh=FRESH * (number + 1): len(uploads.acknowledged) >= fresh)
                expected = uploads.acknowledged[-FRESH:]
                copy = tmp_path / f"cut-{number}.img"
                cut(server, image, copy)
                copies.append((copy, expected))
    for copy, expected in copies:
        lost += lost_after(copy, tmp_path, expected)
        checked += len(expected)
        copy.unlink()
    return checked, lost


@pytest.mark.timeout(600)
@pytest.mark.parametrize("cuts", [2, pytest.param(14, marks=pytest.mark.slow)])
def test_no_acknowledged_upload_is_lost_in_a_power_cut(disk, tmp_path, cuts):
    checked, lost = run_cuts(disk, tmp_path, cuts=cuts)
    print(f"{checked} acknowledged files checked over {cuts} cuts, {lost} lost")
    assert checked == cuts * FRESH
    assert lost == 0


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_control_without_fsync_loses_files(disk, tmp_path):
    strace = shutil.which("strace")
    assert strace, "the control needs strace (Debian: apt-get install strace)"
    tracers = []

    def without_fsync(pid):
        inject = ["-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:retval=0"]
        tracers.append(subprocess.Popen([strace, "-f", "-qq", "-o", "/dev/null", *inject, "-p", str(pid)]))
        time.sleep(1)

    try:
        checked, lost = run_cuts(disk, tmp_path, cuts=2, before_cuts=without_fsync)
    finally:
        for tracer in tracers:
            tracer.terminate()
            tracer.wait(20)
    print(f"without fsync: {checked} checked, {lost} lost")
    assert lost > checked * 0.5
