"""Invalid tokens: altered, cut off, mixed, signed for another purpose or with another key."""

import hashlib
import random
import string
from collections.abc import Iterator, Sequence
from itertools import chain

from itsdangerous import Signer

_ALPHABET = string.ascii_letters + string.digits + "-_.~+/=%\0é \n"
_GARBAGE = (
    "", ".", "-", "..", "null", "0", "%00", "\0" * 30, "a" * 24, "a" * 24 + "-d-latest-0-." + "A" * 43,
    "é" * 100, "😀" * 50, "A" * 100_000, "-" * 5000, "." * 5000, "../../etc/passwd", "' OR 1=1 --", "{}", "[]",
    "eyJhbGciOiJub25lIn0.e30.", "a" * 24 + "-r-latest-ffffffffffff-." + "A" * 43, "\ud800", "a\nb", "undefined",
)  # fmt: skip


def wrong_tokens(real: Sequence[str], count: int, *, key: str, seed: int = 1) -> Iterator[str]:
    """`count` of them, none of them in `real`, all made from those."""
    choice = random.Random(seed)
    made = chain(_GARBAGE, _systematic(real, key), _random(real, choice))
    known = set(real)
    for _ in range(count):
        token = next(made)
        while token in known:
            token = next(made)
        yield token


def signed(text: str, *, key: str, purpose: str) -> str:
    """As aishare signs, with whichever key and purpose."""
    salt = f"aishare link {purpose}"
    signer = Signer(key, salt=salt, key_derivation="hmac", digest_method=hashlib.sha256)
    return signer.sign(text).decode()


def _systematic(real: Sequence[str], key: str) -> Iterator[str]:
    for token in real:
        yield from (token[:length] for length in range(len(token)))
        yield from (token[start:] for start in range(1, len(token)))
        yield from (token[:place] + token[place + 1 :] for place in range(len(token)))
        yield from (token + tail for tail in ("=", ".", "-", "A", "\n", " ", "%", "/", "\0", token))
        yield from (token.upper(), token.lower(), token.swapcase(), token[::-1], f" {token}")
        if "." in token:
            yield from _wrongly_signed(token, real, key)


def _wrongly_signed(token: str, real: Sequence[str], key: str) -> Iterator[str]:
    text, _, signature = token.rpartition(".")
    yield from (text, signature)
    purposes = ("download", "upload", "unlock", "")
    right = "upload" if text.split("-")[1] == "r" else "download"
    yield from (signed(text, key=key, purpose=purpose) for purpose in purposes if purpose != right)
    yield from (signed(text, key=other, purpose=right) for other in ("", "another key", key[:-1], key + "x"))
    yield from (f"{text}.{other.rpartition('.')[2]}" for other in real if other != token)
    yield from (Signer(key, digest_method=method).sign(text).decode() for method in (hashlib.sha1, hashlib.sha256))


def _random(real: Sequence[str], choice: random.Random) -> Iterator[str]:
    while True:
        token = list(choice.choice(real))
        for _ in range(choice.choice((1, 1, 1, 2, 3, 8))):
            token[choice.randrange(len(token))] = choice.choice(_ALPHABET)
        yield "".join(token)
