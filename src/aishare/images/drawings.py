"""The size of an SVG drawing."""

import re
from typing import Final

_ROOT: Final = re.compile(rb"<(?:[\w-]{1,40}:)?svg\b[^>]{0,20000}")
_SIDE: Final = re.compile(rb"""\s(?:width|height|viewBox)\s*=\s*["']([^"']{1,200})""")
_LENGTH: Final = re.compile(rb"(\d{1,30}(?:\.\d{0,30})?(?:e\d{1,2})?)(in|cm|mm|pt|pc|em)?", re.IGNORECASE)
_PIXELS: Final = {b"in": 96.0, b"cm": 37.8, b"mm": 3.78, b"pt": 1.33, b"pc": 16.0, b"em": 16.0}


def longest_side(content: bytes) -> float:
    """In pixels, as stated by the first element; 0 if it has no size."""
    root = _ROOT.search(content)
    claims = b" ".join(_SIDE.findall(root[0])) if root else b""
    lengths = (float(number) * _PIXELS.get(unit.lower(), 1.0) for number, unit in _LENGTH.findall(claims))
    return max(lengths, default=0.0)
