"""Raster images that are bombs, lies or ruins. Made here, byte by byte where no encoder would."""

import random
import struct
import zlib

from tests.support.pictures import in_child

MIB = 1024 * 1024


def chunk(kind, body=b""):
    return struct.pack("!I", len(body)) + kind + body + struct.pack("!I", zlib.crc32(kind + body))


def png(width, height, *, depth=8, colour=0, interlaced=0, data=None, more=b""):
    """Of colour 0 (grey) or 6 (RGBA); without `data` all its pixels are zero."""
    header = chunk(b"IHDR", struct.pack("!IIBBBBB", width, height, depth, colour, 0, 0, interlaced))
    if data is None:
        row = 1 + (width * depth * {0: 1, 2: 3, 6: 4}[colour] + 7) // 8
        data = zeros(row * height)
    return b"\x89PNG\r\n\x1a\n" + header + more + chunk(b"IDAT", data) + chunk(b"IEND")


def zeros(count):
    """So many zero bytes, compressed a thousandfold (RFC 1950): one compressed block over and over."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(MIB)) + packer.flush(zlib.Z_FULL_FLUSH)
    rest = zlib.compressobj(9, zlib.DEFLATED, -15)
    tail = rest.compress(bytes(count % MIB)) + rest.flush()
    return b"\x78\x01" + block * (count // MIB) + tail + struct.pack("!HH", count % 65_521, 1)


def pngs():
    rows = random.Random(1)
    whole = png(400, 300, data=zlib.compress(b"".join(b"\0" + rows.randbytes(400) for _ in range(300))))
    text = chunk(b"zTXt", b"Comment\x00\x00" + zeros(200 * MIB))
    profile = chunk(b"iCCP", b"p\x00\x00" + zeros(100 * MIB))
    return {
        "png-144-megapixels": png(12_000, 12_000, depth=1),
        "png-64-megapixels-of-8-bytes": png(8000, 8000, depth=16, colour=6),
        "png-header-60000-interlaced": png(60_000, 60_000, colour=6, interlaced=1, data=b"x"),
        "png-interlaced-99-megapixels": png(9900, 9990, depth=8, colour=6, interlaced=1, data=zeros(MIB)),
        "png-2-billion-wide": png(2**31 - 1, 1, data=b"x"),
        "png-beyond-31-bits": png(2**32 - 1, 2**32 - 1, data=b"x"),
        "png-no-width": png(0, 100, data=b"x"),
        "png-text-200-mib": png(50, 50, more=text),
        "png-profile-100-mib": png(50, 50, more=profile),
        "png-100000-chunks": png(50, 50, more=chunk(b"tEXt", b"a\x00b") * 100_000),
        "png-truncated": whole[: len(whole) // 2],
        "png-wrong-sum": whole[:-20] + b"\x00" + whole[-19:],
        "png-garbage-inside": png(400, 300, data=random.Random(2).randbytes(50_000)),
        "png-too-little-data": png(4000, 3000, data=zeros(100)),
        "png-odd-depth": png(50, 50, depth=7, data=b"x"),
        "png-thin": png(1, 65_000),
        "png-and-html": whole + b"<html><script>alert(1)</script>",
    }


def jpegs():
    made = in_child(
        "image = pyvips.Image.gaussnoise(640, 480, mean=120).cast('uchar')\n"
        "plain = image.jpegsave_buffer(); progressive = image.jpegsave_buffer(interlace=True)\n"
        "large = (pyvips.Image.black(9000, 9000) + 100).cast('uchar').jpegsave_buffer(interlace=True)\n"
        "out = b'|--|'.join([plain, progressive, large])"
    )
    plain, progressive, large = made.split(b"|--|")
    frame = plain.index(b"\xff\xc0") + 5
    progressive_frame = progressive.index(b"\xff\xc2") + 5
    last = large.rindex(b"\xff\xda")
    endless_ifd = b"Exif\x00\x00II*\x00\x08\x00\x00\x00\x00\x00\x08\x00\x00\x00"
    turned = b"Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x63\x00\x00\x00" + bytes(4)
    return {
        "jpeg-65500-squared": resized(plain, frame, 65_500, 65_500),
        "jpeg-65500-squared-progressive": resized(progressive, progressive_frame, 65_500, 65_500),
        "jpeg-9900-squared-progressive": resized(progressive, progressive_frame, 9900, 9900),
        "jpeg-81-megapixels-400-scans": large[:-2] + large[last:-2] * 400 + b"\xff\xd9",
        "jpeg-smaller-than-it-is": resized(plain, frame, 8, 8),
        "jpeg-no-height": resized(plain, frame, 100, 0),
        "jpeg-truncated": plain[: len(plain) // 2],
        "jpeg-header-only": plain[: frame + 20],
        "jpeg-arithmetic": plain.replace(b"\xff\xc0", b"\xff\xc9", 1),
        "jpeg-html-in-comment": segment(plain, b"\xfe", b"<html><script>alert(1)</script></html>"),
        "jpeg-endless-exif": segment(plain, b"\xe1", endless_ifd),
        "jpeg-orientation-99": segment(plain, b"\xe1", turned),
        "jpeg-3-mib-of-profile": segment(plain, b"\xe2", b"ICC_PROFILE\x00\x01\x32" + b"\xaa" * 60_000, times=50),
        "jpeg-and-zip": plain + b"PK\x03\x04" + bytes(1000),
        "jpeg-behind-html": b"<html><body>" + plain,
        "jpeg-flipped-bits": flipped(plain),
    }


def segment(jpeg, marker, body, *, times=1):
    return jpeg[:2] + (b"\xff" + marker + struct.pack("!H", len(body) + 2) + body) * times + jpeg[2:]


def resized(jpeg, place, width, height):
    return jpeg[:place] + struct.pack("!HH", height, width) + jpeg[place + 4 :]


def flipped(content, *, count=200):
    chance, changed = random.Random(3), bytearray(content)
    for _ in range(count):
        changed[chance.randrange(300, len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def gifs():
    head = b"GIF89a" + struct.pack("<HH", 5000, 5000) + b"\x80\x00\x00" + bytes(6)
    frame = b"," + struct.pack("<HHHH", 0, 0, 1, 1) + b"\x00\x02\x02\x44\x01\x00"
    outside = b"," + struct.pack("<HHHH", 65_000, 65_000, 500, 500) + b"\x00\x02\x02\x44\x01\x00"
    return {
        "gif-65535-squared": b"GIF89a" + struct.pack("<HH", 65_535, 65_535) + b"\x80\x00\x00" + bytes(6) + frame + b";",
        "gif-20000-frames": head + frame * 20_000 + b";",
        "gif-without-frames": head + b";",
        "gif-frame-outside": head + outside + b";",
        "gif-truncated": head + frame[:-3],
        "gif-wrong-code-size": head + frame.replace(b"\x00\x02\x02", b"\x00\x0f\x02") + b";",
        "gif-and-script": b"GIF89a" + b"/*" + bytes(9) + b"*/=alert(1)//;",
    }


def tiff(entries, *, tail=b"", following=0):
    """Little endian; an entry is a tag, a type, a count and a value."""
    table = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"II*\x00\x08\x00\x00\x00" + struct.pack("<H", len(entries)) + table + struct.pack("<I", following) + tail


def tiffs():
    def image(width, height, *, compression=1, offset=200, length=100, **more):
        entries = [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, compression), (262, 3, 1, 1)]
        entries += [(273, 4, 1, offset), (277, 3, 1, 1), (278, 4, 1, height), (279, 4, 1, length)]
        return tiff(entries, **more)

    deflated = zeros(30_000 * 3000)
    start = len(image(1, 1))
    tiles = [(256, 4, 1, 100), (257, 4, 1, 100), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (322, 4, 1, 0)]
    bomb = image(30_000, 3000, compression=8, offset=start, length=len(deflated), tail=deflated)
    return {
        "tiff-100000-squared": image(100_000, 100_000, tail=bytes(1000)),
        "tiff-90-megapixels-deflated": bomb,
        "tiff-strip-beyond": image(1000, 1000, offset=2**31, length=2**31),
        "tiff-4-gib-strip": image(1000, 1000, length=2**32 - 1, tail=bytes(1000)),
        "tiff-endless-pages": image(50, 50, following=8, length=2500, offset=200, tail=bytes(5000)),
        "tiff-65535-entries": b"II*\x00\x08\x00\x00\x00\xff\xff" + bytes(2000),
        "tiff-tiles-of-nothing": tiff([*tiles, (323, 4, 1, 0), (324, 4, 1, 8), (325, 4, 1, 8)]),
        "tiff-wrong-compression": image(1000, 1000, compression=65_000, tail=bytes(2000)),
        "tiff-huge-directory": b"II+\x00\x08\x00\x00\x00" + struct.pack("<QQ", 16, 2**60) + bytes(100),
        "tiff-truncated": bomb[: len(bomb) // 2],
    }


def webp(width, height):
    """One colour, lossless: all codes have a single symbol, so that no pixel takes a bit."""
    bits, count = 0x2F, 8
    for value, length in ((width - 1, 14), (height - 1, 14), (0, 1), (0, 3), (0, 1), (0, 1), (0, 1)):
        bits |= value << count
        count += length
    for _ in range(5):
        bits |= 0b0001 << count  # a simple code of one symbol, which has one bit: 0
        count += 4
    body = bits.to_bytes((count + 7) // 8 + 2, "little")
    return riff(b"VP8L" + struct.pack("<I", len(body)) + body + bytes(len(body) % 2))


def riff(body):
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def webps():
    extended = b"VP8X" + struct.pack("<I", 10) + b"\x02\x00\x00\x00" + b"\xfe\x3f\x00" * 2
    lying = webp(100, 100)
    return {
        "webp-268-megapixels-in-40-bytes": webp(16_383, 16_383),
        "webp-81-megapixels-in-40-bytes": webp(9000, 9000),
        "webp-truncated": webp(100, 100)[:-8],
        "webp-wrong-length": lying[:4] + b"\xff\xff\xff\xff" + lying[8:],
        "webp-animation-without-frames": riff(extended + b"ANIM" + struct.pack("<I", 6) + bytes(6)),
        "webp-huge-profile": riff(extended + b"ICCP" + struct.pack("<I", 2**31) + bytes(100)),
    }


def avifs():
    small, large = in_child(
        "image = (pyvips.Image.black(64, 64) + [10, 20, 30]).cast('uchar').copy(interpretation='srgb')\n"
        "large = (pyvips.Image.black(7200, 7200) + [10, 20, 30]).cast('uchar').copy(interpretation='srgb')\n"
        "out = b'|--|'.join(one.heifsave_buffer(compression='av1', effort=0, Q=10) for one in (image, large))"
    ).split(b"|--|")
    size = small.index(b"ispe") + 8
    place = small.index(b"iloc")
    return {
        "avif-52-megapixels-in-2-kib": large,
        "avif-says-65535": small[:size] + struct.pack("!II", 65_535, 65_535) + small[size + 8 :],
        "avif-says-7000": small[:size] + struct.pack("!II", 7000, 7000) + small[size + 8 :],
        "avif-52-megapixels-says-64": large.replace(struct.pack("!II", 7200, 7200), struct.pack("!II", 64, 64)),
        "avif-places-elsewhere": small[: place + 12] + b"\xff" * 12 + small[place + 24 :],
        "avif-truncated": small[: len(small) // 2],
        "avif-name-only": b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00avifmif1",
        "avif-endless-box": small[:32] + b"\x00\x00\x00\x01meta" + b"\xff" * 8 + small[40:],
        "heic-name-only": b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00heicmif1",
    }


def bmp(width, height, *, bits=24, compression=0, colours=0, data=bytes(1000)):
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, compression, 0, 0, 0, colours, 0)
    return b"BM" + struct.pack("<IHHI", 54 + len(data), 0, 0, 54 + (1024 if bits == 8 else 0)) + head + data


def bmps():
    run = b"\xff\x01" * 200_000
    return {
        "bmp-30000-squared": bmp(30_000, 30_000),
        "bmp-49-megapixels-in-runs": bmp(7000, 7000, bits=8, compression=1, data=bytes(1024) + run),
        "bmp-lowest-height": bmp(100, -(2**31)),
        "bmp-no-bits": bmp(100, 100, bits=0),
        "bmp-2-billion-colours": bmp(100, 100, bits=8, colours=2**31 - 1),
        "bmp-truncated": bmp(2000, 2000),
        "bmp-no-width": bmp(0, 100),
        "bmp-wrong-head": b"BM" + struct.pack("<IHHI", 100, 0, 0, 54) + struct.pack("<I", 2**31) + bytes(100),
    }


def others():
    """What other decoders of the library would open, and what nobody would."""
    return {
        "vips-memory-image": b"\xb6\xa6\xf2\x08" + struct.pack("<IIII", 100_000, 100_000, 1, 8) + bytes(2000),
        "ppm-100000-squared": b"P6 100000 100000 255\n" + bytes(100),
        "radiance": b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 100000 +X 100000\n",
        "matlab": b"MATLAB 5.0 MAT-file" + bytes(200),
        "fits": b"SIMPLE  =                    T" + b" " * 2850,
        "openexr": b"\x76\x2f\x31\x01" + bytes(200),
        "jpeg-2000": b"\x00\x00\x00\x0cjP  \r\n\x87\n" + bytes(200),
        "jpeg-xl": b"\xff\x0a" + bytes(200),
        "pdf": b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>",
        "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) run\n",
        "magick-script": b"push graphic-context\nviewbox 0 0 640 480\nimage over 0,0 0,0 'msl:/etc/passwd'\n",
        "table": b"1,2,3\n" * 10_000,
        "zeros": bytes(MIB),
        "noise": random.Random(4).randbytes(MIB),
        "one-byte": b"\xff",
        "nothing": b"",
    }
