"""The bank of the CorePro dialect in which everything happens, once for each engine."""

from tests.dialects.corepro.conftest import bank_running, wire, world

__all__ = ["bank_running", "wire", "world"]
