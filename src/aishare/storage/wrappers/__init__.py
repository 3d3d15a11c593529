"""What is put around a backend: retries, limits, measurements, a circuit breaker."""
