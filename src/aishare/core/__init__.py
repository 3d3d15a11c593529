"""Used by every layer: errors, sizes, keys, paths, ranges, ids, time. Imports nothing else from aishare."""
