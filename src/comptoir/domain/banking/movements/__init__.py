"""Movements of money by the bank: what is known of them, and the one verb that posts them."""
