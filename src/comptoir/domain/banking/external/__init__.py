"""Accounts at other banks: verified by trial deposits, then good for transfers."""
