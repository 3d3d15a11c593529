"""Draws the house from its imports: layers are floors, rooms stand in columns. Makes docs/images/house.svg.

python -m tools.house
"""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import grimp

PAGE = Path(__file__).resolve().parent.parent / "docs" / "images" / "house.svg"
FLOORS = (
    ("cli",),
    ("api",),
    ("jobs",),
    ("runtime",),
    ("services",),
    ("catalogue",),
    ("storage",),
    ("settings", "images", "previews"),
    ("sandbox",),
    ("core",),
)
COLUMNS = ("content", "previews", "sharing", "people", "moving", "integrity", "configuration")
BOX, LINE, GAP, LEFT = (152, 52), 14, 8, 104
STYLE = """
text { font: 12px system-ui, sans-serif; fill: #1f2933 } .layer { font-weight: 600; font-size: 14px }
.small { font-size: 10.5px; fill: #52606d } .floor { fill: #f0f4f8 } .room { fill: #fff; stroke: #9fb3c8 }
@media (prefers-color-scheme: dark) {
  text { fill: #e4e7eb } .small { fill: #9aa5b1 } .floor { fill: #1f2933 } .room { fill: #323f4b; stroke: #616e7c }
}"""


class Layer:
    """One layer: its rooms with their number of modules, and which rooms each imports."""

    def __init__(self, graph: grimp.ImportGraph, name: str) -> None:
        self.name = name
        self._root = f"aishare.{name}"
        self.modules = 1 + len(graph.find_descendants(self._root))
        self.rooms: dict[str, int] = defaultdict(int)
        self.uses: dict[str, set[str]] = defaultdict(set)
        for module in sorted(graph.find_descendants(self._root)):
            room = self._room(graph, module)
            if room is None:
                continue
            self.rooms[room] += 1
            others = {self._room(graph, other) for other in graph.find_modules_directly_imported_by(module)}
            self.uses[room] |= {other for other in others if other is not None and other != room}

    def _room(self, graph: grimp.ImportGraph, module: str) -> str | None:
        """The package of this layer that has the module. The routes of the API are rooms, not one room."""
        if not module.startswith(f"{self._root}."):
            return None
        steps = module.removeprefix(f"{self._root}.").split(".")
        if steps[0] == "routes":
            return steps[1] if len(steps) > 1 else None
        return steps[0] if graph.find_children(f"{self._root}.{steps[0]}") else None


def render() -> str:
    graph = grimp.build_graph("aishare", cache_dir=None)
    drawn: list[str] = []
    y = GAP
    for names in FLOORS:
        layers = [Layer(graph, name) for name in names]
        height, boxes = _floor(layers, y)
        drawn += boxes
        y += height + GAP
    width = LEFT + len(COLUMNS) * (BOX[0] + GAP) + GAP
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {y}" role="img" aria-label="Layers and rooms">'
    )
    return "\n".join([head, f"<style>{STYLE}</style>", *drawn, "</svg>", ""])


def _floor(layers: list[Layer], y: int) -> tuple[int, list[str]]:
    """Rooms with the words of all layers stand in their columns, the others in a line below them."""
    if len(layers) == 1 and len(layers[0].rooms) > 1:
        title, lines = layers[0].name, list(_lines(layers[0]))
    else:
        title = layers[0].name if len(layers) == 1 else ""
        lines = [[(at, _box(layer.name, layer.modules, set())) for at, layer in enumerate(layers)]]
    height = len(lines) * (BOX[1] + GAP) + GAP
    width = LEFT + len(COLUMNS) * (BOX[0] + GAP)
    boxes = [f'<rect class="floor" x="{GAP // 2}" y="{y}" width="{width}" height="{height}" rx="8"/>']
    boxes.append(f'<text class="layer" x="{GAP + 6}" y="{y + 30}">{title}</text>')
    for number, line in enumerate(lines):
        top = y + GAP + number * (BOX[1] + GAP)
        boxes += [f'<g transform="translate({LEFT + at * (BOX[0] + GAP)} {top})">{box}</g>' for at, box in line]
    return height, boxes


def _lines(layer: Layer) -> Iterator[list[tuple[int, str]]]:
    placed = [(COLUMNS.index(room), room) for room in layer.rooms if room in COLUMNS]
    others = list(enumerate(room for room in layer.rooms if room not in COLUMNS))
    for line in (placed, others):
        if line:
            yield [(at, _box(room, layer.rooms[room], layer.uses[room])) for at, room in line]


def _box(name: str, modules: int, uses: set[str]) -> str:
    parts = [f'<rect class="room" width="{BOX[0]}" height="{BOX[1]}" rx="5"/>']
    parts.append(f'<text x="8" y="17">{name} <tspan class="small">{modules}</tspan></text>')
    for number, line in enumerate(_wrapped(sorted(uses))):
        parts.append(f'<text class="small" x="8" y="{17 + LINE * (number + 1)}">{line}</text>')
    return "".join(parts)


def _wrapped(words: list[str], width: int = 25) -> list[str]:
    """`→ a, b, c` in at most two lines."""
    if not words:
        return []
    lines = ["\N{RIGHTWARDS ARROW} " + words[0]]
    for word in words[1:]:
        if len(lines[-1]) + len(word) + 2 > width and len(lines) == 1:
            lines[-1] += ","
            lines.append(word)
        else:
            lines[-1] += f", {word}"
    return lines


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
