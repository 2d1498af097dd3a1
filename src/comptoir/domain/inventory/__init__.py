"""Warehouses, and stock as a double-entry journal of quantities."""
