"""The order of names: what people expect, whatever the names are made of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aishare.core.natural_order import NAME_BYTES, PATH_BYTES, name_order, path_order

IN_ORDER = [
    ["img_1.png", "img_2.png", "img_10.png", "img_10a.png", "img_100.png"],
    ["analysis.ipynb", "img_2", "q", "r1", "README.md", "rz", "s"],
    ["a", "ä.txt", "az", "b", "Éa", "Eb", "o", "ø1", "p"],
    ["readme", "README", "Readme", "readme 2"],
    ["x1", "x001", "x01", "x2"],
    ["9" * 20, "1" + "0" * 20, "9" * 249, "9" * 250, "1" + "0" * 250, "9" * 254],
    ["v1.2", "v1.9", "v1.10", "v2"],
    ["2024-1", "2024-02", "2024-10"],
    ["٢", "\uff13", "4"],
    ["straße", "strassen"],
    ["file (2).txt", "file.txt", "file1.txt"],
    ["ﬁx", "fj"],
]


@pytest.mark.parametrize("names", IN_ORDER, ids=[names[0][:12] for names in IN_ORDER])
def test_names_stand_where_people_look_for_them(names: list[str]) -> None:
    names_reversed = list(reversed(names))
    assert sorted(names_reversed, key=name_order) == names


def test_what_is_in_a_folder_stands_together_before_longer_names() -> None:
    paths = ["img/2", "img/10", "img 2/x", "img 10/x", "img.txt", "zoo"]
    paths_reversed = list(reversed(paths))
    assert sorted(paths_reversed, key=path_order) == paths


NAMES = st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="/"), min_size=1, max_size=10)


@given(NAMES, NAMES)
def test_two_names_have_two_places_and_fit_into_an_index(one: str, other: str) -> None:
    assert len(name_order(one)) <= NAME_BYTES
    assert (name_order(one) == name_order(other)) == (one == other)


@given(st.lists(NAMES, min_size=2, max_size=40))
def test_a_path_begins_with_the_place_of_its_folder(names: list[str]) -> None:
    folder, whole = path_order("/".join(names[:-1])), path_order("/".join(names))
    assert len(whole) <= PATH_BYTES
    assert whole.startswith(folder)
    assert whole == (folder + b"\0" + name_order(names[-1]))[:PATH_BYTES]
