"""schemathesis over the OpenAPI document: nothing it thinks of is a 5xx, and every error is a problem document."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.server import run_cli

SCHEMATHESIS = str(Path(sys.executable).parent / "schemathesis")
CHECKS = "not_a_server_error,errors_are_problem_documents"
SCOPES = (("read",), ("write",), ("admin",), ("write", "--folder", "lab"))


def fuzz(server, scopes, *options):
    """How many requests were made up; fails where one was answered badly."""
    words = [word for scope in scopes for word in ((scope,) if scope in {"--folder", "lab"} else ("--scope", scope))]
    token = run_cli(server.data_dir, "token", "create", "fuzz", "--user", "alan", *words).stdout.strip()
    wanted = ("--checks", CHECKS, "--no-color", "--seed", "1", *options, "-H", f"Authorization: Bearer {token}")
    done = subprocess.run(
        [SCHEMATHESIS, "run", f"{server.address}/api/openapi.json", *wanted],
        capture_output=True,
        text=True,
        timeout=580,
        cwd=server.data_dir,
        env={**os.environ, "SCHEMATHESIS_HOOKS": "tests.api.problem_check", "PYTHONPATH": str(Path.cwd())},
        check=False,
    )
    assert done.returncode == 0, done.stdout[:20000] + done.stderr[-1000:]
    generated = re.search(r"(\d+) generated, (\d+) passed", done.stdout)
    assert generated, done.stdout[-2000:]
    assert generated[1] == generated[2]
    assert not [line for line in server.log if '"request_failed"' in line]
    return int(generated[1])


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("examples", "least"), [("2", 150), pytest.param("20", 500, marks=pytest.mark.slow)])
def test_every_generated_request_is_answered_well(server, examples, least):
    assert fuzz(server, (), "--max-examples", examples) >= least


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("scopes", SCOPES, ids=" ".join)
def test_and_so_is_every_one_with_less_rights(server, scopes):
    """Short: it is the answers of the doors that differ, not what they understand."""
    assert fuzz(server, scopes, "--max-examples", "4", "--phases", "fuzzing") >= 300
