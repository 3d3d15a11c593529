"""Previews of files: tables, tensors, text, archives, notebooks.

The readers run in a separate child process (`aishare.previews.reader`), because files are uploaded by strangers: a
reader that crashes, never ends or uses all memory costs only one preview. The child has no storage and no secrets; it
asks its parent for the ranges it needs. Only the readers import pyarrow, and the service imports none of them.
"""
