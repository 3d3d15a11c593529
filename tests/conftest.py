"""The head of every test run."""

from hypothesis import settings

from tests.support.s3servers import minio_notice

# A busy machine is no fault of the code.
settings.register_profile("aishare", deadline=None)
settings.load_profile("aishare")


def pytest_report_header() -> str:
    return minio_notice()
