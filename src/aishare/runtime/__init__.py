"""Builds everything from settings: the one place of wiring, and of swapping when settings change."""

from aishare.runtime.attaching import open_known_trial
from aishare.runtime.housekeeping import background
from aishare.runtime.live import LiveRuntime, open_live, open_people, open_runtime
from aishare.runtime.wiring import Runtime

__all__ = ["LiveRuntime", "Runtime", "background", "open_known_trial", "open_live", "open_people", "open_runtime"]
