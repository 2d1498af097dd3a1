"""Reading the program: what holds for every request of the bank."""

from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, or_, select

from comptoir.domain.banking.program.errors import NoProgram, NotEnabled, ProductNotFound
from comptoir.domain.banking.program.models import (
    BankInterestRate,
    BankProduct,
    Bin,
    FeeType,
    LimitRange,
    Program,
    ProgramAccount,
    ProgramExternalAccount,
)
from comptoir.domain.tx import Tx
from comptoir.storage.columns import Instant

PROGRAM_ID = 1


class ProgramFacts(NamedTuple):
    """The program as its record has it."""

    id: int
    name: str
    website: str
    time_zone: str
    bank_name: str
    bank_phone: str
    bank_url: str
    routing_number: str
    verification_type: str
    external_verification_type: str
    allowed_account_type: str
    account_types: list[str]
    external_account_types: list[str]
    features: list[str]
    questions: list[dict[str, Any]]
    is_nacha_enabled: bool
    is_bank_simulated: bool
    is_external_routing_needed: bool
    is_residence_needed: bool
    is_sensitive_info_visible: bool
    is_internal_transfer_enabled: bool
    is_recurring_contribution_enabled: bool
    is_interest_enabled: bool
    is_debit_rewards_enabled: bool
    is_denied_after_attempts: bool
    deposit_available_days: int
    hold_days_max: int
    verify_attempts_max: int
    verify_window_days: int
    account_count_max: int | None
    external_account_count_max: int | None
    archivals_per_day_max: int | None
    total_balance_max_minor: int | None
    target_max_minor: int | None
    contribution_minimum_minor: int | None
    contribution_maximum_minor: int | None
    reg_d_fee_minor: int
    reg_d_count_max: int
    requests_per_second: int | None
    same_day_deadline: str
    nacha: dict[str, Any]
    created_at: datetime
    updated_at: datetime

    @property
    def zone(self) -> ZoneInfo:
        """The bank's time zone, in which its days begin and end."""
        return ZoneInfo(self.time_zone)


class ProductRow(NamedTuple):
    """A kind of account that is offered."""

    id: int
    short_name: str
    name: str
    description: str
    category: str
    type: str
    is_default: bool
    is_business: bool
    is_external_withdraw_enabled: bool
    is_interest_enabled: bool
    is_recurring_contribution_enabled: bool
    is_immediate_load_enabled: bool
    is_minimum_balance_enabled: bool
    reg_d_count_max: int | None
    reg_d_count_free: int | None
    created_at: datetime


class Range(NamedTuple):
    """The least and the most, both allowed; None where nobody minds."""

    minimum_minor: int | None = None
    maximum_minor: int | None = None

    def holds(self, amount_minor: int) -> bool:
        """Whether an amount is within the range."""
        return (self.minimum_minor is None or amount_minor >= self.minimum_minor) and (
            self.maximum_minor is None or amount_minor <= self.maximum_minor
        )


class RateRow(NamedTuple):
    """What a range of balances earns, in 1e-11 of the whole."""

    tier: int
    apr_e11: int
    apy_e11: int
    minimum_minor: int | None
    maximum_minor: int | None
    effective_at: datetime | None
    expires_at: datetime | None
    description: str


class ProgramAccountRow(NamedTuple):
    """An account of the program; its balance is the ledger's."""

    account_id: int
    type: str
    description: str
    account_number: str
    is_active: bool


class ProgramExternalRow(NamedTuple):
    """An account of the program at another bank."""

    id: int
    type: str
    routing_number: str
    account_number: str
    description: str
    nacha_name: str
    is_active: bool


class BinRow(NamedTuple):
    """What the program's cards begin with."""

    id: int
    prefix: str
    network: str
    name: str
    is_active: bool


class FeeTypeRow(NamedTuple):
    """A fee that may be charged."""

    id: int
    code: str
    name: str
    amount_minor: int | None
    execution_type: str
    is_manual: bool
    is_active: bool


def _columns(record: Any, row: Any) -> list[Any]:
    return [getattr(record, name) for name in row._fields]


GET_PROGRAM = select(*_columns(Program, ProgramFacts)).where(Program.id == bindparam("program_id"))
PIN_KEY = select(Program.pin_key).where(Program.id == bindparam("program_id"))
PRODUCTS = select(*_columns(BankProduct, ProductRow)).order_by(BankProduct.id)
GET_PRODUCT = select(*_columns(BankProduct, ProductRow)).where(BankProduct.id == bindparam("product_id"))
_IN_FORCE = (
    or_(LimitRange.effective_at.is_(None), LimitRange.effective_at <= bindparam("now", type_=Instant())),
    or_(LimitRange.expires_at.is_(None), LimitRange.expires_at > bindparam("now", type_=Instant())),
)
LIMITS = (
    select(LimitRange.name, LimitRange.minimum_minor, LimitRange.maximum_minor)
    .where(LimitRange.scope == bindparam("scope"), LimitRange.scope_id == bindparam("scope_id"), *_IN_FORCE)
    .order_by(LimitRange.id)
)
RATES = select(*_columns(BankInterestRate, RateRow)).order_by(BankInterestRate.tier, BankInterestRate.id)
RATES_OF_PRODUCT = RATES.where(BankInterestRate.product_id == bindparam("product_id"))
RATES_OF_PROGRAM = RATES.where(BankInterestRate.product_id.is_(None))
PROGRAM_ACCOUNTS = select(*_columns(ProgramAccount, ProgramAccountRow)).order_by(ProgramAccount.account_id)
GET_PROGRAM_ACCOUNT = PROGRAM_ACCOUNTS.where(ProgramAccount.account_id == bindparam("account_id"))
PROGRAM_ACCOUNT_OF = select(ProgramAccount.account_id).where(
    ProgramAccount.type == bindparam("type"), ProgramAccount.is_active.is_(True)
)
PROGRAM_EXTERNALS = select(*_columns(ProgramExternalAccount, ProgramExternalRow)).order_by(
    ProgramExternalAccount.id
)
BINS = select(*_columns(Bin, BinRow)).order_by(Bin.id)
FEE_TYPES = select(*_columns(FeeType, FeeTypeRow)).order_by(FeeType.id)


def get_program(tx: Tx) -> ProgramFacts:
    """The shop's program. Refuses: NoProgram."""
    row = tx.one(GET_PROGRAM, program_id=PROGRAM_ID)
    if row is None:
        raise NoProgram
    return ProgramFacts(*row)


def pin_key_of(tx: Tx) -> str | None:
    """The private key, in PEM, that PINs are encrypted for; few have to unseal it."""
    found: str | None = tx.value(PIN_KEY, program_id=PROGRAM_ID)
    return found


def require_feature(program: ProgramFacts, feature: str) -> None:
    """Refuses: NotEnabled, unless the program has this family of routes."""
    if feature not in program.features:
        raise NotEnabled(feature)


def list_products(tx: Tx) -> list[ProductRow]:
    """What is offered, in the order in which it was planned."""
    return [ProductRow(*row) for row in tx.all(PRODUCTS)]


def get_product(tx: Tx, product_id: int) -> ProductRow:
    """One product. Refuses: ProductNotFound."""
    row = tx.one(GET_PRODUCT, product_id=product_id)
    if row is None:
        raise ProductNotFound(product_id)
    return ProductRow(*row)


def find_product(tx: Tx, *, product_id: int | None = None, type: str | None = None) -> ProductRow | None:
    """The product of an id, else the first of a type (in any case), else the default one."""
    products = list_products(tx)
    if product_id is not None:
        return next((one for one in products if one.id == product_id), None)
    if type:
        same = [one for one in products if type.lower() in {one.type.lower(), one.short_name.lower()}]
        return next((one for one in same if one.is_default), same[0] if same else None)
    return next((one for one in products if one.is_default), products[0] if products else None)


def limits_of(tx: Tx, scope: str, scope_id: int) -> dict[str, Range]:
    """The limits of a program, product or account that are in force, by name; later ones replace earlier."""
    rows = tx.all(LIMITS, scope=scope, scope_id=scope_id, now=tx.now)
    return {name: Range(minimum, maximum) for name, minimum, maximum in rows}


def rates_of(tx: Tx, product_id: int | None) -> list[RateRow]:
    """The interest rates of a product, or of the program as a whole, by tier."""
    if product_id is None:
        return [RateRow(*row) for row in tx.all(RATES_OF_PROGRAM)]
    return [RateRow(*row) for row in tx.all(RATES_OF_PRODUCT, product_id=product_id)]


def list_program_accounts(tx: Tx) -> list[ProgramAccountRow]:
    """The program's own accounts, by id."""
    return [ProgramAccountRow(*row) for row in tx.all(PROGRAM_ACCOUNTS)]


def find_program_account(tx: Tx, account_id: int) -> ProgramAccountRow | None:
    """The program's account of this id, if it is one."""
    row = tx.one(GET_PROGRAM_ACCOUNT, account_id=account_id)
    return None if row is None else ProgramAccountRow(*row)


def program_account_of(tx: Tx, type: str) -> int | None:
    """The id of the program's active account of a type, such as `VerificationFunds`."""
    found: int | None = tx.value(PROGRAM_ACCOUNT_OF, type=type)
    return found


def list_program_externals(tx: Tx) -> list[ProgramExternalRow]:
    """The program's accounts at other banks."""
    return [ProgramExternalRow(*row) for row in tx.all(PROGRAM_EXTERNALS)]


def list_bins(tx: Tx) -> list[BinRow]:
    """What the program's cards begin with, the default first."""
    return [BinRow(*row) for row in tx.all(BINS)]


def list_fee_types(tx: Tx) -> list[FeeTypeRow]:
    """The fees that may be charged."""
    return [FeeTypeRow(*row) for row in tx.all(FEE_TYPES)]
