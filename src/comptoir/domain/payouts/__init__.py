"""Payouts: settlement to the merchant."""
