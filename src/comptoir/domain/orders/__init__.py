"""Orders, their lines and their logs."""
