"""Whether a storage works, and whether it is the right one."""
