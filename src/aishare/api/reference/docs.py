"""Renders docs/api.md from the OpenAPI document, and docs/errors.md.

`python -m aishare.api.reference.docs` in the project folder writes them; a test fails if they are out of date.
"""

import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from aishare.api.app import create_api
from aishare.api.reference import errors_page

API_PAGE: Final = Path("docs/api.md")
ERRORS_PAGE: Final = Path("docs/errors.md")

Schema = dict[str, Any]

_INTRODUCTION: Final = """\
# API reference

<!-- Made by `python -m aishare.api.reference.docs` from the OpenAPI document: edit the routes there. -->

Every route, from the OpenAPI document that a running server provides at `/api/openapi.json`;
[using the API](using-api.md) has examples. Errors are returned as problem documents: see [errors](errors.md).
A `?` marks an optional field. Times are RFC 3339 in UTC, sizes are in bytes, ids are opaque text.
The storage service and environment variable routes are also available without `/api`.
"""

_METRICS: Final = """\
## Metrics

### GET /metrics

Counters and timings in the Prometheus text format, without signing in; 404 with `METRICS_ENABLED=false`. They are
described under [monitoring](monitoring.md#metrics).
"""


def render() -> str:
    """The whole of docs/api.md."""
    document = create_api().openapi()
    routes = [(method, path, operation) for path, of in document["paths"].items() for method, operation in of.items()]
    order = {tag: number for number, tag in enumerate(dict.fromkeys(_tag(operation) for *_, operation in routes))}
    routes.sort(key=lambda route: order[_tag(route[2])])
    lines = [_INTRODUCTION]
    for tag, group in groupby(routes, key=lambda route: _tag(route[2])):
        lines.append(f"## {tag[0].upper()}{tag[1:]}\n")
        for method, path, operation in group:
            lines += _route(method, path, operation)
    return "\n".join([*lines, _METRICS, "## Schemas\n", *_schemas(document["components"]["schemas"])])


def _tag(operation: Schema) -> str:
    return str(operation["tags"][0])


def _route(method: str, path: str, operation: Schema) -> Iterator[str]:
    yield f"### {method.upper()} {path}\n"
    said = " ".join((operation.get("description") or operation["summary"]).split())
    yield f"{said.rstrip('.')}.\n"
    if operation.get("parameters"):
        yield "| parameter | in | value |"
        yield "|---|---|---|"
        yield from map(_parameter, operation["parameters"])
        yield ""
    body = operation.get("requestBody")
    if body:
        yield f"Body: {_content(body['content'])}\n"
    answers = (_answer(status, answer) for status, answer in operation["responses"].items() if status != "default")
    yield f"Responses: {'; '.join(answers)}.\n"


def _parameter(parameter: Schema) -> str:
    schema = parameter["schema"]
    optional = "" if parameter.get("required") else "?"
    about = parameter.get("description") or schema.get("description")
    value = _value(schema).removesuffix(" or null")  # a parameter is missing rather than null
    return f"| `{parameter['name']}`{optional} | {parameter['in']} | {value}{f': {about}' if about else ''} |"


def _answer(status: str, answer: Schema) -> str:
    content = answer.get("content")
    said = "" if answer["description"] == "Successful Response" else f" {answer['description'].rstrip('.')}"
    if not content:
        return f"**{status}**{said or ' without a body'}"
    return f"**{status}**{said}{':' if said else ''} {_content(content)}"


def _content(content: Schema) -> str:
    return " or ".join(_of_type(media_type, of.get("schema", {})) for media_type, of in content.items())


def _of_type(media_type: str, schema: Schema) -> str:
    if media_type in {"*/*", "application/octet-stream"}:
        return "binary data"
    if media_type == "application/json":
        return _value(schema)
    fields = ", ".join(_field(name, of, schema) for name, of in schema.get("properties", {}).items())
    return f"`{media_type}`{f' with {fields}' if fields else ''}"


def _schemas(schemas: Schema) -> Iterator[str]:
    """Our own schemas: FastAPI adds two for a response that we do not use."""
    for name, schema in schemas.items():
        if name not in {"HTTPValidationError", "ValidationError"}:
            yield f"### {name}\n"
            if schema.get("description"):
                yield f"{' '.join(schema['description'].split())}\n"
            yield from _fields(schema)


def _fields(schema: Schema) -> Iterator[str]:
    if not schema.get("properties"):
        yield f"{_value({key: of for key, of in schema.items() if key != 'description'})}\n"
        return
    yield "| field | value |"
    yield "|---|---|"
    for name, of in schema["properties"].items():
        about = f": {' '.join(of['description'].split())}" if of.get("description") else ""
        yield f"| {_name(name, schema)} | {_value(of)}{about} |"
    yield ""


def _field(name: str, of: Schema, parent: Schema) -> str:
    return f"{_name(name, parent)} ({_value(of)})"


def _name(name: str, parent: Schema) -> str:
    return f"`{name}`{'' if name in parent.get('required', ()) else '?'}"


def _value(schema: Schema) -> str:
    """A type in words."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema or "oneOf" in schema:
        kinds = (word for of in schema.get("anyOf") or schema["oneOf"] for word in _value(of).split(" or "))
        return " or ".join(dict.fromkeys(kinds))
    if "enum" in schema or "const" in schema:
        choices = schema.get("enum") or [schema["const"]]
        return ", ".join(f"`{choice}`" for choice in choices) + _default(schema)
    if schema.get("type") == "array":
        return f"list of {_value(schema.get('items', {}))}"
    if schema.get("type") == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"object of {_value(schema['additionalProperties'])}"
    return _WORDS.get(str(schema.get("format"))) or f"{_plain(schema)}{_limits(schema)}{_default(schema)}"


_WORDS: Final = {"date-time": "time", "binary": "bytes"}
_TYPES: Final = {"string": "text", "integer": "whole number", "boolean": "true or false", "null": "null"}


def _plain(schema: Schema) -> str:
    kind = str(schema.get("type", "anything"))
    return _TYPES.get(kind, kind)


def _limits(schema: Schema) -> str:
    low = schema.get("minimum", schema.get("minLength"))
    high = schema.get("maximum", schema.get("maxLength"))
    of = " characters" if schema.get("type") == "string" else ""
    if low == 1 and high is None and of:
        return ", not empty"
    if low is None and high is None:
        return ""
    if high is None:
        return f", {low}{of} or more"
    return f", up to {high}{of}" if low is None else f", {low} to {high}{of}"


def _default(schema: Schema) -> str:
    return f"; `{schema['default']}` if left out" if schema.get("default") not in (None, "") else ""


def main() -> None:
    """Write both pages."""
    API_PAGE.write_text(render(), encoding="utf-8")
    ERRORS_PAGE.write_text(errors_page.render(), encoding="utf-8")
    sys.stdout.write(f"{API_PAGE} and {ERRORS_PAGE} are up to date\n")


if __name__ == "__main__":
    main()
