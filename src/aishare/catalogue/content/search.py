"""Searching for words: all of them, in any order, each anywhere in a path. `%` and `_` are letters like any other."""

import unicodedata
from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.sql.functions import Function
from sqlalchemy.sql.schema import Column

Searched = Column[str] | Function[str]


def search_words(query: str) -> list[str]:
    """As paths are stored for search: composed, in one case."""
    return list(dict.fromkeys(unicodedata.normalize("NFC", query).casefold().split()))


def holds_all(text: Searched, words: Sequence[str]) -> ColumnElement[bool]:
    """There is a word at least: who asks for none gets no search."""
    return and_(*(text.contains(word, autoescape=True) for word in words))


def holds_any(text: Searched, words: Sequence[str]) -> ColumnElement[bool]:
    """The same for one of them."""
    return or_(*(text.contains(word, autoescape=True) for word in words))
