"""What every layer may use: errors, sizes, keys, paths, ranges, ids, time. Imports nothing of ours."""
