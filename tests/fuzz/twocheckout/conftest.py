"""The shop of the 2Checkout dialect in which everything happens, once for each engine."""

from tests.dialects.twocheckout.conftest import vendor_running, wire, world

__all__ = ["vendor_running", "wire", "world"]
