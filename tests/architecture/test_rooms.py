"""The contract that keeps the rooms of a layer apart."""

import pytest
from grimp import ImportGraph

from tools.room_contract import RoomContract

MODULES = (
    "shop",
    "shop.till",
    "shop.till.coins",
    "shop.cellar",
    "shop.cellar.shelves",
    "shop.tools",
    "shop.tools.saw",
    "shop.door",
)


def broken(importer: str, imported: str) -> list[tuple[str, str, str]]:
    graph = ImportGraph()
    for module in MODULES:
        graph.add_module(module)
    graph.add_import(importer=importer, imported=imported)
    contract = RoomContract("rooms", {}, {"layers": ["shop"], "open_rooms": ["shop.tools"]})
    return contract.check(graph, verbose=False).metadata["broken"]


def test_a_module_of_another_room_is_refused():
    assert broken("shop.till.coins", "shop.cellar.shelves") == [
        ("shop.till.coins", "shop.cellar.shelves", "shop.cellar")
    ]


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("shop.till.coins", "shop.cellar"),
        ("shop.cellar", "shop.cellar.shelves"),
        ("shop.till.coins", "shop.tools.saw"),
        ("shop.door", "shop.cellar.shelves"),
    ],
)
def test_the_package_of_a_room_an_open_room_and_what_is_no_room_are_allowed(importer, imported):
    assert broken(importer, imported) == []
