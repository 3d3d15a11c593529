"""GET /api/files/{id}/preview through the real service, on a disk and on S3."""

import json
import struct
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.api.conftest import BACKENDS, serving_on
from tests.previews.corpus import corpus
from tests.support.memory import resident

READ = 'aishare_storage_bytes_total{direction="out",'


@pytest.fixture(scope="module", params=BACKENDS)
def server(request, tmp_path_factory):
    with serving_on(request.param, tmp_path_factory.mktemp("aishare")) as running:
        yield running


def preview(client, path, content, **parameters):
    file = client.put(f"/api/files/by-path/{path}", content=content).json()
    answer = client.get(f"/api/files/{file['id']}/preview", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


def bytes_read(client):
    """From the storage, since the service started."""
    lines = client.get("/metrics").text.splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith(READ))


def parquet(table, **options):
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, **options)
    return sink.getvalue().to_pybytes()


def test_csv_is_a_table(ada):
    text = 'name,weight,seen\nTux,3.5,true\n"Smith, J",4,false\n'
    assert preview(ada, "people.csv", text) == {
        "kind": "table",
        "format": "csv",
        "columns": [
            {"name": "name", "type": "text"},
            {"name": "weight", "type": "number"},
            {"name": "seen", "type": "boolean"},
        ],
        "rows": [["Tux", "3.5", "true"], ["Smith, J", "4", "false"]],
        "row_count": 2,
        "column_count": 3,
        "page": 1,
        "pages": 1,
        "more": False,
        "truncated": False,
        "encoding": "utf-8",
    }


def test_parquet_is_a_table_with_its_types_and_a_row_count(ada):
    table = pa.table({"number": list(range(250)), "text": [f"row {n}" for n in range(250)]})
    found = preview(ada, "rows.parquet", parquet(table, row_group_size=90), page=3)
    assert found["columns"] == [{"name": "number", "type": "int64"}, {"name": "text", "type": "string"}]
    assert found["rows"] == [[n, f"row {n}"] for n in range(200, 250)]
    assert (found["row_count"], found["pages"], found["more"]) == (250, 3, False)


def test_safetensors_shows_its_header(ada):
    header = json.dumps(
        {
            "__metadata__": {"format": "pt"},
            "weight": {"dtype": "F16", "shape": [2, 3], "data_offsets": [0, 12]},
        }
    ).encode()
    content = struct.pack("<Q", len(header)) + header + bytes(12)
    assert preview(ada, "model.safetensors", content) == {
        "kind": "tensors",
        "format": "safetensors",
        "metadata": {"format": "pt"},
        "tensors": [{"name": "weight", "dtype": "F16", "shape": [2, 3]}],
        "count": 1,
        "parameters": 6,
        "page": 1,
        "pages": 1,
        "more": False,
        "truncated": False,
    }


def test_text_is_shown_with_language_and_encoding(ada):
    assert preview(ada, "train.py", "print('hé')\r\n") == {
        "kind": "text",
        "text": "print('hé')\n",
        "language": "python",
        "encoding": "utf-8",
        "truncated": False,
    }


def test_other_kinds_answer_none_with_a_reason(ada):
    assert preview(ada, "picture.png", b"\x89PNG\r\n\x1a\n" + bytes(100)) == {
        "kind": "none",
        "reason": "Previews are not available for this type of file.",
    }


def test_a_preview_of_a_large_parquet_file_reads_only_what_it_needs(ada):
    rows = 1_000_000
    text = pa.repeat("x" * 40, rows)
    table = pa.table({"number": pa.array(range(rows)), "noise": pa.array(range(rows, 0, -1)), "text": text})
    content = parquet(table, row_group_size=100_000, compression="none", use_dictionary=False)
    before = bytes_read(ada)
    found = preview(ada, "large.parquet", content, page=5001)
    assert found["rows"][0] == [500_000, 500_000, "x" * 40]
    assert 0 < bytes_read(ada) - before < len(content) / 2


def test_hostile_files_leave_the_service_as_it_is(server, ada):
    """The same process answers afterwards, in the memory that it had."""
    before = resident(server.process.pid)
    for name in ("parquet-bomb-900-mb", "parquet-one-value-for-all-rows", "safetensors-deep-lists", "csv-nuls"):
        hostile = corpus()[name]
        found = preview(ada, f"hostile/{name}.{hostile.reader}", hostile.read(0, hostile.size))
        assert (found["kind"] == "none") == (hostile.reason is not None)
        assert ada.get("/api/health/ready").status_code == 200
    assert server.process.poll() is None
    grown_kib = (resident(server.process.pid) - before) // 1024
    assert grown_kib < 150_000  # two chunks of a file, what was uploaded, and what the heap keeps


def test_the_service_never_imports_what_reads_parquet(server, ada):
    preview(ada, "small.parquet", parquet(pa.table({"a": [1]})))
    mapped = Path(f"/proc/{server.process.pid}/maps").read_text()
    assert "libarrow" not in mapped


def test_a_link_shows_the_preview_without_counting_it(ada):
    file = ada.put("/api/files/by-path/linked/rows.csv", content="a,b\n1,2\n").json()
    link = ada.post(f"/api/files/{file['id']}/links", json={}).json()
    visit = ada.get(f"/api/d/{link['token']}").json()
    assert ada.get(visit["preview_url"]).json()["rows"] == [["1", "2"]]
    folder = ada.post("/api/links", json={"folder": "linked", "kind": "folder"}).json()["token"]
    assert ada.get(f"/api/d/{folder}/preview", params={"path": "rows.csv"}).json()["kind"] == "table"
    assert ada.get(f"/api/d/{folder}/preview", params={"path": "../rows.csv"}).status_code == 422
    assert ada.get(f"/api/links/{link['id']}/uses").json()["items"] == []
    assert ada.delete(f"/api/links/{link['id']}").status_code == 204
    assert ada.get(visit["preview_url"]).status_code == 410


def test_a_link_that_counts_downloads_shows_no_preview(ada):
    file = ada.put("/api/files/by-path/counted.csv", content="a,b\n1,2\n").json()
    token = ada.post(f"/api/files/{file['id']}/links", json={"max_downloads": 1}).json()["token"]
    assert ada.get(f"/api/d/{token}").json()["preview_url"] is None
    assert ada.get(f"/api/d/{token}/preview").json()["kind"] == "none"


def test_others_do_not_see_the_preview(ada, grace):
    file = ada.put("/api/files/by-path/mine.txt", content="secret").json()
    assert grace.get(f"/api/files/{file['id']}/preview").status_code == 404
