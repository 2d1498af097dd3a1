"""A program as it is planned in a file: what the merchant says in TOML, checked and typed.

Amounts are text or numbers in main units, rates are text such as "0.0125"; both are read exactly.
"""

import tomllib
from datetime import datetime
from decimal import Decimal, InvalidOperation
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from comptoir.domain.banking.program.models import (
    OF_PRODUCT,
    PRODUCT_CATEGORIES,
    PROGRAM_ACCOUNT_TYPES,
    VERIFICATION_TYPES,
)
from comptoir.domain.errors import Invalid, Problems
from comptoir.domain.money import exponent_of

SAMPLES = ("example1", "prepaid")
FEATURES = (
    "account_limits", "ach_origination", "business", "card_alerts", "card_controls", "card_limits", "card_mock",
    "card_provisioning", "custom_account_numbers", "customer_tokens", "digital_cards", "document_status",
    "due_diligence", "ecodes", "enhanced_beneficiaries", "entitlements", "external_locks", "fee_creation", "fees",
    "foreign_documents", "holds", "locks", "minimum_balance", "notes", "onboard", "peer_to_peer", "preferred_names",
    "quarterly_statements", "relationships", "renewal_override", "security_answers", "set_available_date",
    "set_status", "stop_pay", "wires",
)  # fmt: skip
PRODUCT_LIMITS = (
    "balance", "per_transaction_deposit", "per_transaction_withdraw", "daily_deposit", "daily_withdraw",
    "monthly_deposit", "monthly_withdraw",
)  # fmt: skip
PROGRAM_LIMITS = (
    "per_transaction_deposit", "per_transaction_withdraw", "program_daily_deposit", "program_daily_withdraw",
    "user_daily_deposit", "user_daily_withdraw", "user_monthly_deposit", "user_monthly_withdraw",
    "card_daily_purchase", "card_daily_withdrawal", "card_ceiling_purchase", "card_ceiling_withdrawal",
)  # fmt: skip
MINOR_MAX = 10**15
NETWORKS = ("VS", "MC")


class Part(msgspec.Struct, forbid_unknown_fields=True):
    """A part of the plan; what the file says beyond it is refused."""


class Limit(Part):
    """The least and the most, both allowed."""

    minimum: str | int | None = None
    maximum: str | int | None = None


class Rate(Part):
    """What a range of balances earns in a year."""

    apr: str
    apy: str | None = None
    tier: int = 1
    minimum: str | int | None = None
    maximum: str | int | None = None
    effective: datetime | None = None
    expires: datetime | None = None
    description: str = ""


class PlannedProduct(Part):
    """A kind of account."""

    short_name: str
    name: str
    type: str
    category: str
    id: int | None = None
    description: str = ""
    default: bool = False
    business: bool = False
    external_withdraw: bool = True
    interest: bool = False
    recurring_contributions: bool = True
    immediate_load: bool = False
    minimum_balance: bool = False
    reg_d_maximum: int | None = None
    reg_d_free: int | None = None
    limits: dict[str, Limit] = {}
    rates: list[Rate] = []


class PlannedAccount(Part):
    """An account of the program itself; `balance` is what it begins with."""

    type: str
    description: str = ""
    account_number: str = ""
    balance: str | int = "0"


class PlannedExternal(Part):
    """An account of the program at another bank."""

    type: str
    routing_number: str
    account_number: str
    description: str = ""
    nacha_name: str = ""


class PlannedBin(Part):
    """What cards begin with."""

    prefix: str
    network: str
    name: str = ""


class PlannedFee(Part):
    """A fee that may be charged; without an amount the caller says it."""

    code: str
    name: str
    amount: str | int | None = None
    execution: str = "Manual"
    manual: bool = True
    active: bool = True


class Bank(Part):
    """Who holds the deposits."""

    name: str
    phone: str = ""
    url: str = ""
    routing_number: str = "000000000"
    time_zone: str = "America/Chicago"


class Verification(Part):
    """How customers and external accounts are verified."""

    customers: str = "None"
    external_accounts: str = "Any"
    attempts: int = 3
    window_days: int = 30
    denied_after_attempts: bool = False


class Rules(Part):
    """What is allowed, and from where on not."""

    nacha: bool = True
    simulated_bank: bool = True
    external_routing_number: bool = True
    residence_address: bool = False
    sensitive_information: bool = False
    internal_transfers: bool = True
    recurring_contributions: bool = True
    interest: bool = False
    debit_rewards: bool = False
    deposit_available_days: int = 0
    hold_days: int = 10
    accounts: int | None = None
    external_accounts: int | None = None
    archivals_per_day: int | None = None
    total_balance: str | int | None = None
    target: str | int | None = None
    contribution_minimum: str | int | None = None
    contribution_maximum: str | int | None = None
    reg_d_fee: str | int = "0"
    reg_d_maximum: int = 0
    requests_per_second: int | None = None
    same_day_deadline: str = ""


class Nacha(Part):
    """How the bank names itself in ACH files."""

    origin_name: str = ""
    origin_id: str = ""
    destination_name: str = ""
    destination_id: str = ""
    company_name: str = ""
    company_id: str = ""
    balanced: bool = False


class ProgramPlan(Part):
    """The whole program."""

    name: str
    bank: Bank
    products: list[PlannedProduct]
    website: str = ""
    account_type: str = ""
    account_types: list[str] = []
    external_account_types: list[str] = []
    features: list[str] = []
    verification: Verification = msgspec.field(default_factory=Verification)
    rules: Rules = msgspec.field(default_factory=Rules)
    nacha: Nacha = msgspec.field(default_factory=Nacha)
    limits: dict[str, Limit] = {}
    rates: list[Rate] = []
    accounts: list[PlannedAccount] = []
    external_accounts: list[PlannedExternal] = []
    bins: list[PlannedBin] = []
    fees: list[PlannedFee] = []
    questions: list[dict[str, Any]] = []


def read_plan(text: str) -> ProgramPlan:
    """The plan in a TOML text. Refuses: Invalid or Problems (what is malformed, unknown or out of range)."""
    try:
        document = tomllib.loads(text, parse_float=str)
    except tomllib.TOMLDecodeError as error:
        raise Invalid("plan", f"is no TOML: {error}") from error
    return plan_of(document)


def plan_of(document: dict[str, Any]) -> ProgramPlan:
    """The plan in a document. Refuses: Invalid or Problems."""
    try:
        plan = msgspec.convert(document, ProgramPlan)
    except msgspec.ValidationError as error:
        raise Invalid("plan", f"cannot be read: {error}") from error
    problems = [*_problems(plan)]
    if problems:
        raise Problems(problems)
    return plan


def sample_plan(name: str) -> ProgramPlan:
    """One of the sample programs that come with comptoir: `example1` or `prepaid`."""
    return read_plan(sample_text(name))


def sample_text(name: str) -> str:
    """A sample program as the file that a merchant begins with. Refuses: Invalid (name)."""
    if name not in SAMPLES:
        raise Invalid("name", f"must be one of {', '.join(SAMPLES)}")
    return (resources.files(__package__) / "samples" / f"{name}.toml").read_text()


def minor(amount: str | int | None, currency: str) -> int | None:
    """An amount in main units as minor units, exactly. Refuses: Invalid."""
    return None if amount is None else _scaled(amount, exponent_of(currency), MINOR_MAX)


def e11(rate: str) -> int:
    """A rate such as 0.0125 in 1e-11. Refuses: Invalid."""
    return _scaled(rate, 11, 10**13)


def _scaled(value: str | int, places: int, most: int) -> int:
    try:
        number = Decimal(str(value)).scaleb(places)
    except InvalidOperation:
        raise Invalid("plan", f"has {value!r}, which is no number") from None
    if not number.is_finite() or number != number.to_integral_value() or abs(number) > most:
        raise Invalid("plan", f"has {value!r}, which has more than {places} decimals or is too large")
    return int(number)


def _problems(plan: ProgramPlan) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []

    def among(field: str, values: list[str], known: Any) -> None:
        found.extend(
            (field, f"{value!r} is none of {', '.join(known)}") for value in values if value not in known
        )

    if not plan.name.strip():
        found.append(("name", "is empty"))
    among("features", plan.features, FEATURES)
    among("verification.customers", [plan.verification.customers], VERIFICATION_TYPES)
    among("verification.external_accounts", [plan.verification.external_accounts], VERIFICATION_TYPES)
    among("limits", list(plan.limits), PROGRAM_LIMITS)
    among("accounts.type", [one.type for one in plan.accounts], PROGRAM_ACCOUNT_TYPES)
    among("bins.network", [one.network for one in plan.bins], NETWORKS)
    for product in plan.products:
        among(f"products.{product.short_name}.category", [product.category], PRODUCT_CATEGORIES)
        among(f"products.{product.short_name}.limits", list(product.limits), PRODUCT_LIMITS)
    if not plan.products:
        found.append(("products", "are none: an account needs one"))
    for field, names in (
        (OF_PRODUCT, [one.short_name for one in plan.products]),
        ("account", [one.type for one in plan.accounts]),
        ("bin", [one.prefix for one in plan.bins]),
        ("fee", [one.code for one in plan.fees]),
    ):
        found.extend(
            (field, f"{name!r} comes twice")
            for name in sorted({one for one in names if names.count(one) > 1})
        )
    try:
        ZoneInfo(plan.bank.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        found.append(("bank.time_zone", f"{plan.bank.time_zone!r} is no time zone"))
    return found
