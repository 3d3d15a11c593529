"""The program of the child processes that decode images. Never imported by the service, because decoders are a common
target of attacks.

A job contains the media type, the wanted size, and the original as a descriptor. The response is a header about the
image with its thumbnail, or a header with `code` and `reason`. The same original and size give the same bytes.
"""

import os
import struct
from collections.abc import Callable
from typing import Any, Final

import pyvips  # type: ignore[import-untyped]

from aishare.images.drawings import longest_side
from aishare.images.rasters import measured
from aishare.images.recipe import (
    EFFORT,
    ENDLESS_BYTES_MAX,
    MEGAPIXEL,
    PIXELS_MAX,
    QUALITY,
    SIDE_MAX,
    SVG_BYTES_MAX,
    WHOLE_PIXELS_MAX,
    Picture,
    Refused,
)
from aishare.images.tiff import Samples, samples_of
from aishare.sandbox.child import Job, serve
from aishare.sandbox.framing import Message

_LOADERS: Final = ("JpegFile", "JpegBuffer", "PngFile", "NsgifFile", "TiffFile", "WebpFile", "HeifFile", "SvgBuffer")
"""All other loaders stay blocked. SVG is loaded from memory only: opened by path, librsvg would read files next to it.
"""

_GIF: Final = "gifload"
_JPEG: Final = "jpegload"
_FORMATS: Final = {
    _JPEG: "jpeg",
    "pngload": "png",
    _GIF: "gif",
    "tiffload": "tiff",
    "webpload": "webp",
    "heifload": "avif",
    "svgload_buffer": "svg",
}
"""By the name of the loader; the decoder decides, not the file name."""

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_PNG_HEADER: Final = 24
_EOI: Final = b"\xff\xd9"
_GZIP: Final = b"\x1f\x8b"
_TURNED: Final = 5
"""From this EXIF orientation on, width and height are swapped."""

_TOO_DEEP: Final = frozenset({64, 128})
_SAMPLE: Final = 32
_OPAQUE: Final = 128
_NO_COLOUR: Final = "#808080"


def prepare() -> None:
    """A class name that does not exist is accepted silently; tests/images checks that each exists."""
    pyvips.operation_block_set("VipsForeignLoad", True)
    for name in _LOADERS:
        pyvips.operation_block_set(f"VipsForeignLoad{name}", False)
    pyvips.cache_set_max(0)


def work(job: Job) -> Message:
    """One image."""
    try:
        return _told(look(job.files[0], str(job.header["media_type"]), int(job.header["size"])))
    except Refused as refused:
        return _refusal(refused.code, refused.reason)
    except MemoryError:
        return _refusal("memory", _REASONS["memory"])
    except (pyvips.Error, ValueError, OSError, SyntaxError, struct.error) as error:
        code = _code_of(str(error))
        return _refusal(code, _REASONS[code])


def _told(picture: Picture) -> Message:
    about = picture._asdict()
    return Message(about, about.pop("thumbnail"))


def _refusal(code: str, reason: str) -> Message:
    return Message({"code": code, "reason": reason})


def look(file: int, media_type: str, size: int) -> Picture:
    """The image with a thumbnail that fits into a square of `size`. Raises Refused, or whatever the decoders raise."""
    ways: dict[str, Callable[[int, int], tuple[dict[str, Any], pyvips.Image]]] = {
        "image/svg+xml": _from_svg,
        "image/bmp": _from_bmp,
    }
    about, image = ways.get(media_type, _from_file)(file, size)
    image = _in_srgb(image).copy_memory()
    encoded: bytes = image.webpsave_buffer(Q=QUALITY, effort=EFFORT, keep="none")
    return Picture(**about, colour=_dominant(image), thumbnail=encoded)


def _from_file(file: int, size: int) -> tuple[dict[str, Any], pyvips.Image]:
    path = f"/dev/fd/{file}"
    _check_header(file)
    header = pyvips.Image.new_from_file(path, access="sequential", fail_on="error")
    loaded_by = header.get("vips-loader")
    if loaded_by not in _FORMATS:
        raise Refused("unsupported", "Images in this format are not supported.")
    _check_pixels(header.width, header.height, PIXELS_MAX if loaded_by != "heifload" else WHOLE_PIXELS_MAX)
    width, height = header.width, header.height
    if header.get_typeof("orientation") and header.get("orientation") >= _TURNED:
        width, height = height, width
    about = {"width": width, "height": height, "format": _FORMATS[loaded_by]}
    if loaded_by == _GIF:
        # opened once: counting its frames reads the whole file, and it cannot be shrunk during decoding
        return about, header.thumbnail_image(size, height=size, size="down")
    if loaded_by == _JPEG:
        del header
        return about, _of_jpeg(file, size)
    del header
    return about, _of_samples(file, size)


def _of_jpeg(file: int, size: int) -> pyvips.Image:
    """An image that lacks only its end marker is complete; if more is missing, the decoder warns."""
    path = f"/dev/fd/{file}"
    if _ends(file) or _decodes(path):
        return pyvips.Image.thumbnail(path, size, height=size, size="down", fail_on="error")
    content = os.pread(file, ENDLESS_BYTES_MAX, 0) + _EOI
    completed = pyvips.Image.new_from_buffer(content, "", access="sequential", fail_on="warning")
    return completed.thumbnail_image(size, height=size, size="down")


def _ends(file: int) -> bool:
    """Whether the last bytes are the end marker: not if something is appended, such as the video of a motion photo."""
    length = os.fstat(file).st_size
    return os.pread(file, len(_EOI), max(length - len(_EOI), 0)) == _EOI


def _decodes(path: str) -> bool:
    try:
        pyvips.Image.new_from_file(path, access="sequential", fail_on="error", shrink=8).avg()
    except pyvips.Error:
        return False
    return True


def _of_samples(file: int, size: int) -> pyvips.Image:
    """Bands that are not marked as colours or alpha are not shown; other numbers are scaled."""
    samples = samples_of(file)
    image = _shown_bands(file, samples)
    if image.format != "uchar":
        no_data, min_is_white = (samples.no_data, samples.min_is_white) if samples else (None, False)
        scaled = measured(image, size, no_data, min_is_white=min_is_white)
        if scaled is not None:
            return scaled
        image = _shown_bands(file, samples)
    if samples and samples.shown < samples.samples:
        return image.thumbnail_image(size, height=size, size="down")
    return pyvips.Image.thumbnail(f"/dev/fd/{file}", size, height=size, size="down", fail_on="error")


def _shown_bands(file: int, samples: Samples | None) -> pyvips.Image:
    image = pyvips.Image.new_from_file(f"/dev/fd/{file}", access="sequential", fail_on="error")
    if not samples or samples.shown >= image.bands:
        return image
    wide = image.format != "uchar"
    names = {1: ("b-w", "grey16"), 3: ("srgb", "scrgb" if image.format == "float" else "rgb16")}
    named = names.get(samples.colours, (image.interpretation, image.interpretation))[wide]
    return image.extract_band(0, n=samples.shown).copy(interpretation=named)


def _from_svg(file: int, size: int) -> tuple[dict[str, Any], pyvips.Image]:
    content = os.pread(file, SVG_BYTES_MAX + 1, 0)
    if len(content) > SVG_BYTES_MAX:
        raise Refused("too_large", f"SVG images are only supported up to {SVG_BYTES_MAX // 1024**2} MiB.")
    if content.startswith(_GZIP):
        raise Refused("unsupported", "Compressed SVG images (SVGZ) are not supported.")
    header = pyvips.Image.svgload_buffer(content)
    if 1 in {header.width, header.height} and longest_side(content) > SIDE_MAX:
        raise _too_wide()  # the decoder reports 1 in this case
    about = {"width": header.width, "height": header.height, "format": "svg"}
    # not with thumbnail_buffer, which only looks for the first element in the first kilobyte
    sides = sorted((header.width, header.height))
    scaled = pyvips.Image.svgload_buffer(content, scale=max(size / sides[1], 1 / sides[0]))
    return about, scaled.thumbnail_image(size, height=size, size="down")


def _from_bmp(file: int, size: int) -> tuple[dict[str, Any], pyvips.Image]:
    """With Pillow, because this libvips cannot load it. Imported here: few children ever need it."""
    from PIL import BmpImagePlugin  # noqa: PLC0415

    with os.fdopen(os.dup(file), "rb") as stream:
        stream.seek(0)
        image = BmpImagePlugin.BmpImageFile(stream)
        width, height = image.size
        _check_pixels(width, height, WHOLE_PIXELS_MAX)
        plain = image.convert("RGBA" if image.mode in {"RGBA", "LA", "PA"} else "RGB")
        plain.thumbnail((size, size), reducing_gap=2.0)
    bands = len(plain.getbands())
    pixels = pyvips.Image.new_from_memory(plain.tobytes(), plain.width, plain.height, bands, "uchar")
    return {"width": width, "height": height, "format": "bmp"}, pixels.copy(interpretation="srgb")


def _check_header(file: int) -> None:
    """The decoders would report these images as damaged."""
    head = os.pread(file, _PNG_HEADER, 0)
    sides: tuple[int, ...] = (
        struct.unpack_from(">II", head, 16) if head.startswith(_PNG) and len(head) == _PNG_HEADER else ()
    )
    samples = samples_of(file) if head.startswith((b"II", b"MM")) else None
    if samples:
        sides = samples.width, samples.height
        if samples.bits in _TOO_DEEP:
            raise Refused("unsupported", f"TIFF images with {samples.bits}-bit numbers are not supported.")
    if any(side > SIDE_MAX for side in sides):
        raise _too_wide()


def _too_wide() -> Refused:
    return Refused(
        "too_large", f"The image is wider or taller than {SIDE_MAX:,} pixels, which is too large for a thumbnail."
    )


def _check_pixels(width: int, height: int, most: int) -> None:
    if width * height > most:
        raise Refused("too_many_pixels", f"The image has more than {most // MEGAPIXEL} megapixels.")


def _in_srgb(image: pyvips.Image) -> pyvips.Image:
    """After shrinking, when there are far fewer pixels."""
    if image.get_typeof("icc-profile-data"):
        try:
            image = image.icc_transform("srgb", embedded=True, intent="perceptual").copy_memory()
        except pyvips.Error:
            image = image.copy()  # a profile that cannot be used; its colours are guessed
    if image.interpretation not in {"srgb", "b-w"} or image.format != "uchar":
        image = image.colourspace("srgb")
    return image.cast("uchar") if image.format != "uchar" else image


def _dominant(image: pyvips.Image) -> str:
    """The mean of the fullest of 4096 boxes of similar colours; transparent pixels do not count."""
    small = image.thumbnail_image(_SAMPLE, height=_SAMPLE, size="down").colourspace("srgb").cast("uchar")
    pixels, step = bytes(small.write_to_memory()), small.bands
    boxes: dict[int, list[int]] = {}
    for start in range(0, len(pixels), step):
        red, green, blue = pixels[start : start + 3]
        if step > 3 and pixels[start + 3] < _OPAQUE:  # noqa: PLR2004 - the fourth band is the opacity
            continue
        box = boxes.setdefault((red >> 4 << 8) | (green >> 4 << 4) | blue >> 4, [0, 0, 0, 0])
        box[0] += 1
        box[1] += red
        box[2] += green
        box[3] += blue
    if not boxes:
        return _NO_COLOUR
    count, *sums = max(boxes.values())
    return "#" + "".join(f"{total // count:02x}" for total in sums)


_EXPLANATIONS: Final = (
    (("out of memory", "insufficient memory", "unable to allocate", "cannot allocate"), "memory"),
    (("not a known file format", "no known", "operation is blocked", "unsupported"), "unsupported"),
)
_REASONS: Final = {
    "memory": "Making a thumbnail of this image would need too much memory.",
    "unsupported": "This is not an image of a supported type.",
    "broken": "The image is damaged, or its content does not match its type.",
}


def _code_of(said: str) -> str:
    """Messages of decoders may contain bytes of the image: they are classified, never passed on."""
    text = said.lower()
    return next((code for words, code in _EXPLANATIONS if any(word in text for word in words)), "broken")


if __name__ == "__main__":
    prepare()
    serve(work)
