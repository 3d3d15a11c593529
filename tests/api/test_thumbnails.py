"""Thumbnails through the whole service: made after an upload and at the first look, kept, guarded, explained."""

import asyncio
import hashlib
import io
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.api.conftest import BACKENDS, serving_on
from tests.support.pictures import in_child, photo
from tests.support.server import serving, wait_until


@pytest.fixture(scope="module", params=BACKENDS)
def server(request, tmp_path_factory):
    with serving_on(request.param, tmp_path_factory.mktemp("aishare")) as running:
        yield running


def put(client, path, content):
    answer = client.put(f"/api/files/by-path/{path}", content=content)
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def test_an_image_is_shown_after_its_upload(ada):
    file = put(ada, "photos/one.jpg", photo("jpeg", 900, 600, seed=1))
    assert file["thumbnail_url"].startswith(f"/api/files/{file['id']}/thumbnail?v=")
    answer = ada.get(file["thumbnail_url"])
    print(answer.headers, answer.text[:200])
    assert answer.status_code == 200
