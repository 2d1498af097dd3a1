"""Checkout: a buyer's checkout, from link to paid order."""
