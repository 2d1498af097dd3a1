"""What only the bank decides on customers, from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from comptoir.domain.banking.customers.creating import create_customer, initiate_customer
from comptoir.opening import open_shop, shop_named
from comptoir.settings import read_settings
from tests.domain.banking.customers.people import person

if TYPE_CHECKING:
    from comptoir.domain.tx import Tx
    from tests.cli.conftest import Run


@pytest.fixture
def bank(run: Run, tmp_path: Path) -> Run:
    """A shop with a bank: its merchant is customer 1, 2 waits for documents, and 3 is verified."""
    program = tmp_path / "program.toml"
    program.write_text(run("bank", "sample", "example1").out)
    assert run("bank", "load", str(program)).code == 0
    settings = read_settings({}, {}).settings
    home = open_shop(settings, shop_named(settings, None))

    def take_on(tx: Tx) -> None:
        initiate_customer(tx, person=person(2, tax_id="900000000"))
        create_customer(tx, person=person(3))

    home.shop.write(take_on)
    home.shop.database.close()
    return run


def test_customers_are_listed_and_shown_without_the_numbers_that_identify_them(bank: Run) -> None:
    rows = {row["id"]: row for row in bank("bank", "customers", "list", "--json").told}
    assert len(rows) == 3
    assert (rows[2]["status"], rows[2]["tax_id"], rows[2]["last_name"]) == (
        "Manual Review",
        "******0000",
        "McTester 2",
    )
    assert len(bank("bank", "customers", "list", "--limit", "1", "--json").told) == 1
    shown = bank("bank", "customers", "show", "3")
    assert "******0003" in shown.out
    assert "900000003" not in shown.out


def test_the_bank_decides_on_who_waits_and_only_once(bank: Run) -> None:
    said = bank("bank", "customers", "decide", "2", "--verified")
    assert (said.code, said.out) == (0, "Customer 2 is Verified.\n")
    assert bank("bank", "customers", "show", "2", "--json").told["verified_at"]
    again = bank("bank", "customers", "decide", "2", "--denied")
    assert (again.code, again.err) == (1, "comptoir: customer 2 is Verified, which stays so\n")
    assert bank("bank", "customers", "decide", "3", "--deceased", "--json").told == {
        "id": 3,
        "status": "Deceased",
    }
    assert (
        bank("bank", "customers", "decide", "77", "--denied").err == "comptoir: customer id 77 is invalid\n"
    )


@pytest.mark.parametrize("flags", [[], ["--verified", "--denied"]])
def test_a_decision_is_one_of_three(bank: Run, flags: list[str]) -> None:
    said = bank("bank", "customers", "decide", "2", *flags)
    assert (said.code, "one of --verified, --denied and --deceased" in said.err) == (2, True)


def test_a_customer_is_locked_and_unlocked(bank: Run) -> None:
    assert bank("bank", "customers", "lock", "3", "--reason", "Lost papers").code == 0
    assert bank("bank", "customers", "show", "3", "--json").told["locked_reason"] == "Lost papers"
    assert bank("bank", "customers", "unlock", "3").out == "Customer 3 is unlocked.\n"
    assert bank("bank", "customers", "show", "3", "--json").told["is_locked"] is False
