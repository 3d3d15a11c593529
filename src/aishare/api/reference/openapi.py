"""`python -m aishare.api.reference.openapi` prints the OpenAPI document, from which the browser client is generated."""

import json

from aishare.api.app import create_api

if __name__ == "__main__":
    print(json.dumps(create_api().openapi(), indent=2))  # noqa: T201 - printing is its purpose
