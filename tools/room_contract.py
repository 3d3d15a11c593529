"""A contract of import-linter: the rooms of a layer know each other only through what a room's package gives."""

from collections.abc import Iterator

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class RoomContract(Contract):
    """Each package below one of `layers` is a room. Modules of one room may import the package of another, and none of
    the modules in it; what is in `open_rooms` may be imported by all.
    """

    layers = fields.SetField(subfield=fields.StringField())
    open_rooms = fields.SetField(subfield=fields.StringField(), required=False, default=set())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002, FBT001 - what it is called with
        found = sorted(broken for layer in self.layers for broken in self._broken(graph, layer))
        return ContractCheck(kept=not found, metadata={"broken": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, imported, room in check.metadata["broken"]:
            output.print_error(f"{importer} imports {imported}: import it from {room}.")

    def _broken(self, graph: ImportGraph, layer: str) -> Iterator[tuple[str, str, str]]:
        rooms = {room for room in graph.find_children(layer) if graph.find_children(room)}
        for room in rooms - self.open_rooms:
            for imported in graph.find_descendants(room):
                for importer in graph.find_modules_that_directly_import(imported):
                    if _is_in(importer, rooms - {room}):
                        yield importer, imported, room


def _is_in(module: str, packages: set[str]) -> bool:
    return any(module.startswith(f"{package}.") for package in packages)
