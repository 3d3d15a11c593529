"""Build hook: a wheel, an sdist and an editable install all come with the browser application built.

The building itself is in frontend/build.py, which the command line calls too.
"""

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BrowserApplicationHook(BuildHookInterface):
    def dependencies(self) -> list[str]:
        builder = self._builder()
        if self._skipped(builder) or builder.is_fresh() or not builder.needs_node_package():
            return []
        return [builder.NODE_REQUIREMENT]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - the hook's interface
        builder = self._builder()
        if self._skipped(builder):
            return
        try:
            builder.build()
        except builder.BuildError as error:
            if version != "editable":
                raise
            # API and command line work without it, and the server says what is missing: a checkout without
            # network must stay installable
            print(_WARNING.format(error=error), file=sys.stderr)

    def _skipped(self, builder: ModuleType) -> bool:
        return bool(os.environ.get(builder.SKIP_SWITCH))

    def _builder(self) -> ModuleType:
        path = Path(self.root) / "frontend" / "build.py"
        spec = importlib.util.spec_from_file_location("aishare_frontend_build", path)
        if spec is None or spec.loader is None:
            raise RuntimeError(f"cannot load {path}")
        module = importlib.util.module_from_spec(spec)
        # dataclasses look their own module up by name
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
        return module


_WARNING = """
**********************************************************************************
The browser application was NOT built: {error}
aishare is installed without it. When the cause is gone, run: uv run aishare ui build
**********************************************************************************
"""
