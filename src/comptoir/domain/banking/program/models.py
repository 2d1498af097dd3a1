"""What this bank offers and how it does it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint

from comptoir.storage.columns import WholeNumber
from comptoir.storage.schema import Id, JsonValue, Mapped, Record, Sealed, mapped_column

# How customers, and external accounts, are verified; `Any` leaves the choice to the caller.
NONE, OFAC_ONLY, IDENTITY, ANY = "None", "OFAC Only", "ID", "Any"
VERIFICATION_TYPES = (NONE, OFAC_ONLY, IDENTITY, ANY)

CHECKING, SAVINGS, PREPAID, TIME_DEPOSIT, ECODE = "Checking", "Savings", "Prepaid", "Time Deposit", "Ecode"
PRODUCT_CATEGORIES = (CHECKING, SAVINGS, PREPAID, TIME_DEPOSIT, ECODE)

# Whose limit it is, and what it limits.
OF_PROGRAM, OF_PRODUCT, OF_ACCOUNT = "program", "product", "account"
DEPOSIT, WITHDRAW = "deposit", "withdraw"

PROGRAM_RESERVE = "ProgramReserve"
# The tuple of type codes that a kind of program account gives: `RSVDEP` comes from the reserve.
PROGRAM_ACCOUNT_TYPES = {
    PROGRAM_RESERVE: "RSV",
    "BankIncome": "BNK",
    "PettyCash": "CSH",
    "Interest": "INT",
    "Miscellaneous": "MSC",
    "ProgramClearing": "PCL",
    "ReturnClearing": "RCL",
    "Retail": "RTL",
    "CardSettlement": "STL",
    "VerificationFunds": "VER",
}


class Program(Record):
    """The one program of a shop (id 1).

    `features` are the families of routes that need approval; `questions` the due diligence categories.
    `pin_key` is the private key, in PEM, that PINs are encrypted for.
    """

    __tablename__ = "program"

    id: Mapped[Id]
    name: Mapped[str]
    website: Mapped[str]
    time_zone: Mapped[str]
    bank_name: Mapped[str]
    bank_phone: Mapped[str]
    bank_url: Mapped[str]
    routing_number: Mapped[str]
    verification_type: Mapped[str]
    external_verification_type: Mapped[str]
    allowed_account_type: Mapped[str]
    account_types: Mapped[JsonValue]
    external_account_types: Mapped[JsonValue]
    features: Mapped[JsonValue]
    questions: Mapped[JsonValue]
    is_nacha_enabled: Mapped[bool]
    is_bank_simulated: Mapped[bool]
    is_external_routing_needed: Mapped[bool]
    is_residence_needed: Mapped[bool]
    is_sensitive_info_visible: Mapped[bool]
    is_internal_transfer_enabled: Mapped[bool]
    is_recurring_contribution_enabled: Mapped[bool]
    is_interest_enabled: Mapped[bool]
    is_debit_rewards_enabled: Mapped[bool]
    is_denied_after_attempts: Mapped[bool]
    deposit_available_days: Mapped[int]
    hold_days_max: Mapped[int]
    verify_attempts_max: Mapped[int]
    verify_window_days: Mapped[int]
    account_count_max: Mapped[int | None]
    external_account_count_max: Mapped[int | None]
    archivals_per_day_max: Mapped[int | None]
    total_balance_max_minor: Mapped[int | None]
    target_max_minor: Mapped[int | None]
    contribution_minimum_minor: Mapped[int | None]
    contribution_maximum_minor: Mapped[int | None]
    reg_d_fee_minor: Mapped[int]
    reg_d_count_max: Mapped[int]
    requests_per_second: Mapped[int | None]
    same_day_deadline: Mapped[str]
    nacha: Mapped[JsonValue]
    pin_key: Mapped[Sealed | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class BankProduct(Record):
    """A kind of account that the bank offers; `short_name` is its key in the program's maps: `checking`."""

    __tablename__ = "bank_product"

    id: Mapped[Id]
    short_name: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    description: Mapped[str]
    category: Mapped[str]
    type: Mapped[str]
    is_default: Mapped[bool]
    is_business: Mapped[bool]
    is_external_withdraw_enabled: Mapped[bool]
    is_interest_enabled: Mapped[bool]
    is_recurring_contribution_enabled: Mapped[bool]
    is_immediate_load_enabled: Mapped[bool]
    is_minimum_balance_enabled: Mapped[bool]
    reg_d_count_max: Mapped[int | None]
    reg_d_count_free: Mapped[int | None]
    created_at: Mapped[datetime]


class LimitRange(Record):
    """The least and the most of something, both allowed; None means that nobody minds.

    `name` is `per_transaction_deposit`, `daily_withdraw`, `user_monthly_deposit`, `balance` and the like.
    """

    __tablename__ = "limit_range"
    __table_args__ = (Index("ix_limit_range_scope", "scope", "scope_id"),)

    id: Mapped[Id]
    scope: Mapped[str]
    scope_id: Mapped[int]
    name: Mapped[str]
    minimum_minor: Mapped[int | None]
    maximum_minor: Mapped[int | None]
    effective_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]


class BankInterestRate(Record):
    """What balances of a range earn: rates in 1e-11 of the whole, 0.025 being 2,500,000,000."""

    __tablename__ = "bank_interest_rate"

    id: Mapped[Id]
    # None is the whole program's.
    product_id: Mapped[int | None] = mapped_column(ForeignKey("bank_product.id"), index=True)
    tier: Mapped[int]
    apr_e11: Mapped[int]
    apy_e11: Mapped[int]
    minimum_minor: Mapped[int | None]
    maximum_minor: Mapped[int | None]
    effective_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    description: Mapped[str]


class ProgramAccount(Record):
    """An account of the program itself, such as its reserve; its balance is the ledger's."""

    __tablename__ = "program_account"

    account_id: Mapped[int] = mapped_column(
        WholeNumber, ForeignKey("account.id"), primary_key=True, autoincrement=False
    )
    type: Mapped[str]
    description: Mapped[str]
    account_number: Mapped[str]
    is_active: Mapped[bool]


class ProgramExternalAccount(Record):
    """An account of the program at another bank."""

    __tablename__ = "program_external_account"

    id: Mapped[Id]
    type: Mapped[str]
    routing_number: Mapped[str]
    account_number: Mapped[Sealed]
    description: Mapped[str]
    nacha_name: Mapped[str]
    is_active: Mapped[bool]


class Bin(Record):
    """What numbers the program's cards begin with, and whose network they run on."""

    __tablename__ = "bin"
    __table_args__ = (UniqueConstraint("prefix"),)

    id: Mapped[Id]
    prefix: Mapped[str]
    network: Mapped[str]
    name: Mapped[str]
    is_active: Mapped[bool]


class FeeType(Record):
    """A fee that may be charged; one that is manual may be charged by `transaction/createFee`."""

    __tablename__ = "fee_type"

    id: Mapped[Id]
    code: Mapped[str]
    name: Mapped[str]
    amount_minor: Mapped[int | None]
    execution_type: Mapped[str]
    is_manual: Mapped[bool]
    is_active: Mapped[bool]
