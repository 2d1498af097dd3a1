"""Adapters to payment processors of the outside world, each behind the domain's port."""
