"""Ranges and conditions of RFC 9110 §13-14 as a table, for any server that has the same bytes at some URL."""

import base64
import hashlib
import random
import re
from dataclasses import dataclass

BODY = random.Random(1).randbytes(600_000)  # the same in every process: names of cases hold its digest
"""Large enough that a server may treat it, and some of its ranges, as a large file."""

SIZE = len(BODY)
_OLD = "Wed, 01 Jan 2020 00:00:00 GMT"
_FUTURE = "Wed, 01 Jan 2099 00:00:00 GMT"


@dataclass(frozen=True, slots=True)
class Case:
    """`{etag}` and `{modified}` in headers stand for those of the file. `spans` are the byte ranges in the answer."""

    name: str
    headers: tuple[tuple[str, str], ...]
    status: int
    spans: tuple[tuple[int, int], ...] = ()

    def __str__(self) -> str:
        return self.name


def _range(value, *spans, status=206, **conditions):
    headers = (("Range", value), *((name.replace("_", "-"), text) for name, text in conditions.items()))
    label = " ".join(f"{name}: {text}" for name, text in headers)
    return Case(f"{label if len(label) < 100 else label[:60]} ({len(label)}) {status}", headers, status, spans)


def _whole(value, **conditions):
    return _range(value, (0, SIZE), status=200, **conditions)


def _if(status, **conditions):
    headers = tuple((name.replace("_", "-"), text) for name, text in conditions.items())
    label = " ".join(f"{name}: {value[:24]}" for name, value in headers)
    return Case(f"{label} {status}", headers, status, ((0, SIZE),) if status == 200 else ())


CASES = (
    Case("plain", (), 200, ((0, SIZE),)),
    _range("bytes=0-0", (0, 1)),
    _range("bytes=0-99", (0, 100)),
    _range("bytes=100-199", (100, 200)),
    _range("bytes=1-300000", (1, 300_001)),
    _range("bytes=262143-262144", (262_143, 262_145)),
    _range("bytes=0-262144", (0, 262_145)),
    _range(f"bytes={SIZE - 1}-", (SIZE - 1, SIZE)),
    _range(f"bytes={SIZE - 1}-{SIZE - 1}", (SIZE - 1, SIZE)),
    _range("bytes=0-", (0, SIZE)),
    _range(f"bytes=0-{SIZE - 1}", (0, SIZE)),
    _range("bytes=0-99999999999", (0, SIZE)),
    _range("bytes=-1", (SIZE - 1, SIZE)),
    _range("bytes=-300001", (SIZE - 300_001, SIZE)),
    _range(f"bytes=-{SIZE}", (0, SIZE)),
    _range("bytes=-99999999999", (0, SIZE)),
    _range("Bytes=5-6", (5, 7)),
    _range("BYTES=5-6", (5, 7)),
    _range("bytes= 5-6", (5, 7)),
    _range("bytes=,5-6,", (5, 7)),
    _range("bytes=5-6\t,", (5, 7)),
    _range("bytes=0-10,5-20", (0, 21)),
    _range("bytes=0-10,11-20", (0, 21)),
    _range("bytes=11-20,0-10", (0, 21)),
    _range("bytes=5-6,5-6", (5, 7)),
    _range("bytes=0-1,900000-", (0, 2)),
    _range("bytes=0-1,-0", (0, 2)),
    _range("bytes=0-9,100-109", (0, 10), (100, 110)),
    _range("bytes=100-109, 0-9", (100, 110), (0, 10)),
    _range("bytes=0-9,12-19,-5", (0, 10), (12, 20), (SIZE - 5, SIZE)),
    _range("bytes=0-270000,300000-580000", (0, 270_001), (300_000, 580_001)),
    _range(
        "bytes=" + ",".join(f"{n * 10}-{n * 10 + 1}" for n in range(32)), *((n * 10, n * 10 + 2) for n in range(32))
    ),
    _range("bytes=" + ",".join(f"{n}-{n + 1}" for n in range(1500)), (0, 1501)),
    _range("bytes=" + ",".join(["0-"] * 1000), (0, SIZE)),
    _range(f"bytes={SIZE}-", status=416),
    _range("bytes=900000-900001", status=416),
    _range("bytes=-0", status=416),
    _range("bytes=99999999999999999999-", status=416),
    _range("bytes=700000-,-0,800000-900000", status=416),
    _whole("bytes=6-5"),
    _whole("bytes="),
    _whole("bytes"),
    _whole("bytes=,"),
    _whole("bytes=-"),
    _whole("bytes=a-b"),
    _whole("bytes=0x0-5"),
    _whole("bytes=--5"),
    _whole("bytes=1-2-3"),
    _whole("bytes=1-2;3-4"),
    _whole("bytes=+1-2"),
    _whole("bytes=1 -2"),
    _whole("items=0-5"),
    _whole("bytes=0-5,x"),
    _whole("bytes=" + ",".join(f"{n * 4}-{n * 4}" for n in range(33))),
    _whole("bytes=" + ",".join(f"{n * 4}-{n * 4}" for n in range(2000))),
    _whole("bytes=99999999999999999999999999-"),
    _if(200, If_Match="{etag}"),
    _if(200, If_Match="*"),
    _if(200, If_Match='"other", {etag}'),
    _if(412, If_Match='"other"'),
    _if(412, If_Match="W/{etag}"),
    _if(412, If_Match=""),
    _if(304, If_None_Match="{etag}"),
    _if(304, If_None_Match="W/{etag}"),
    _if(304, If_None_Match='"a", {etag}, "b"'),
    _if(304, If_None_Match='"a",{etag}'),
    _if(304, If_None_Match="*"),
    _if(200, If_None_Match='"other"'),
    _if(200, If_None_Match="nonsense"),
    _if(304, If_Modified_Since=_FUTURE),
    _if(304, If_Modified_Since="{modified}"),
    _if(200, If_Modified_Since=_OLD),
    _if(200, If_Modified_Since="Wednesday, 01-Jan-20 00:00:00 GMT"),
    _if(304, If_Modified_Since="Thu Jan  1 00:00:00 2099"),
    _if(200, If_Modified_Since="nonsense"),
    _if(200, If_None_Match='"other"', If_Modified_Since=_FUTURE),
    _if(304, If_None_Match="{etag}", If_Modified_Since=_OLD),
    _if(412, If_Unmodified_Since=_OLD),
    _if(200, If_Unmodified_Since="{modified}"),
    _if(200, If_Unmodified_Since="nonsense"),
    _if(200, If_Match="{etag}", If_Unmodified_Since=_OLD),
    _if(412, If_Match='"other"', If_None_Match="{etag}"),
    _if(304, If_Match="{etag}", If_None_Match="{etag}"),
    _range("bytes=0-9", (0, 10), If_Range="{etag}"),
    _range("bytes=0-9", (0, 10), If_Range="{modified}"),
    _range("bytes=0-299999", (0, 300_000), If_Range="{etag}"),
    _whole("bytes=0-9", If_Range='"other"'),
    _whole("bytes=0-9", If_Range="W/{etag}"),
    _whole("bytes=0-9", If_Range="*"),
    _whole("bytes=0-9", If_Range=_OLD),
    _whole("bytes=0-9", If_Range=_FUTURE),
    _whole("bytes=0-9", If_Range="nonsense"),
    _whole("bytes=900000-", If_Range='"other"'),
    _range("bytes=900000-", If_Range="{etag}", status=416),
    _range("bytes=0-9", If_None_Match="{etag}", status=304),
    _range("bytes=0-9", If_Match='"other"', status=412),
    _range("bytes=0-9", (0, 10), If_None_Match='"other"'),
    _range("bytes=0-9", (0, 10), If_Match="{etag}"),
    _range("bytes=900000-", If_Match='"other"', status=412),
    Case("If-Range alone", (("If-Range", '"other"'),), 200, ((0, SIZE),)),
)


def check_case(client, url, case, body=BODY):
    """GET and HEAD of `url`, which must hold `body`: status, headers and bytes are those of the case."""
    etag = f'"{hashlib.sha256(body).hexdigest()}"'
    modified = client.head(url).headers["last-modified"]
    headers = [(name, text.format(etag=etag, modified=modified)) for name, text in case.headers]
    got, head = client.get(url, headers=headers), client.head(url, headers=headers)
    assert (got.status_code, head.status_code) == (case.status, head_status(case.status))
    assert head.content == b""
    if case.status in {200, 206}:
        _check_content(got, case, body)
        assert got.headers["accept-ranges"] == "bytes"
        assert got.headers["content-length"] == str(len(got.content))
        assert got.headers["repr-digest"] == f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"
    if case.status in {200, 206, 304}:
        assert (got.headers["etag"], got.headers["last-modified"]) == (etag, modified)
        assert got.headers["cache-control"] == "private, no-cache"
        unranged = [(name, text) for name, text in headers if name.lower() != "range"]
        alike = client.get(url, headers=unranged) if case.status == 206 else got
        assert _comparable(alike) == _comparable(head)
    if case.status == 304:
        assert got.content == b""
    if case.status == 412:
        assert got.json()["code"] == "precondition_failed"
    if case.status == 416:
        assert got.headers["content-range"] == f"bytes */{len(body)}"
        assert got.json()["code"] == "range_not_satisfiable"
    else:
        assert ("content-range" in got.headers) == (case.status == 206 and len(case.spans) == 1)


def head_status(status):
    """What HEAD answers where GET answers this: Range is for GET (RFC 9110 §14.2)."""
    return 200 if status in {206, 416} else status


def _check_content(got, case, body):
    if len(case.spans) == 1:
        ((start, stop),) = case.spans
        assert got.content == body[start:stop]
        if case.status == 206:
            assert got.headers["content-range"] == f"bytes {start}-{stop - 1}/{len(body)}"
        return
    kind, _, boundary = got.headers["content-type"].partition("; boundary=")
    assert kind == "multipart/byteranges"
    first, *parts, last = (b"\r\n" + got.content.removeprefix(b"\r\n")).split(f"\r\n--{boundary}".encode())
    assert (first, last) == (b"", b"--\r\n")
    assert len(parts) == len(case.spans)
    for part, (start, stop) in zip(parts, case.spans, strict=True):
        text, _, content = part.partition(b"\r\n\r\n")
        assert f"content-range: bytes {start}-{stop - 1}/{len(body)}".encode() in text
        assert content == body[start:stop]


def _comparable(answer):
    """Headers that GET and HEAD share; the boundary of several parts is random."""
    fields = {name: text for name, text in answer.headers.items() if name not in {"date", "x-request-id"}}
    return {name: re.sub(r"boundary=\w+", "", text) for name, text in fields.items()}
