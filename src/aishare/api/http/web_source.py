"""A source checkout, in which the browser application has to be built.

The builder is frontend/build.py, outside the package, because the build hook runs it before there is a package.
"""

import importlib.util
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Self

from aishare.core.errors import AishareError


@dataclass(frozen=True, slots=True)
class SourceCheckout:
    """The folder that holds `src/` and `frontend/`."""

    folder: Path

    @classmethod
    def around(cls, web: Path) -> Self | None:
        """The checkout whose build output is `web` (<checkout>/src/aishare/web); None for an installed package."""
        if len(web.parents) < 3:  # noqa: PLR2004 - aishare, src, checkout
            return None
        checkout = cls(web.parents[2])
        here = web.parents[1].name == "src" and checkout._builder_path.is_file()
        return checkout if here and (checkout.folder / "hatch_build.py").is_file() else None

    def is_fresh(self) -> bool:
        """Whether the build output matches the current sources."""
        return bool(self.builder().is_fresh())

    def build(self) -> bool:
        """Builds if needed; returns whether anything was built."""
        builder = self.builder()
        try:
            return bool(builder.build())
        except builder.BuildError as error:
            raise AishareError(f"The browser application could not be built: {error}.") from error

    @property
    def _builder_path(self) -> Path:
        return self.folder / "frontend" / "build.py"

    def builder(self) -> ModuleType:
        """frontend/build.py of this checkout."""
        name = "aishare_frontend_build"
        spec = importlib.util.spec_from_file_location(name, self._builder_path)
        if spec is None or spec.loader is None:
            raise AishareError(f"{self._builder_path} does not exist.")
        module = importlib.util.module_from_spec(spec)
        # dataclasses look up their own module by name
        sys.modules[name] = module
        spec.loader.exec_module(module)
        return module
