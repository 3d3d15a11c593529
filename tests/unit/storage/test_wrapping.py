"""A wrapper that forgets a capability would switch it off without anybody noticing."""

from typing import get_type_hints

from aishare.storage.backends.memory import MemoryStorageBackend
from aishare.storage.base import BaseStorageBackend
from aishare.storage.wrappers.wrapping import WrappingBackend


class Plain(WrappingBackend):
    """Adds nothing."""

    put = MemoryStorageBackend.put
    read = MemoryStorageBackend.read
    stat = MemoryStorageBackend.stat
    delete = MemoryStorageBackend.delete
    scan = MemoryStorageBackend.scan


def test_every_attribute_of_the_interface_is_passed_on():
    names = get_type_hints(BaseStorageBackend).keys()
    assert names >= {"label", "presigner", "copier", "local_files", "parts"}
    inner = MemoryStorageBackend()
    for name in names:
        setattr(inner, name, object())
    wrapped = Plain(inner)
    for name in names:
        assert getattr(wrapped, name) is getattr(inner, name), name
