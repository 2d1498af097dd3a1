"""Gift codes that are bought from an account."""
