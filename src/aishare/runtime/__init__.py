"""Builds all services from the settings, and replaces them when the settings change."""

from aishare.runtime.attaching import open_known_trial
from aishare.runtime.housekeeping import background
from aishare.runtime.live import LiveRuntime, open_live, open_people, open_runtime
from aishare.runtime.rooms import Runtime

__all__ = ["LiveRuntime", "Runtime", "background", "open_known_trial", "open_live", "open_people", "open_runtime"]
