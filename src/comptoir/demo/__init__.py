"""The demo world: the records that the published examples speak of, and a year of trade around them."""

from comptoir.demo.bank import load_prepaid
from comptoir.demo.loading import DemoRefused, load_demo
from comptoir.demo.pictures import mirror_files, write_mirror

__all__ = ["DemoRefused", "load_demo", "load_prepaid", "mirror_files", "write_mirror"]
