"""A served shop, and somebody signed in at its console."""

from pathlib import Path

import pytest

from comptoir.dialects.edge import ServedShop
from comptoir.domain.tx import OpenShop
from tests.console.visiting import Visitor, signed_in
from tests.storefront.buying import served


@pytest.fixture
def home(shop: OpenShop, tmp_path: Path) -> ServedShop:
    return served(shop, tmp_path)


@pytest.fixture
def visitor(home: ServedShop) -> Visitor:
    """The owner."""
    return signed_in(home)
