"""`python -m bench.images`: thumbnails, against sharp (behind Node's HTTP server) and PocketBase.

All three run at the same time and get HTTP requests in turn, round after round, for thumbnails of 300 pixels.
Stored thumbnails are deleted before each request. The processor time of all their processes is compared within each
round. What an idle server takes is measured first, printed, and subtracted.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
import pyvips

from bench.peers.aishare import Aishare
from bench.peers.pocketbase import PocketBase
from bench.process import ServerGroup, free_port
from frontend.build import find_node

ROOT: Final = Path(__file__).resolve().parent.parent
_MODULES: Final = ROOT / ".cache" / "bench-images"
_SHARP: Final = "sharp@0.35"
_IDLE_SECONDS: Final = 6
_FLOORS: Final = {
    "sharp": dict.fromkeys(("JPEG 24 MP", "PNG 12 MP", "WebP 12 MP"), 1.1),
    "PocketBase": {"JPEG 24 MP": 0.25},
}


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="bench-", dir=ROOT / ".cache") as name, ExitStack() as stack:
        files = make_images(Path(name))
        sides: list[Side] = [OurSide(Path(name)), SharpSide(Path(name)), PocketBaseSide(Path(name))]
        for side in sides:
            stack.enter_context(side.serving(files))
        for side in sides:
            side.idle = _idle(side)
            print(f"{side.name}: {side.idle * 1000:.0f} ms of processor time a second while idle", flush=True)
        for title in files:
            _compare(title, sides, rounds=options.rounds, count=options.count)
        for side in (sides[0], sides[2]):
            _kept(side, next(iter(files)), options.cached)


def make_images(folder: Path) -> dict[str, Path]:
    """Like photographs: soft shapes, and noise that keeps encoders busy."""
    made = {
        "JPEG 24 MP": (_photo(6000, 4000), "jpg", {"Q": 90}),
        "PNG 12 MP": (_photo(4000, 3000, sigma=1).bandjoin(230).copy_memory(), "png", {"compression": 3}),
        "WebP 12 MP": (_photo(4000, 3000), "webp", {"Q": 85, "effort": 2}),
        "GIF 60 frames": (_frames(60, 640, 480), "gif", {"effort": 1}),
    }
    files = {}
    for title, (image, suffix, options) in made.items():
        files[title] = folder / f"image.{suffix}"
        image.write_to_file(str(files[title]), **options)
        print(f"{title}: {files[title].stat().st_size / 1e6:.1f} MB", flush=True)
    return files


def _photo(width: int, height: int, *, sigma: float = 14) -> Any:
    bands = [pyvips.Image.perlin(width, height, cell_size=size, uchar=True, seed=size) for size in (512, 300, 128)]
    noise = pyvips.Image.gaussnoise(width, height, sigma=sigma, mean=0, seed=1).gaussblur(0.8)
    return (bands[0].bandjoin(bands[1:]) + noise).cast("uchar").copy(interpretation="srgb")


def _frames(count: int, width: int, height: int) -> Any:
    frames = [_photo(width, height).wrap(x=number * 7, y=number * 3) for number in range(count)]
    joined = pyvips.Image.arrayjoin(frames, across=1).copy()
    joined.set_type(pyvips.GValue.gint_type, "page-height", height)
    return joined


class Side(ABC):
    """A server that makes thumbnails."""

    name: str
    idle = 0.0
    """Processor seconds a second."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / f"{self.name}-bench"
        self.addresses: dict[str, str] = {}
        self.headers: Mapping[str, str] = {}

    @abstractmethod
    @contextmanager
    def serving(self, files: Mapping[str, Path]) -> Iterator[None]: ...

    @abstractmethod
    def processor_seconds(self) -> float: ...

    def forget(self) -> None:  # noqa: B027 - sharp keeps nothing
        """Deletes stored thumbnails."""

    def thumbnail(self, title: str) -> bytes:
        return httpx.get(self.addresses[title], headers=self.headers, timeout=60).raise_for_status().content


class OurSide(Side):
    name = "aishare"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._peer = Aishare(self.folder)

    @contextmanager
    def serving(self, files: Mapping[str, Path]) -> Iterator[None]:
        with self._peer.serving():
            self.headers = self._peer._authorised  # noqa: SLF001 - a bench of its own
            for title, path in files.items():
                file_id = self._peer._put(path)  # noqa: SLF001
                self.addresses[title] = f"{self._peer.address}/api/files/{file_id}/thumbnail"
                self.thumbnail(title)
            yield

    def processor_seconds(self) -> float:
        return self._peer.processor_seconds()

    def forget(self) -> None:
        _delete(self.folder, "*-300.webp")


class PocketBaseSide(Side):
    name = "PocketBase"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._peer = PocketBase(self.folder)

    @contextmanager
    def serving(self, files: Mapping[str, Path]) -> Iterator[None]:
        with self._peer.serving():
            token = self._peer._open_account()  # noqa: SLF001
            for title, path in files.items():
                record = self._peer._create(path)  # noqa: SLF001
                place = f"{record['collectionId']}/{record['id']}/{record['content']}"
                self.addresses[title] = f"{self._peer.address}/api/files/{place}?thumb=300x300f&token={token}"
            yield

    def processor_seconds(self) -> float:
        return self._peer.processor_seconds()

    def forget(self) -> None:
        _delete(self.folder, "300x300f_*")


class SharpSide(Side):
    name = "sharp"

    @contextmanager
    def serving(self, files: Mapping[str, Path]) -> Iterator[None]:
        self.folder.mkdir()
        node, port = _with_sharp(), free_port()
        script = _MODULES / "images_sharp.mjs"
        script.write_text((ROOT / "bench" / "images_sharp.mjs").read_text())
        command = [str(node), str(script), str(port), str(next(iter(files.values())).parent)]
        self._group = ServerGroup(command, folder=self.folder, environ={}, port=port)
        self.addresses = {title: f"http://127.0.0.1:{port}/{path.name}" for title, path in files.items()}
        try:
            self._group.wait_until_it_answers()
            yield
        finally:
            self._group.stop()

    def processor_seconds(self) -> float:
        return self._group.processor_seconds()


def _with_sharp() -> Path:
    """Node. sharp is downloaded into .cache if it is missing."""
    node = find_node()
    if not (_MODULES / "node_modules" / "sharp").is_dir():
        _MODULES.mkdir(parents=True, exist_ok=True)
        install = ["install", "--no-audit", "--no-fund", "--prefix", str(_MODULES), _SHARP]
        subprocess.run([str(node.executable), str(node.npm), *install], check=True, cwd=_MODULES)
    return node.executable


def _delete(folder: Path, pattern: str) -> None:
    for path in folder.rglob(pattern):
        if path.is_file():
            path.unlink()


def _compare(title: str, sides: list[Side], *, rounds: int, count: int) -> None:
    for side in sides:
        side.forget()
        _check(side.name, side.thumbnail(title))
    spent: dict[str, list[float]] = {side.name: [] for side in sides}
    for number in range(rounds):
        turn = number % len(sides)
        for side in (*sides[turn:], *sides[:turn]):
            spent[side.name].append(_spent(side, title, count))
    print(f"\n{title} (processor time per thumbnail, median of {rounds} rounds of {count})")
    ours = spent["aishare"]
    for name, seconds in spent.items():
        line = f"  {name:11} {statistics.median(seconds) * 1000:7.1f} ms"
        if name != "aishare":
            ratios = [mine / other for mine, other in zip(ours, seconds, strict=True)]
            line += f"   aishare / {name}: {statistics.median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})"
            floor = _FLOORS[name].get(title)
            if floor is not None:
                line += f", at most {floor}: {'met' if statistics.median(ratios) <= floor else 'not met'}"
        print(line, flush=True)


def _spent(side: Side, title: str, count: int) -> float:
    total = 0.0
    for _ in range(count):
        side.forget()
        before, began = side.processor_seconds(), time.perf_counter()
        side.thumbnail(title)
        time.sleep(0.05)  # what is done behind the answer counts as well
        total += side.processor_seconds() - before - side.idle * (time.perf_counter() - began)
    return total / count


def _idle(side: Side) -> float:
    time.sleep(2)
    before = side.processor_seconds()
    time.sleep(_IDLE_SECONDS)
    return (side.processor_seconds() - before) / _IDLE_SECONDS


def _check(name: str, content: bytes) -> None:
    image = pyvips.Image.new_from_buffer(content, "")
    if max(image.width, image.height) != 300:
        raise RuntimeError(f"{name} gave {image.width} x {image.height}.")


def _kept(side: Side, title: str, count: int) -> None:
    """Asked again, on one connection."""
    with httpx.Client(headers=side.headers) as client:
        side.thumbnail(title)
        before, began = side.processor_seconds(), time.perf_counter()
        for _ in range(count):
            client.get(side.addresses[title]).raise_for_status()
        seconds = time.perf_counter() - began
        spent = side.processor_seconds() - before - side.idle * seconds
    print(
        f"{side.name}: one that is kept: {seconds / count * 1e3:.2f} ms, {spent / count * 1e6:.0f} us of processor time"
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.images", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--count", type=int, default=4, help="thumbnails of each image per round")
    parser.add_argument("--cached", type=int, default=500, help="requests for one that is kept")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
