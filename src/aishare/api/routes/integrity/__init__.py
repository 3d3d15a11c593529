"""Whether what was stored is still there: locations, disks, checks, unused objects. Their JSON."""
