"""SVGs that are bombs, or reach for what is not theirs."""

import base64
import gzip

from tests.images.hostile_pixels import png

_SPACE = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def svg(body, *, size='width="200" height="100"', before=""):
    return f"{before}<svg {_SPACE} {size}>{body}</svg>".encode()


def drawings(secret):
    """`secret`: a PNG of one colour, as a file, that no drawing may show."""
    return {**bombs(), **reaching(secret), **ruins()}


def bombs():
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    uses = "".join(f'<g id="u{n}">{f"""<use xlink:href="#u{n - 1}"/>""" * 10}</g>' for n in range(1, 9))
    filters = "".join('<feGaussianBlur stdDeviation="90"/><feTurbulence numOctaves="50"/>' for _ in range(60))
    image = base64.b64encode(png(30_000, 3000, depth=8)).decode()
    points = " ".join(f"{n % 997},{n % 991}" for n in range(200_000))
    stops = '<stop offset="0.5" stop-color="red"/>' * 30_000
    masks = "".join(
        f'<mask id="m{n}"><rect width="200" height="100" mask="url(#m{n - 1})"/></mask>' for n in range(1, 2000)
    )
    return {
        "svg-billion-laughs": svg("<text>&l9;</text>", before=f'<!DOCTYPE svg [<!ENTITY l0 "lol">{laughs}]>'),
        "svg-quadratic-entity": svg(
            f"<text>{'&a;' * 20_000}</text>", before=f'<!DOCTYPE svg [<!ENTITY a "{"a" * 20_000}">]>'
        ),
        "svg-100-million-uses": svg(
            f'<defs><g id="u0"><rect width="1" height="1"/></g>{uses}</defs><use xlink:href="#u8"/>'
        ),
        "svg-filters": svg(f'<filter id="f">{filters}</filter><rect width="200" height="100" filter="url(#f)"/>'),
        "svg-blur-of-a-million": svg(
            '<filter id="f"><feGaussianBlur stdDeviation="1000000"/></filter>'
            '<rect width="200" height="100" filter="url(#f)"/>'
        ),
        "svg-morphology": svg(
            '<filter id="f"><feMorphology operator="dilate" radius="100000"/></filter>'
            '<rect width="200" height="100" filter="url(#f)"/>' * 20
        ),
        "svg-200000-groups": svg("<g>" * 200_000 + "</g>" * 200_000),
        "svg-900-groups": svg("<g opacity='0.9'>" * 900 + '<rect width="9" height="9"/>' + "</g>" * 900),
        "svg-image-of-90-megapixels": svg(f'<image width="200" height="100" href="data:image/png;base64,{image}"/>'),
        "svg-tiny-dashes": svg('<path d="M0 0 H100000000" stroke="red" stroke-dasharray="0.0001" />'),
        "svg-200000-points": svg(f'<polygon points="{points}" stroke="red"/>'),
        "svg-30000-stops": svg(
            f'<linearGradient id="g">{stops}</linearGradient><rect width="9" height="9" fill="url(#g)"/>'
        ),
        "svg-2000-masks": svg(f'<mask id="m0"/>{masks}<rect width="200" height="100" mask="url(#m1999)"/>'),
        "svg-million-wide": svg("<rect/>", size='width="1000000" height="1000000"'),
        "svg-billion-wide": svg("<rect/>", size='width="1000000000" height="1"'),
        "svg-huge-text": svg('<text font-size="10000000">x</text>'),
        "svg-3-mib": svg(f"<!--{'x' * 3 * 1024 * 1024}--><rect/>"),
        "svg-selectors": svg(f"<style>{'g g g g g > *{fill:red}' * 20_000}</style>" + "<g>" * 100 + "</g>" * 100),
        "svgz-64-mib": gzip.compress(b"<svg>" + bytes(64 * 1024 * 1024)),
        "svgz": gzip.compress(svg("<rect/>")),
    }


def reaching(secret):
    name = secret.name

    def image(address):
        return svg(f'<image width="200" height="100" xlink:href="{address}" href="{address}"/>')

    return {
        "svg-entity-of-a-file": svg(
            "<text y='50'>&x;</text>", before='<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        ),
        "svg-outer-dtd": svg("<rect/>", before='<!DOCTYPE svg SYSTEM "http://127.0.0.1:1/x.dtd">'),
        "svg-includes": svg(
            '<text><xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd" parse="text"/></text>'
        ),
        "svg-image-of-a-file": image(secret.as_uri()),
        "svg-image-beside-it": image(name),
        "svg-image-by-path": image(str(secret)),
        "svg-image-of-a-server": image("http://127.0.0.1:1/x.png"),
        "svg-style-of-a-server": svg('<style>@import url("http://127.0.0.1:1/x.css");</style><rect/>'),
        "svg-style-sheet": svg("<rect/>", before='<?xml-stylesheet href="file:///etc/passwd" type="text/css"?>'),
        "svg-use-of-a-file": svg(f'<use xlink:href="{secret.as_uri()}#x"/>'),
        "svg-script": svg('<script>alert(1)</script><rect width="9" height="9" onload="alert(1)"/>'),
        "svg-html-inside": svg(
            '<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><script/></body></foreignObject>'
        ),
    }


def ruins():
    return {
        "svg-uses-itself": svg('<g id="a"><use xlink:href="#a"/></g>'),
        "svg-pattern-of-itself": svg(
            '<pattern id="p" width="9" height="9"><rect width="9" height="9" fill="url(#p)"/></pattern>'
            '<rect width="99" height="99" fill="url(#p)"/>'
        ),
        "svg-not-closed": b"<svg xmlns='http://www.w3.org/2000/svg'><rect>",
        "svg-no-size": svg("<rect/>", size='width="0" height="0"'),
        "svg-below-nothing": svg("<rect/>", size='width="-5" height="NaN"'),
        "svg-utf-16": "<svg xmlns='http://www.w3.org/2000/svg'><rect/></svg>".encode("utf-16"),
        "svg-zero-bytes": b"<svg xmlns='http://www.w3.org/2000/svg'>" + bytes(10_000),
    }
