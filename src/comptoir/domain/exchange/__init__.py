"""Every kind of record in files and out of them again, ids kept."""
