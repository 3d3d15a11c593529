"""Search for words: all of them, in any order, each anywhere in a path. `%` and `_` are ordinary characters."""

import unicodedata
from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.sql.functions import Function
from sqlalchemy.sql.schema import Column

Searched = Column[str] | Function[str]


def search_words(query: str) -> list[str]:
    """Words as paths are stored for search: Unicode composed, case folded."""
    return list(dict.fromkeys(unicodedata.normalize("NFC", query).casefold().split()))


def holds_all(text: Searched, words: Sequence[str]) -> ColumnElement[bool]:
    """Needs at least one word: without words there is no search."""
    return and_(*(text.contains(word, autoescape=True) for word in words))


def holds_any(text: Searched, words: Sequence[str]) -> ColumnElement[bool]:
    """The same for at least one of them."""
    return or_(*(text.contains(word, autoescape=True) for word in words))
