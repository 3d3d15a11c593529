"""The head of every test run."""

from tests.support.s3servers import minio_notice


def pytest_report_header() -> str:
    return minio_notice()
