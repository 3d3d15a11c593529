"""Builds everything from settings: the one place of wiring, and of swapping when settings change."""

from aishare.runtime.housekeeping import background
from aishare.runtime.live import LiveRuntime, open_live, open_runtime
from aishare.runtime.places import open_trial
from aishare.runtime.wiring import Runtime

__all__ = ["LiveRuntime", "Runtime", "background", "open_live", "open_runtime", "open_trial"]
