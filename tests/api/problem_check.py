"""For schemathesis: every error is a problem document. Loaded as its hooks, in its process."""

import schemathesis

PROBLEM = "application/problem+json"


@schemathesis.check
def errors_are_problem_documents(ctx, response, case) -> None:
    if response.status_code < 400:
        return
    kind = response.headers.get("content-type", ["none"])[0]
    assert kind == PROBLEM, f"{response.status_code} is answered with {kind}"
    if case.method != "HEAD":
        document = response.json()
        assert document["status"] == response.status_code
        assert document["code"], "a problem without a code"
