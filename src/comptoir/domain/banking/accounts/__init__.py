"""Deposit accounts: who owns and may use them, what they earn, what is held or locked."""
