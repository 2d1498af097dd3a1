"""Long work that somebody asked for: imports, exports, a sandbox's time."""
