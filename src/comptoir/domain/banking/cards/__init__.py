"""Debit cards and what is authorised, posted and taken back by them."""
