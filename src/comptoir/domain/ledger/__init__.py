"""Accounts, transfers, postings, holds; knows nothing of shops."""
