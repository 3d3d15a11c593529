"""The browser application's types are those of the API as it is."""

import json
import subprocess
from pathlib import Path

from aishare.api.app import create_api
from aishare.api.http.web import WEB_ROOT
from aishare.api.http.web_source import SourceCheckout

FRONTEND = Path(__file__).parents[2] / "frontend"


def test_the_typed_client_is_generated_from_this_api(tmp_path: Path):
    checkout = SourceCheckout.around(WEB_ROOT)
    assert checkout is not None
    builder = checkout.builder()
    node = builder.find_node()
    builder.install_packages(node)
    (tmp_path / "openapi.json").write_text(json.dumps(create_api().openapi(), indent=2) + "\n")
    generator = FRONTEND / "node_modules" / "openapi-typescript" / "bin" / "cli.js"
    subprocess.run(
        [node.executable, generator, tmp_path / "openapi.json", "-o", tmp_path / "schema.d.ts"], check=True, timeout=60
    )
    committed = (FRONTEND / "src" / "client" / "schema.d.ts").read_text()
    assert (tmp_path / "schema.d.ts").read_text() == committed, "run: make client"
