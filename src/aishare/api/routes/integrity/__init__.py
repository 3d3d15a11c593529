"""JSON routes for locations, disks, integrity checks and unused objects."""
