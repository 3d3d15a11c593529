"""Wrappers around backends: retries, limits, measurements, a circuit breaker."""
