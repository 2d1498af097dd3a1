"""Founding the program, and changing it: what the plan says is there, what it leaves out stays as it is."""

from collections.abc import Mapping, Sequence
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from sqlalchemy import bindparam, delete, select

from comptoir.domain.banking.movements.chart import CASH
from comptoir.domain.banking.movements.moving import Movement, move_money
from comptoir.domain.banking.program.errors import NoProgram, PlanRefused
from comptoir.domain.banking.program.models import (
    OF_PRODUCT,
    OF_PROGRAM,
    BankInterestRate,
    BankProduct,
    Bin,
    FeeType,
    LimitRange,
    Program,
    ProgramAccount,
    ProgramExternalAccount,
)
from comptoir.domain.banking.program.plan import (
    Limit,
    PlannedAccount,
    PlannedProduct,
    ProgramPlan,
    Rate,
    e11,
    minor,
)
from comptoir.domain.banking.program.queries import PROGRAM_ID, get_program, list_products, program_account_of
from comptoir.domain.errors import Invalid
from comptoir.domain.ledger.accounts import open_account
from comptoir.domain.ledger.models import EQUITY
from comptoir.domain.tx import Tx
from comptoir.storage.schema import Record

KEY_BITS = 2048
FUNDING = "BNKDEP"
# A program's own accounts are numbered beside those of customers.
NUMBER_DIGITS = 10

DROP_LIMITS = delete(LimitRange).where(
    LimitRange.scope == bindparam("scope"), LimitRange.scope_id == bindparam("scope_id")
)
DROP_PRODUCT_RATES = delete(BankInterestRate).where(BankInterestRate.product_id == bindparam("product_id"))
DROP_PROGRAM_RATES = delete(BankInterestRate).where(BankInterestRate.product_id.is_(None))
ID_OF: dict[type[Record], Any] = {
    Bin: select(Bin.id).where(Bin.prefix == bindparam("key")),
    FeeType: select(FeeType.id).where(FeeType.code == bindparam("key")),
    ProgramExternalAccount: select(ProgramExternalAccount.id).where(
        ProgramExternalAccount.type == bindparam("key")
    ),
}


def found_program(tx: Tx, plan: ProgramPlan) -> None:
    """Make the shop's program as it is planned, or change it to that.

    Products are known by their short names, accounts by their types, bins by their prefixes, fees by their
    codes; their limits and rates become those of the plan. An account's first balance is given once.
    Refuses: Invalid (amounts, rates), PlanRefused (a product changes its category while it is in use).
    """
    _write_program(tx, plan)
    _set_limits(tx, OF_PROGRAM, PROGRAM_ID, plan.limits)
    _set_rates(tx, None, plan.rates)
    for product in plan.products:
        _write_product(tx, product)
    for account in plan.accounts:
        if program_account_of(tx, account.type) is None:
            _open(tx, account)
    for external in plan.external_accounts:
        _keep(
            tx,
            ProgramExternalAccount,
            external.type,
            routing_number=external.routing_number,
            account_number=external.account_number,
            description=external.description,
            nacha_name=external.nacha_name,
            type=external.type,
            is_active=True,
        )
    for one in plan.bins:
        _keep(tx, Bin, one.prefix, prefix=one.prefix, network=one.network, name=one.name, is_active=True)
    for fee in plan.fees:
        _keep(
            tx,
            FeeType,
            fee.code,
            code=fee.code,
            name=fee.name,
            amount_minor=minor(fee.amount, tx.shop.currency),
            execution_type=fee.execution,
            is_manual=fee.manual,
            is_active=fee.active,
        )


def fund_program_account(tx: Tx, *, type: str, amount_minor: int) -> None:
    """Bring money of the program's owner in, to one of its accounts.

    Refuses: NoProgram, Invalid (type, amount).
    """
    get_program(tx)
    account_id = program_account_of(tx, type)
    if account_id is None:
        raise Invalid("type", f"{type!r} is no account of this program")
    if amount_minor <= 0:
        raise Invalid("amount", "must be above zero")
    move_money(tx, Movement(amount_minor, CASH, account_id, FUNDING, description="Brought in by the program"))


def _write_program(tx: Tx, plan: ProgramPlan) -> None:
    values = _program_values(tx, plan) | {"updated_at": tx.now}
    try:
        before = get_program(tx)
    except NoProgram:
        tx.insert(Program, id=PROGRAM_ID, **values, pin_key=_new_key(), created_at=tx.now)
        tx.note("program.founded", "program", PROGRAM_ID, after={"name": plan.name})
        return
    tx.update(Program, PROGRAM_ID, **values)
    changed = {name for name, value in values.items() if getattr(before, name) != value} - {"updated_at"}
    if changed:
        tx.note("program.changed", "program", PROGRAM_ID, after={"changed": sorted(changed)})


def _program_values(tx: Tx, plan: ProgramPlan) -> dict[str, Any]:
    bank, verification, rules, currency = plan.bank, plan.verification, plan.rules, tx.shop.currency
    return {
        "name": plan.name,
        "website": plan.website,
        "time_zone": bank.time_zone,
        "bank_name": bank.name,
        "bank_phone": bank.phone,
        "bank_url": bank.url,
        "routing_number": bank.routing_number,
        "verification_type": verification.customers,
        "external_verification_type": verification.external_accounts,
        "allowed_account_type": plan.account_type,
        "account_types": plan.account_types or sorted({one.type for one in plan.products}),
        "external_account_types": plan.external_account_types,
        "features": sorted(plan.features),
        "questions": plan.questions,
        "is_nacha_enabled": rules.nacha,
        "is_bank_simulated": rules.simulated_bank,
        "is_external_routing_needed": rules.external_routing_number,
        "is_residence_needed": rules.residence_address,
        "is_sensitive_info_visible": rules.sensitive_information,
        "is_internal_transfer_enabled": rules.internal_transfers,
        "is_recurring_contribution_enabled": rules.recurring_contributions,
        "is_interest_enabled": rules.interest,
        "is_debit_rewards_enabled": rules.debit_rewards,
        "is_denied_after_attempts": verification.denied_after_attempts,
        "deposit_available_days": rules.deposit_available_days,
        "hold_days_max": rules.hold_days,
        "verify_attempts_max": verification.attempts,
        "verify_window_days": verification.window_days,
        "account_count_max": rules.accounts,
        "external_account_count_max": rules.external_accounts,
        "archivals_per_day_max": rules.archivals_per_day,
        "total_balance_max_minor": minor(rules.total_balance, currency),
        "target_max_minor": minor(rules.target, currency),
        "contribution_minimum_minor": minor(rules.contribution_minimum, currency),
        "contribution_maximum_minor": minor(rules.contribution_maximum, currency),
        "reg_d_fee_minor": minor(rules.reg_d_fee, currency),
        "reg_d_count_max": rules.reg_d_maximum,
        "requests_per_second": rules.requests_per_second,
        "same_day_deadline": rules.same_day_deadline,
        "nacha": {name: getattr(plan.nacha, name) for name in plan.nacha.__struct_fields__},
    }


def _write_product(tx: Tx, product: PlannedProduct) -> None:
    values = {
        "name": product.name,
        "description": product.description or product.name,
        "category": product.category,
        "type": product.type,
        "is_default": product.default,
        "is_business": product.business,
        "is_external_withdraw_enabled": product.external_withdraw,
        "is_interest_enabled": product.interest,
        "is_recurring_contribution_enabled": product.recurring_contributions,
        "is_immediate_load_enabled": product.immediate_load,
        "is_minimum_balance_enabled": product.minimum_balance,
        "reg_d_count_max": product.reg_d_maximum,
        "reg_d_count_free": product.reg_d_free,
    }
    products = list_products(tx)
    known = next((one for one in products if one.short_name == product.short_name), None)
    if known is None:
        if product.id is not None and any(one.id == product.id for one in products):
            raise PlanRefused(f"product {product.id} is another one already")
        product_id = product.id or tx.ids.next("bank_product")
        tx.ids.reach("bank_product", product_id)
        tx.insert(BankProduct, id=product_id, short_name=product.short_name, **values, created_at=tx.now)
        tx.note("bank_product.added", "bank_product", product_id, after={"short_name": product.short_name})
    else:
        product_id = known.id
        if known.category != product.category:
            raise PlanRefused(f"product {product.short_name} is {known.category}, and stays so")
        tx.update(BankProduct, product_id, **values)
    _set_limits(tx, OF_PRODUCT, product_id, product.limits)
    _set_rates(tx, product_id, product.rates)


def _set_limits(tx: Tx, scope: str, scope_id: int, limits: Mapping[str, Limit]) -> None:
    tx.run(DROP_LIMITS, scope=scope, scope_id=scope_id)
    currency = tx.shop.currency
    for name, limit in limits.items():
        tx.insert(
            LimitRange,
            id=tx.ids.next("limit_range"),
            scope=scope,
            scope_id=scope_id,
            name=name,
            minimum_minor=minor(limit.minimum, currency),
            maximum_minor=minor(limit.maximum, currency),
            effective_at=None,
            expires_at=None,
        )


def _set_rates(tx: Tx, product_id: int | None, rates: Sequence[Rate]) -> None:
    if product_id is None:
        tx.run(DROP_PROGRAM_RATES)
    else:
        tx.run(DROP_PRODUCT_RATES, product_id=product_id)
    currency = tx.shop.currency
    for rate in rates:
        tx.insert(
            BankInterestRate,
            id=tx.ids.next("bank_interest_rate"),
            product_id=product_id,
            tier=rate.tier,
            apr_e11=e11(rate.apr),
            apy_e11=e11(rate.apy or rate.apr),
            minimum_minor=minor(rate.minimum, currency),
            maximum_minor=minor(rate.maximum, currency),
            effective_at=rate.effective,
            expires_at=rate.expires,
            description=rate.description,
        )


def _open(tx: Tx, account: PlannedAccount) -> None:
    """Open an account of the program, with what it begins with."""
    account_id = open_account(
        tx,
        code=f"program:{account.type}",
        name=account.description or account.type,
        kind=EQUITY,
        floor_minor=0,
    )
    number = account.account_number or f"{account_id:0{NUMBER_DIGITS}}"
    tx.insert(
        ProgramAccount,
        account_id=account_id,
        type=account.type,
        description=account.description or account.type,
        account_number=number,
        is_active=True,
    )
    tx.note("program_account.opened", "program_account", account_id, after={"type": account.type})
    balance_minor = minor(account.balance, tx.shop.currency) or 0
    if balance_minor:
        fund_program_account(tx, type=account.type, amount_minor=balance_minor)


def _keep(tx: Tx, record: type[Record], key: str, **values: Any) -> None:
    """Add a record that is known by a key, or change it."""
    known: int | None = tx.value(ID_OF[record], key=key)
    if known is None:
        tx.insert(record, id=tx.ids.next(record.__tablename__), **values)
    else:
        tx.update(record, known, **values)


def _new_key() -> str:
    """A private key that PINs are encrypted for."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return pem.decode()
