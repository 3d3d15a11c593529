"""The examples of the documentation, run as they stand; only ports, and keys of the test servers, are put in."""

import asyncio
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.support import processes
from tests.support.pages import DOCS, blocks, env_values
from tests.support.ports import free_twin_ports
from tests.support.s3server import S3Server, new_bucket
from tests.support.s3servers import s3_server, s3_server_names
from tests.support.seaweedfs import remove_sockets
from tests.support.server import Server, run_cli, serving, wait_until

ADMINISTRATION = ("docs/administration.md", "docs/environment.md")
MINIO = [pytest.param("minio", marks=pytest.mark.timeout(1500))] if "minio" in s3_server_names() else []


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory):
    with serving(tmp_path_factory.mktemp("aishare")) as running:
        yield running


def test_the_examples_of_the_api_run(server: Server, tmp_path: Path):
    examples = blocks("sh", page="docs/using-api.md")
    assert len(examples) > 8
    token = run_cli(server.data_dir, "token", "create", "examples", "--user", "ada").stdout.strip()
    done = _run(server, token, "\n".join(example.text for example in examples), tmp_path)
    assert done.returncode == 0, done.stderr
    for shown in ('"username":"ada"', '"name":"one hour"', "3000000\tmodels/model.safetensors", "\n304\n", ": OK\n"):
        assert shown in done.stdout


def test_the_examples_of_administration_run(server: Server, tmp_path: Path):
    examples = [block for page in ADMINISTRATION for block in blocks("sh", page=page)]
    token = run_cli(server.data_dir, "token", "create", "examples", "--user", "admin").stdout.strip()
    done = _run(server, token, "\n".join(example.text for example in examples), tmp_path)
    assert done.returncode == 0, done.stderr
    assert "ada\t" in done.stdout
    assert done.stdout.endswith("\ntrue\ntrue\n")


def test_no_example_is_left_out():
    assert {block.page for block in blocks("sh")} == {"docs/using-api.md", *ADMINISTRATION}


def test_an_example_that_fails_is_noticed(server: Server, tmp_path: Path):
    script = "ID=$(curl -sS --fail-with-body $AISHARE/api/files | jq -r .id)\ntrue"
    assert _run(server, "no token", script, tmp_path).returncode != 0


def _run(server: Server, token: str, script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "AISHARE": server.address, "TOKEN": token}
    command = ["bash", "-c", f"set -euxo pipefail\n{script}"]
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, timeout=60, check=False)


def _works(folder: Path, sample: dict[str, str]) -> dict[str, bool | None]:
    """The connection test with this .env file; it must pass."""
    steps = _tested(folder, sample)
    assert False not in steps.values(), steps
    return steps


def _tested(folder: Path, sample: dict[str, str]) -> dict[str, bool | None]:
    (folder / ".env").write_text("".join(f"{name}={value}\n" for name, value in sample.items()))
    done = run_cli(folder, "storage", "test", "--json")
    assert done.returncode in {0, 1}, done.stdout + done.stderr
    return {step["name"]: step["ok"] for step in json.loads(done.stdout)["steps"]}


def _sample(page: str) -> dict[str, str]:
    (block,) = blocks("ini", page=page)
    return env_values(block.text)


def test_the_local_sample_works(tmp_path: Path):
    sample = _sample("docs/storage/local.md")
    sample["LOCAL_STORAGE_PATH"] = str(tmp_path / sample["LOCAL_STORAGE_PATH"].lstrip("/"))
    assert _works(tmp_path, sample)["put"] is True


@pytest.mark.parametrize("name", ["seaweedfs", *MINIO])
@pytest.mark.parametrize("where", ["docs/storage/minio.md", "README.md"])
async def test_the_minio_sample_works(name: str, where: str, tmp_path: Path):
    server = s3_server(name)
    async with new_bucket(server) as bucket:
        sample = _on(server, _sample(where), bucket)
        steps = await asyncio.to_thread(_works, tmp_path, sample)
    assert set(steps) >= {"authenticate", "bucket", "put", "multipart", "presigned_fetch", "delete"}
    assert set(steps.values()) == {True}


def _on(server: S3Server, sample: dict[str, str], bucket: str) -> dict[str, str]:
    place = {
        "S3_COMPATIBLE_ENDPOINT": server.url,
        "S3_COMPATIBLE_ACCESS_KEY": server.access_key,
        "S3_COMPATIBLE_SECRET_KEY": server.secret_key,
        "S3_COMPATIBLE_BUCKET_NAME": bucket,
    }
    assert place.keys() < sample.keys()
    return {**sample, **place}


def test_the_seaweedfs_page_works_from_the_start(tmp_path: Path):
    page = "docs/storage/seaweedfs.md"
    (command,), (identities,) = blocks("weed", page=page), blocks("json", page=page)
    (tmp_path / "s3.json").write_text(identities.text)
    (tmp_path / "weed-data").mkdir()
    ports = free_twin_ports(5)
    names = ("s3.port", "master.port", "volume.port", "filer.port", "admin.port")
    # of a flag given twice the last counts; the two others would meet those of servers that run beside this one
    moved = [f"-{name}={port}" for name, port in zip(names, ports, strict=True)] + _NO_EXTRA_PORTS
    program = [str(Path(sys.executable).with_name("weed")), *shlex.split(command.text.replace("\\\n", " "))[1:], *moved]
    process = processes.start(program, log=tmp_path / "log", folder=tmp_path)
    try:
        processes.wait_for_status(process, ports[0], "/", status=403, log=tmp_path / "log")
        sample = _sample(page)
        sample["S3_COMPATIBLE_ENDPOINT"] = sample["S3_COMPATIBLE_ENDPOINT"].replace("8333", str(ports[0]))
        # it answers before it has created the bucket
        wait_until(lambda: set(_tested(tmp_path, sample).values()) == {True})
    finally:
        processes.stop(process)
        remove_sockets(ports)


_NO_EXTRA_PORTS = ["-s3.port.iceberg=0", "-s3.port.lance=0"]


def test_every_metric_is_documented(server: Server):
    with server.client("ada") as client:
        client.put("/api/files/by-path/measured.txt", content=b"x").raise_for_status()
        client.get("/api/files").raise_for_status()
        text = client.get("/metrics").text
    families = [family for family in text_string_to_metric_families(text) if not family.name.endswith("_created")]
    shown = {f"{family.name}_total" if family.type == "counter" else family.name for family in families}
    section = (DOCS / "monitoring.md").read_text().partition("## Metrics")[2].partition("\n## ")[0]
    assert shown == set(re.findall(r"^\| `(aishare_\w+)`", section, re.MULTILINE))
