"""schemathesis over the OpenAPI document: nothing it thinks of is a 5xx."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.server import run_cli


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_no_generated_request_is_a_server_error(server):
    token = run_cli(server.data_dir, "token", "create", "fuzz", "--user", "alan").stdout.strip()
    command = [str(Path(sys.executable).parent / "schemathesis"), "run", f"{server.address}/api/openapi.json"]
    options = ["--checks", "not_a_server_error", "--max-examples", "40", "--seed", "1", "--no-color"]
    done = subprocess.run(
        [*command, *options, "-H", f"Authorization: Bearer {token}"],
        capture_output=True,
        text=True,
        timeout=280,
        cwd=server.data_dir,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5000:]
    generated = re.search(r"(\d+) generated, (\d+) passed", done.stdout)
    assert generated, done.stdout[-2000:]
    assert int(generated[1]) >= 500
    assert generated[1] == generated[2]
    assert not [line for line in server.log if '"request_failed"' in line]
