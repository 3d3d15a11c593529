"""Everything that moves bytes, as plain ASGI."""
