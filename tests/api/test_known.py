"""Fields and query parameters that a route does not have are refused at every route, never ignored."""

import re

import pytest

from aishare.api.app import create_api
from aishare.api.http.known import RequestBody

OPERATIONS = [
    pytest.param(method.upper(), path, operation, id=f"{method.upper()} {path}")
    for path, methods in create_api().openapi()["paths"].items()
    for method, operation in methods.items()
]
UNKNOWN = "no_such_thing"


@pytest.fixture(scope="module")
def admin(server):
    with server.client("admin") as client:
        yield client


def address(path):
    return re.sub(r"{\w+}", "nothing", path)


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
def test_an_unknown_query_parameter_is_refused(admin, method, path, operation):
    for query in (f"{UNKNOWN}=1", UNKNOWN):
        answer = admin.request(method, f"{address(path)}?{query}")
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
        if method != "HEAD":
            assert f'"{UNKNOWN}"' in answer.json()["detail"]


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
def test_an_unknown_field_is_refused(admin, method, path, operation):
    content = operation.get("requestBody", {}).get("content", {"application/json": {}})
    if method in {"GET", "HEAD"} or "application/json" not in content:
        return
    answer = admin.request(method, address(path), json={UNKNOWN: {"of any": "kind"}})
    assert answer.status_code == 422, answer.text
    named = UNKNOWN in answer.json()["detail"].lower()
    assert named or (
        not operation.get("requestBody") and answer.json()["detail"] == "This request does not take a body."
    )


@pytest.mark.parametrize("path", ["/environment-variables", "/admin/storage-service/info"])
def test_the_paths_without_api_are_no_way_around(admin, path):
    assert admin.get(path, params={UNKNOWN: 1}).status_code == 422


def test_strangers_are_asked_who_they_are_first(server):
    with server.client() as nobody:
        for path in ("/api/files", "/api/files/nothing/content", "/api/archives", "/api/admin/users"):
            assert nobody.get(path, params={UNKNOWN: 1}).status_code == 401
        for path in ("/api/auth/setup", "/d/nothing", "/api/d/nothing", "/metrics"):
            assert nobody.get(path, params={UNKNOWN: 1}).status_code == 422
    with server.client("ada") as ada:
        assert ada.get("/api/admin/users", params={UNKNOWN: 1}).status_code == 403


def test_strangers_are_asked_who_they_are_before_conditions_count(server):
    with server.client() as nobody:
        for condition in ({"If-Match": '"x"'}, {"If-Match": "no tag"}):
            assert nobody.delete("/api/tokens/nothing", headers=condition).status_code == 401
            assert nobody.delete("/api/auth/sessions/nothing", headers=condition).status_code == 401
    with server.client("ada") as ada:
        assert ada.delete("/api/tokens/nothing", headers={"If-Match": '"x"'}).status_code == 412
        assert ada.post("/api/admin/locations/nothing/retire", headers={"If-Match": '"x"'}).status_code == 403


def test_the_right_name_is_offered_where_one_is_near(admin):
    answer = admin.post("/api/tokens", json={"name": "ro", "scope": ["read"]})
    assert answer.status_code == 422
    assert answer.json()["detail"] == 'Unknown field "scope". Did you mean "scopes"?'
    answer = admin.get("/api/files", params={"fodler": "lab"})
    assert answer.json()["detail"] == 'Unknown query parameter "fodler". Did you mean "folder"?'
    assert admin.get("/api/tokens").json()["items"] == []


def test_an_unknown_field_of_a_form_is_refused_before_anything_is_stored(admin):
    answer = admin.post("/api/files", data={"fodler": "lab"}, files={"file": ("form.txt", b"x")})
    assert answer.status_code == 422
    assert answer.json()["detail"] == 'Unknown field "fodler". Did you mean "folder"?'
    assert admin.get("/api/files", params={"q": "form.txt"}).json()["items"] == []


def test_names_that_are_long_or_odd_are_refused_as_well(admin):
    for name in ("n" * 5000, "", "\u0000", "ü", "a&b", "[]", "{said}"):
        assert admin.get("/api/files", params={name: "1"}).status_code == 422, name
        assert admin.post("/api/folders", json={"path": "x", name: 1}).status_code == 422, name
    assert admin.get("/api/folders").json()["items"] == []


def test_every_model_of_a_body_is_strict():
    """Also nested ones."""
    schemas = create_api().openapi()["components"]["schemas"]
    taken = set(_named([case.values[2].get("requestBody") for case in OPERATIONS]))
    seen = set()
    while taken - seen:
        name = (taken - seen).pop()
        seen.add(name)
        assert schemas[name]["additionalProperties"] is False, name
        taken |= set(_named(schemas[name]))
    assert len(seen) >= 20


def test_models_of_bodies_know_what_they_hold():
    class Inner(RequestBody):
        size: int = 0

    class Outer(RequestBody):
        inner: Inner

    assert Outer.model_validate({"inner": {"size": 1}}).inner.size == 1
    with pytest.raises(ValueError, match=r'Unknown field "sise"\. Did you mean "size"'):
        Outer.model_validate({"inner": {"sise": 1}})


def _named(value):
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"].rpartition("/")[2]
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _named(one)
