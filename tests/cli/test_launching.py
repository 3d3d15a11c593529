"""A process that the tests fork is to its caller what a shell starts (docs/decisions: tests in ten minutes)."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import launching


@pytest.mark.parametrize(
    ("line", "stdin"),
    [("--version", None), ("nosuch", None), ("config get PORT", None), ("user create x --password-stdin", "short\n")],
)
def test_it_prints_and_ends_as_one_that_imports_everything_itself(tmp_path, line, stdin):
    environ = {**os.environ, "DATA_DIR": str(tmp_path), "PORT": "4321"}
    given = {"cwd": tmp_path, "env": environ, "input": stdin or "", "capture_output": True, "text": True}
    plain = subprocess.run([sys.executable, "-m", "aishare", *line.split()], check=False, timeout=60, **given)
    forked = launching.run(line.split(), folder=tmp_path, environ=environ, stdin=stdin, seconds=60)
    said = plain.stderr.replace("python -m aishare", "aishare")  # its name is what was typed
    assert (forked.returncode, forked.stdout, forked.stderr) == (plain.returncode, plain.stdout, said)


def test_it_is_killed_in_the_folder_that_it_was_given(tmp_path):
    process = launching.Process(["serve", "--port", "0", "--data-dir", "."], folder=tmp_path, environ=os.environ)
    try:
        assert any('"serving"' in line for line in process.stderr)
        assert Path(f"/proc/{process.pid}/cwd").resolve() == tmp_path
        assert process.poll() is None
    finally:
        process.kill()
        status = process.wait(30)
        for stream in (process.stdin, process.stdout, process.stderr):
            stream.close()
    assert status == -signal.SIGKILL
    process.terminate()  # nobody, and that is no error
