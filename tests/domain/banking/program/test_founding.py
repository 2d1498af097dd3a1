"""The program from its file: both samples, read back as they are planned, and changed by another plan."""

import pytest

from comptoir.domain.banking.program.errors import NoProgram, NotEnabled, PlanRefused
from comptoir.domain.banking.program.founding import found_program, fund_program_account
from comptoir.domain.banking.program.models import OF_PRODUCT, OF_PROGRAM, PROGRAM_RESERVE
from comptoir.domain.banking.program.plan import SAMPLES, read_plan, sample_plan, sample_text
from comptoir.domain.banking.program.queries import (
    Range,
    find_product,
    get_program,
    limits_of,
    list_bins,
    list_fee_types,
    list_products,
    list_program_accounts,
    list_program_externals,
    pin_key_of,
    program_account_of,
    rates_of,
    require_feature,
)
from comptoir.domain.errors import Invalid, Problems
from comptoir.domain.identity.shopkeeping import change_shop
from comptoir.domain.ledger.queries import get_account
from comptoir.domain.tx import OpenShop, Tx


def test_a_shop_without_a_program_says_so(tx: Tx) -> None:
    with pytest.raises(NoProgram):
        get_program(tx)


def test_the_first_sample_is_as_documented(tx: Tx) -> None:
    found_program(tx, sample_plan("example1"))
    program = get_program(tx)
    assert (program.name, program.verification_type, program.is_nacha_enabled) == ("Example1", "Any", True)
    checking = find_product(tx, type="checking")
    assert checking is not None
    assert (checking.id, checking.category, checking.is_default) == (19797713, "Checking", True)
    assert limits_of(tx, OF_PRODUCT, checking.id)["balance"] == Range(None, 99999999900)
    reserve_id = program_account_of(tx, PROGRAM_RESERVE)
    assert reserve_id is not None
    assert get_account(tx, reserve_id).available_minor == 100_000_000
    require_feature(program, "stop_pay")
    assert [one.prefix for one in list_bins(tx)] == ["448590", "539186"]
    assert [one.code for one in list_fee_types(tx)] == ["NSF", "RTN", "DAF"]
    assert [one.account_number for one in list_program_externals(tx)] == ["4000123456"]


def test_the_second_sample_has_the_recorded_limits(tx: Tx) -> None:
    found_program(tx, sample_plan("prepaid"))
    program = get_program(tx)
    assert program.name == "CoreProPrepaidTester"
    assert not program.is_nacha_enabled
    limits = limits_of(tx, OF_PROGRAM, program.id)
    assert limits["per_transaction_withdraw"] == Range(100, 50_000)
    assert limits["program_daily_deposit"] == Range(0, 99999999999)
    assert [rate.apr_e11 for rate in rates_of(tx, None)] == [0]
    with pytest.raises(NotEnabled):
        require_feature(program, "stop_pay")


def test_the_same_plan_again_changes_nothing(shop: OpenShop) -> None:
    shop.write(lambda tx: found_program(tx, sample_plan("example1")))
    before = shop.read(lambda tx: (list_products(tx), list_program_accounts(tx), pin_key_of(tx)))
    shop.write(lambda tx: found_program(tx, sample_plan("example1")))
    assert shop.read(lambda tx: (list_products(tx), list_program_accounts(tx), pin_key_of(tx))) == before
    reserve_id = shop.read(lambda tx: program_account_of(tx, PROGRAM_RESERVE))
    assert reserve_id is not None
    assert shop.read(lambda tx: get_account(tx, reserve_id)).balance_minor == 100_000_000


def test_a_changed_plan_replaces_limits_and_rates(tx: Tx) -> None:
    found_program(tx, sample_plan("example1"))
    text = (
        sample_text("example1")
        .replace('apr = "0.0100"', 'apr = "0.0200"')
        .replace("accounts = 50", "accounts = 2")
    )
    found_program(tx, read_plan(text))
    savings = find_product(tx, type="Savings")
    assert savings is not None
    assert [rate.apr_e11 for rate in rates_of(tx, savings.id)] == [2_000_000_000, 1_500_000_000]
    assert get_program(tx).account_count_max == 2


def test_a_product_keeps_its_category(tx: Tx) -> None:
    found_program(tx, sample_plan("prepaid"))
    text = sample_text("prepaid").replace('category = "Prepaid"', 'category = "Savings"')
    with pytest.raises(PlanRefused, match="stays"):
        found_program(tx, read_plan(text))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name = ", "no TOML"),
        ('name = "A"', "bank"),
        ('name = "A"\nproducts = []\nwhat = 1\n[bank]\nname = "B"', "what"),
        ('name = "A"\nproducts = []\n[bank]\nname = "B"', "are none"),
        (sample_text("prepaid").replace("America/Chicago", "Nowhere/Land"), "no time zone"),
        (sample_text("prepaid").replace('customers = "None"', 'customers = "Maybe"'), "'Maybe' is none of"),
        (sample_text("prepaid").replace("user_daily_deposit", "hourly_deposit"), "'hourly_deposit' is none of"),
        (sample_text("prepaid").replace('"ProgramReserve"', '"Piggy"'), "'Piggy' is none of"),
    ],
)  # fmt: skip
def test_a_plan_that_cannot_be_is_refused(text: str, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        read_plan(text)


def test_all_that_is_wrong_is_said_at_once() -> None:
    text = sample_text("prepaid").replace("America/Chicago", "X").replace('"Prepaid"', '"Gold"')
    with pytest.raises(Problems) as refusal:
        read_plan(text)
    assert [name for name, _ in refusal.value.problems] == ["products.checking.category", "bank.time_zone"]


def test_an_amount_finer_than_the_currency_is_refused(tx: Tx) -> None:
    text = sample_text("prepaid").replace('"100000.00"', '"100000.001"')
    with pytest.raises(Invalid, match="decimals"):
        found_program(tx, read_plan(text))


def test_amounts_follow_the_shops_currency(tx: Tx) -> None:
    change_shop(tx, currency="KWD")
    found_program(tx, sample_plan("prepaid"))


@pytest.mark.parametrize("name", SAMPLES)
def test_a_program_account_is_funded(tx: Tx, name: str) -> None:
    found_program(tx, sample_plan(name))
    reserve_id = program_account_of(tx, PROGRAM_RESERVE)
    assert reserve_id is not None
    before = get_account(tx, reserve_id).balance_minor
    fund_program_account(tx, type=PROGRAM_RESERVE, amount_minor=12_345)
    assert get_account(tx, reserve_id).balance_minor == before + 12_345
    with pytest.raises(Invalid, match="no account"):
        fund_program_account(tx, type="Interest", amount_minor=1)
    with pytest.raises(Invalid, match="above zero"):
        fund_program_account(tx, type=PROGRAM_RESERVE, amount_minor=0)
