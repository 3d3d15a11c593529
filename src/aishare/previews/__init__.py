"""Previews of files: tables, tensors, text, archives, notebooks.

The readers run in a child process of their own (`aishare.previews.reader`), for the files are strangers': a reader that
crashes, never ends or wants all memory costs one preview. The child has no storage and no secrets; it asks its parent
for the ranges that it needs. Nothing here but the readers imports pyarrow, and the service imports none of them.
"""
