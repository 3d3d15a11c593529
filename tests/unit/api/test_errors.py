from aishare.api.errors import problem_document, status_of
from aishare.core import errors
from aishare.core.errors import AishareError


def tree(cls):
    for child in cls.__subclasses__():
        yield child
        yield from tree(child)


def test_every_error_has_a_status_a_code_of_its_own_and_a_sentence():
    classes = [cls for cls in tree(AishareError) if cls.__module__ == errors.__name__]
    assert len(classes) > 25
    codes = [cls.code for cls in classes]
    assert len(set(codes)) == len(codes)
    for cls in classes:
        assert 400 <= status_of(cls) < 600
        assert (cls.__doc__ or "").strip().endswith(".")


def test_errors_of_a_storage_that_is_down_say_when_to_come_back():
    status, _, headers = problem_document(errors.BackendTimeout("It did not answer."), request_id="r")
    assert status == 503
    assert "retry-after" in dict(headers)
