"""Many connections at once, by wrk."""

import json
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.client import Request, WrongAnswer
from bench.scale import KiB
from tools.bench_programs import environment, program

_HEAD_MAX: Final = 2 * KiB
"""More than the headers of any answer here."""


@dataclass(frozen=True, slots=True)
class Load:
    requests: int
    seconds: float


def put_load(port: int, requests: Sequence[Request], *, connections: int, seconds: int, length: int) -> Load:
    """GETs in turn for so many seconds, all with the headers of the first. Each answer must have `length` bytes.

    wrk only counts bytes: one answer that is too short makes the sum too small.
    """
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as targets:
        targets.writelines(f"{request.target}\n" for request in requests)
        targets.flush()
        outcome = _run_wrk(port, requests[0], Path(targets.name), connections=connections, seconds=seconds)
    count, received = outcome["requests"], outcome["bytes"]
    if outcome["failed"] or not count:
        raise WrongAnswer(f"{outcome['failed']} of {count} requests failed: {requests[0].target}")
    if not count * length < received < (count + connections) * (length + _HEAD_MAX):
        raise WrongAnswer(f"{received} bytes came in {count} answers of {length}: {requests[0].target}")
    return Load(count, outcome["microseconds"] / 1e6)


def _run_wrk(port: int, request: Request, targets: Path, *, connections: int, seconds: int) -> dict[str, int]:
    headers = [part for name, value in request.headers.items() for part in ("-H", f"{name}: {value}")]
    options = ["-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", *headers]
    script = ["-s", str(Path(__file__).with_name("load.lua"))]
    command = [program("wrk"), *options, *script, f"http://127.0.0.1:{port}", "--", str(targets)]
    answer = subprocess.run(
        command, env=environment(), capture_output=True, text=True, timeout=seconds + 60, check=False
    )
    line = next((line for line in answer.stdout.splitlines() if line.startswith("BENCH ")), None)
    if line is None:
        raise WrongAnswer(f"wrk said nothing: {answer.stdout}{answer.stderr}")
    outcome: dict[str, int] = json.loads(line.removeprefix("BENCH "))
    return outcome
