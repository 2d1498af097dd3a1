"""Coupons: codes and the discounts they give."""
