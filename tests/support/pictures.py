"""Pictures for tests, made in a process of their own: that of the tests loads no decoders or encoders."""

import base64
import json
import subprocess
import sys
from functools import cache


def in_child(script: str, **given: object) -> bytes:
    """Runs a script that has `pyvips` and `given`; returns its `out`."""
    program = (
        "import base64, json, sys, pyvips\n"
        "given = json.loads(sys.stdin.read()); out = b''\n"
        f"{script}\n"
        "sys.stdout.write(base64.b64encode(out).decode())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], input=json.dumps(given), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return base64.b64decode(done.stdout)


_PHOTO = """
noise = pyvips.Image.gaussnoise(given["width"], given["height"], mean=120, sigma=12, seed=given["seed"])
slope = pyvips.Image.xyz(given["width"], given["height"]) * (128 / max(given["width"], given["height"]))
image = slope.bandjoin(noise).cast("uchar").copy(interpretation="srgb")
if given["alpha"]:
    image = image.bandjoin(200)
if given["orientation"]:
    image = image.copy()
    image.set_type(pyvips.GValue.gint_type, "orientation", given["orientation"])
out = image.write_to_buffer("." + given["format"], **given["options"])
"""


@cache
def photo(
    image_format: str, width: int, height: int, *, seed: int = 0, alpha: bool = False, orientation: int = 0
) -> bytes:
    """Something like a photograph."""
    given = {"format": image_format, "width": width, "height": height, "seed": seed, "alpha": alpha}
    return in_child(_PHOTO, **given, orientation=orientation, options={})


def decoded(content: bytes) -> tuple[int, int, set[tuple[int, ...]]]:
    """Width, height and the colours of a picture: of its middle, its corners and some more places."""
    found = json.loads(
        in_child(
            "image = pyvips.Image.new_from_buffer(base64.b64decode(given['content']), '')\n"
            "places = [(x * (image.width - 1) // 8, y * (image.height - 1) // 8) for x in range(9) for y in range(9)]\n"
            "colours = [[int(value) for value in image(*place)] for place in places]\n"
            "out = json.dumps([image.width, image.height, colours]).encode()",
            content=base64.b64encode(content).decode(),
        )
    )
    return found[0], found[1], {tuple(colour[:3]) for colour in found[2]}
