"""The year of trade, that of the vendor too, comes back from files to the byte, and its books balance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from comptoir.domain.exchange.formats import FORMATS, FileFormat
from comptoir.domain.proof import prove_books
from tests.domain.exchange.given import all_exported, all_imported, fresh_shop, rows_of
from tests.domain.orders.given import balances

if TYPE_CHECKING:
    from pathlib import Path

    from comptoir.domain.tx import OpenShop
    from tests.engines import Engines

OF_THE_BANK = ("bank_", "deposit:", "program:")
OF_THE_VENDOR = ("invoices", "recurring_items", "payment_methods", "exchange_rates", "tax_rates", "payouts")


@pytest.mark.parametrize("file_format", FORMATS)
def test_the_year_comes_back(
    demo: OpenShop, engine: str, engines: Engines, tmp_path: Path, file_format: FileFormat
) -> None:
    files = all_exported(demo, file_format)
    assert all(files[name] for name in OF_THE_VENDOR)
    assert any(one["settles_id"] for row in rows_of(demo, "payouts") for one in row["entries"])
    with fresh_shop(engines, engine, tmp_path / "other") as other:
        all_imported(other, files, file_format)
        assert all_exported(other, file_format) == files
        assert other.read(prove_books) == []
        assert other.read(balances) == of_the_shop(demo.read(balances))


def of_the_shop(found: dict[str, int]) -> dict[str, int]:
    """The balances of the trade: what is the bank's stays with the bank."""
    return {code: minor for code, minor in found.items() if not code.startswith(OF_THE_BANK)}
