"""The schema's history, one file per change; the files name tables and columns, never records."""
