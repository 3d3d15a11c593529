"""All routes that transfer file content, as plain ASGI."""
