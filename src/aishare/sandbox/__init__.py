"""Child processes that work on uploaded files: they have limits, no access to secrets, and can be killed at any time.

`pool` is the service's side, `child` the other one; a program for children is a small module that calls `child.serve`
and imports only what its work needs. Children get no secrets: not our environment, and files only as open descriptors.
"""
