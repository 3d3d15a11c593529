"""Honest images of every kind, through real children: upright, in the right colours, small, without metadata."""

import itertools
import json
import struct
import subprocess
import sys
import tempfile

import pytest

from aishare.images.formats import READABLE, shown
from aishare.images.recipe import Refused
from aishare.images.renderer import render
from tests.images.hostile_drawings import svg
from tests.images.hostile_pixels import bmp, png
from tests.support.pictures import decoded, in_child, photo

TYPES = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "tiff": "image/tiff",
    "webp": "image/webp",
    "avif": "image/avif",
}


async def look(pool, content, media_type, *, size=300):
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        return await render(pool, file.fileno(), media_type=media_type, size=size)


def near(colour, other, *, by=12):
    return all(abs(one - two) <= by for one, two in zip(colour, other, strict=True))


def brightness(thumbnail):
    """Along the lowest row."""
    script = (
        "image = pyvips.Image.webpload_buffer(bytes.fromhex(given['image']))[0]\n"
        "out = json.dumps([image(x, image.height - 1)[0] for x in range(0, image.width, 10)] + [image(image.width - 1, "
        "image.height - 1)[0]]).encode()"
    )
    return json.loads(in_child(script, image=thumbnail.hex()))


def rgb(text):
    return tuple(bytes.fromhex(text.removeprefix("#")))


@pytest.mark.parametrize("kind", TYPES)
async def test_every_format_becomes_a_small_picture(pool, kind):
    picture = await look(pool, photo(kind, 1200, 900, seed=1), TYPES[kind])
    assert picture[:3] == (1200, 900, kind)
    assert decoded(picture.thumbnail)[:2] == (300, 225)
    assert len(picture.thumbnail) < 40_000


async def test_bitmaps_and_drawings_as_well(pool):
    rows = b"".join(struct.pack("3B", 10, 20, 200) * 400 for _ in range(300))
    picture = await look(pool, bmp(400, 300, data=rows), "image/bmp")
    assert (picture[:3], picture.colour) == ((400, 300, "bmp"), "#c8140a")
    assert decoded(picture.thumbnail)[:2] == (300, 225)
    drawing = svg('<rect width="200" height="100" fill="#336699"/>')
    picture = await look(pool, drawing, "image/svg+xml")
    assert (picture[:3], picture.colour) == ((200, 100, "svg"), "#336699")
    assert decoded(picture.thumbnail)[:2] == (300, 150)  # drawings grow


@pytest.mark.parametrize("orientation", range(1, 9))
async def test_photographs_stand_upright(pool, orientation):
    picture = await look(pool, photo("jpeg", 600, 400, orientation=orientation), "image/jpeg", size=60)
    upright = orientation >= 5
    assert picture[:2] == ((400, 600) if upright else (600, 400))
    assert decoded(picture.thumbnail)[:2] == ((40, 60) if upright else (60, 40))


async def test_small_images_do_not_grow(pool):
    picture = await look(pool, photo("png", 40, 30), "image/png")
    assert decoded(picture.thumbnail)[:2] == (40, 30)


_COLOURS = """
image = (pyvips.Image.black(400, 300) + given["colour"]).cast("uchar").copy(interpretation="srgb")
out = eval(given["how"])
"""

WAYS = {
    "cmyk": ("image.icc_transform('cmyk').jpegsave_buffer()", "image/jpeg"),
    "cmyk without a profile": ("image.colourspace('cmyk').jpegsave_buffer(keep='none')", "image/jpeg"),
    "wide gamut": ("image.icc_transform('p3').jpegsave_buffer(Q=95)", "image/jpeg"),
    "16 bits": ("image.colourspace('rgb16').pngsave_buffer()", "image/png"),
    "float": ("image.colourspace('scrgb').tiffsave_buffer()", "image/tiff"),
    "lab": ("image.colourspace('lab').tiffsave_buffer()", "image/tiff"),
    "palette": ("image.pngsave_buffer(palette=True)", "image/png"),
    "alpha": ("image.bandjoin(255).webpsave_buffer(lossless=True)", "image/webp"),
}


@pytest.mark.parametrize("way", WAYS)
async def test_colours_are_those_of_the_screen(pool, way):
    how, media_type = WAYS[way]
    colour = (200, 120, 60)
    picture = await look(pool, in_child(_COLOURS, colour=colour, how=how), media_type)
    assert near(rgb(picture.colour), colour, by=30 if way == "cmyk without a profile" else 12), picture.colour
    (shown_colour, *others) = decoded(picture.thumbnail)[2]
    assert near(shown_colour, rgb(picture.colour), by=6)
    assert all(near(other, shown_colour, by=4) for other in others)


_BANDS = """
import struct
side, bands = 32, given["bands"]
pixels = b"".join(bytes((200, 120, 60, *[x * 8] * (bands - 3))) for _ in range(side) for x in range(side))
entries = [(256, 3, 1, side), (257, 3, 1, side), (258, 3, bands, 200), (262, 3, 1, 2), (273, 4, 1, 300),
    (277, 3, 1, bands), (278, 3, 1, side), (279, 4, 1, len(pixels)), (284, 3, 1, 1)]
if given["extra"] is not None:
    entries.append((338, 3, bands - 3, given["extra"] if bands < 6 else 230))
out = b"II*\\0" + struct.pack("<IH", 8, len(entries)) + b"".join(struct.pack("<HHII", *entry) for entry in entries)
out = out.ljust(200, b"\\0") + struct.pack(f"<{bands}H", *[8] * bands)
out = out.ljust(230, b"\\0") + struct.pack("<4H", *[given["extra"] or 0] * 4)
out = out.ljust(300, b"\\0") + pixels
"""


@pytest.mark.parametrize(("bands", "extra", "opaque"), [(4, 0, True), (5, 0, True), (6, 0, True), (4, 2, False)])
async def test_bands_are_only_alpha_where_they_are_marked_as_that(pool, bands, extra, opaque):
    picture = await look(pool, in_child(_BANDS, bands=bands, extra=extra), "image/tiff")
    colours = rgb(picture.colour)
    assert near(colours, (200, 120, 60)), colours
    assert (b"ALPH" not in picture.thumbnail) == opaque


_MEASURED = """
image = pyvips.Image.xyz(200, 100)[0] / 200
image = (image * given["high"] + given["low"]).cast(given["format"])
out = image.tiffsave_buffer() if given["kind"] == "tiff" else image.copy(interpretation="grey16").pngsave_buffer()
"""


@pytest.mark.parametrize(
    ("kind", "number", "low", "high"),
    [
        ("tiff", "float", 0, 1),
        ("tiff", "float", -3, 900),
        ("tiff", "short", -200, 3000),
        ("tiff", "ushort", 0, 4095),
        ("tiff", "int", 0, 100_000),
        ("png", "ushort", 400, 9000),
        ("tiff", "ushort", 0, 65_535),
    ],
)
async def test_measurements_are_scaled_to_their_range(pool, kind, number, low, high):
    content = in_child(_MEASURED, kind=kind, format=number, low=low, high=high)
    picture = await look(pool, content, f"image/{kind}")
    row = brightness(picture.thumbnail)
    assert row[0] < 20, row
    assert row[-1] > 235, row
    assert all(left <= right + 2 for left, right in itertools.pairwise(row))


_GREY = """
import struct
width, height, letter, text = 200, 100, given["letter"], given["no_data"].encode() + b" " * 8 + bytes(1)
row = struct.pack(f"<{width}{letter}", *(x * given["high"] // (width - 1) for x in range(width)))
missing = struct.pack(f"<{width}{letter}", *[int(given["no_data"] or 0)] * width)
pixels = missing * 20 + row * (height - 20)
bits = struct.calcsize(letter) * 8
entries = [(256, 3, 1, width), (257, 3, 1, height), (258, 3, 1, bits), (259, 3, 1, 1),
    (262, 3, 1, given["photometric"]), (273, 4, 1, 300), (277, 3, 1, 1), (278, 3, 1, height), (279, 4, 1, len(pixels)),
    (339, 3, 1, given["kind"]), (42113, 2, len(text), 260)]
out = b"II*" + bytes(1) + struct.pack("<IH", 8, len(entries))
out += b"".join(struct.pack("<HHII", *entry) for entry in entries)
out = (out.ljust(260, bytes(1)) + text).ljust(300, bytes(1)) + pixels
"""


def grey(letter, high, *, photometric=1, kind=1, no_data=""):
    return in_child(_GREY, letter=letter, high=high, photometric=photometric, kind=kind, no_data=no_data)


@pytest.mark.parametrize(
    ("letter", "high", "no_data"),
    [("B", 255, ""), ("H", 4095, ""), ("H", 65_535, ""), ("I", 100_000, ""), ("H", 4095, "9000"), ("I", 90_000, "0")],
)
@pytest.mark.parametrize("photometric", [0, 1])
async def test_the_lowest_value_may_be_white(pool, letter, high, no_data, photometric):
    content = grey(letter, high, photometric=photometric, no_data=no_data)
    row = brightness((await look(pool, content, "image/tiff")).thumbnail)
    dark, light = (row[-1], row[0]) if photometric == 0 else (row[0], row[-1])
    if no_data != "0":  # otherwise the lowest value is missing, at the left too
        assert dark < 20, row
        assert light > 235, row
    assert (row[1] > row[-2]) == (photometric == 0)


@pytest.mark.parametrize(("letter", "kind"), [("d", 3), ("Q", 1), ("q", 2)])
async def test_numbers_of_64_bits_are_not_supported_and_not_damaged(pool, letter, kind):
    with pytest.raises(Refused) as refused:
        await look(pool, grey(letter, 1000, kind=kind), "image/tiff")
    reason = "TIFF images with 64-bit numbers are not supported."
    assert (refused.value.code, refused.value.reason) == ("unsupported", reason)


async def test_what_was_not_measured_does_not_take_the_range(pool):
    script = (
        "image = pyvips.Image.xyz(200, 100)[0] / 200\n"
        "hole = pyvips.Image.black(200, 20) + given['value']\n"
        "out = image.insert(hole, 0, 0).cast('float').tiffsave_buffer()"
    )
    for value in (float("nan"), -9999, -3.4e38, 1e38):
        picture = await look(pool, in_child(script, value=value), "image/tiff")
        row = brightness(picture.thumbnail)
        assert row[-1] > 235, (value, row)


async def test_a_photograph_without_its_end_mark_is_whole_and_half_of_one_is_not(pool):
    content = photo("jpeg", 600, 400, seed=3)
    whole = await look(pool, content, "image/jpeg")
    assert (await look(pool, content[:-2], "image/jpeg")).thumbnail == whole.thumbnail
    assert (await look(pool, content[:-1], "image/jpeg")).thumbnail == whole.thumbnail
    assert (await look(pool, content + bytes(9), "image/jpeg")).thumbnail == whole.thumbnail
    for share in (0.3, 0.6, 0.9):
        with pytest.raises(Refused) as refused:
            await look(pool, content[: int(len(content) * share)], "image/jpeg")
        assert refused.value.code == "broken"


async def test_what_is_beyond_the_sides_is_too_large_and_not_damaged(pool):
    wide = '<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="{}"><rect width="9" height="9"/></svg>'
    large = [
        (png(70_000, 2, depth=1), "image/png"),
        (wide.format(100_000, 100_000).encode(), "image/svg+xml"),
        (wide.format(100_000, 10).encode(), "image/svg+xml"),
        (wide.format(10, 2_000_000_000).encode(), "image/svg+xml"),
    ]
    for content, media_type in large:
        with pytest.raises(Refused) as refused:
            await look(pool, content, media_type)
        assert refused.value.code == "too_large"
        assert "too large" in refused.value.reason
    assert (await look(pool, wide.format(1, 1).encode(), "image/svg+xml")).width == 1


async def test_drawings_behind_long_comments_and_in_wide_letters(pool):
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100"><rect width="200" height="100"/></svg>'
    for content in (b"<!-- " + b"long " * 9000 + b"-->" + drawing.encode(), drawing.encode("utf-16")):
        assert (await look(pool, content, "image/svg+xml"))[:2] == (200, 100)


async def test_grey_stays_grey_and_what_is_clear_has_no_colour(pool):
    picture = await look(
        pool, in_child("out = (pyvips.Image.black(50, 50) + 90).cast('uchar').pngsave_buffer()"), "image/png"
    )
    assert near(rgb(picture.colour), (90, 90, 90), by=2)
    clear = (
        "out = (pyvips.Image.black(50, 50) + [9, 9, 9, 0]).cast('uchar').copy(interpretation='srgb').pngsave_buffer()"
    )
    assert (await look(pool, in_child(clear), "image/png")).colour == "#808080"


async def test_the_dominant_colour_is_that_of_the_largest_part(pool):
    script = (
        "image = (pyvips.Image.black(400, 300) + [20, 40, 160]).cast('uchar').copy(interpretation='srgb')\n"
        "out = image.draw_rect([250, 250, 0], 0, 0, 130, 300, fill=True).pngsave_buffer()"
    )
    assert near(rgb((await look(pool, in_child(script), "image/png")).colour), (20, 40, 160), by=4)


async def test_the_first_frame_stands_for_an_animation(pool):
    script = (
        "frames = [(pyvips.Image.black(90, 60) + [n * 100, 30, 30]).cast('uchar') for n in range(3)]\n"
        "image = pyvips.Image.arrayjoin(frames, across=1).copy(interpretation='srgb')\n"
        "image.set_type(pyvips.GValue.gint_type, 'page-height', 60)\n"
        "out = image.write_to_buffer(given['suffix'])"
    )
    for suffix, media_type in ((".gif", "image/gif"), (".webp", "image/webp")):
        picture = await look(pool, in_child(script, suffix=suffix), media_type)
        assert picture[:2] == (90, 60)
        assert near(rgb(picture.colour), (0, 30, 30))


async def test_nothing_of_the_metadata_is_left(pool):
    script = (
        "image = (pyvips.Image.black(400, 300) + [20, 40, 160]).cast('uchar').copy(interpretation='srgb')\n"
        "image.set_type(pyvips.GValue.gstr_type, 'exif-ifd0-ImageDescription', 'the place where I live')\n"
        "image.set_type(pyvips.GValue.gstr_type, 'exif-ifd3-GPSLatitude', '48/1 51/1 30/1')\n"
        "image.set_type(pyvips.GValue.blob_type, 'xmp-data', b'<x:xmpmeta>where I live</x:xmpmeta>')\n"
        "out = image.icc_transform('p3').jpegsave_buffer()"
    )
    content = in_child(script)
    assert b"where I live" in content
    thumbnail = (await look(pool, content, "image/jpeg")).thumbnail
    assert not any(word in thumbnail for word in (b"live", b"EXIF", b"XMP ", b"ICCP"))


async def test_the_same_image_gives_the_same_bytes(pool):
    content = photo("jpeg", 900, 700)
    assert await look(pool, content, "image/jpeg") == await look(pool, content, "image/jpeg")


async def test_the_content_counts_and_not_the_name(pool):
    assert (await look(pool, photo("png", 60, 60), "image/jpeg")).format == "png"
    with pytest.raises(Refused) as refused:
        await look(pool, svg("<rect/>"), "image/png")  # drawings by path would read what lies beside them
    assert refused.value.code == "unsupported"


async def test_what_is_at_the_limits(pool):
    assert (await look(pool, png(10_000, 10_000, depth=1), "image/png")).width == 10_000
    with pytest.raises(Refused) as refused:
        await look(pool, png(10_001, 10_000, depth=1), "image/png")
    assert (refused.value.code, "100 megapixels" in refused.value.reason) == ("too_many_pixels", True)


def test_every_loader_that_is_allowed_exists():
    """The library takes a misspelt name without a word."""
    script = (
        "from aishare.images.worker import _LOADERS\n"
        "from pyvips import gobject_lib\n"
        "names = [f'VipsForeignLoad{name}' for name in (*_LOADERS, 'Misspelt')]\n"
        "out = json.dumps([gobject_lib.g_type_from_name(name.encode()) != 0 for name in names]).encode()"
    )
    *real, misspelt = json.loads(in_child(script))
    assert (len(real), all(real), misspelt) == (8, True, False)


def test_the_service_holds_no_decoder():
    script = (
        "import sys\n"
        "import aishare.cli.main, aishare.cli.serving.serving, aishare.cli.serving.worker\n"
        "print(sorted(name for name in sys.modules if name.split('.')[0] in {'pyvips', 'PIL', '_cffi_backend'}))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not any(name in done.stdout for name in ("pyvips", "PIL")), done.stdout


def test_what_settings_let_be_shown():
    some = shown(enabled=True, suffixes=("JPG", "svg", "heic"), max_bytes=1024 * 1024)
    assert some.types == {"image/jpeg", "image/svg+xml"}
    assert some.problem("image/jpeg", 1024 * 1024) is None
    assert "larger than 1 MiB" in some.problem("image/jpeg", 1024 * 1024 + 1)
    assert "not an image" in some.problem("image/png", 1)
    assert "turned off" in shown(enabled=False, suffixes=("jpg",), max_bytes=1).problem("image/jpeg", 1)
    every = ("jpg", "png", "gif", "tif", "bmp", "webp", "svg", "avif")
    assert shown(enabled=True, suffixes=every, max_bytes=1).types == READABLE
