"""Work on what strangers uploaded, in child processes that may be killed: they have limits, and nothing of ours.

`pool` is the service's side, `child` the other one; a program for children is a small module that calls `child.serve`
and imports only what its work needs. Children get no secrets: not our environment, and files as open descriptors.
"""
