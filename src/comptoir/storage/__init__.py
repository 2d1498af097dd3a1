"""Engines, transactions, column types, pages and migrations: alone knows SQLite from PostgreSQL."""
