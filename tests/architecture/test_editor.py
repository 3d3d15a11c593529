"""What editors and containers are told is there: files, tasks, commands and ports."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
FILES = [*sorted((ROOT / ".vscode").glob("*.json")), ROOT / ".devcontainer" / "devcontainer.json"]


def _read(name: str) -> Any:
    """JSON with comments on lines of their own."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return json.loads(re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_places_that_are_named_exist(path: Path) -> None:
    text = json.dumps(_read(path.relative_to(ROOT).as_posix()))
    named = set(re.findall(r'"(?:\$\{workspaceFolder\}/)?((?:frontend|tests|src)(?:/[\w.]+)*)"', text))
    missing = sorted(name for name in named if "node_modules" not in name and not (ROOT / name).exists())
    assert missing == []


def test_what_is_launched_exists() -> None:
    launch, tasks = _read(".vscode/launch.json"), {task["label"] for task in _read(".vscode/tasks.json")["tasks"]}
    configurations = {one["name"]: one for one in launch["configurations"]}
    assert {one["module"] for one in configurations.values() if "module" in one} == {"aishare", "pytest"}
    assert {one["preLaunchTask"] for one in configurations.values() if "preLaunchTask" in one} <= tasks
    assert {name for both in launch["compounds"] for name in both["configurations"]} <= configurations.keys()


def test_targets_of_make_exist() -> None:
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    called = {task["args"][0] for task in _read(".vscode/tasks.json")["tasks"] if task["command"] == "make"}
    container = _read(".devcontainer/devcontainer.json")
    called |= set(re.findall(r"\bmake ([\w-]+)", container["postCreateCommand"]))
    assert called
    assert called - targets == set()


def test_the_container_has_a_python_that_is_supported_and_the_ports_of_make_dev() -> None:
    container = _read(".devcontainer/devcontainer.json")
    oldest = re.search(r'requires-python = ">=(\d+\.\d+)"', (ROOT / "pyproject.toml").read_text())
    assert oldest is not None
    assert f"-{oldest[1]}-" in container["image"]
    source = (ROOT / "tools" / "dev.py").read_text()
    assert {int(port) for port in re.findall(r'PORT", (\d+)', source)} == set(container["forwardPorts"])


def test_extensions_are_the_same_in_both() -> None:
    container = _read(".devcontainer/devcontainer.json")["customizations"]["vscode"]["extensions"]
    assert container == _read(".vscode/extensions.json")["recommendations"]
