"""The limits of a transfer: per transaction, per day and month, and how much an account or a customer may have."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import and_, bindparam, func, or_, select

from comptoir.domain.banking.accounts.models import BankAccount
from comptoir.domain.banking.movements.errors import Problem, Reason
from comptoir.domain.banking.movements.uses import (
    OF_ACCOUNT,
    OF_CUSTOMER,
    OF_PROGRAM,
    Use,
    Used,
    used_in_month,
)
from comptoir.domain.banking.program.models import DEPOSIT, OF_PRODUCT, WITHDRAW, LimitRange
from comptoir.domain.banking.program.models import OF_ACCOUNT as ACCOUNT_SCOPE
from comptoir.domain.banking.program.models import OF_PROGRAM as PROGRAM_SCOPE
from comptoir.domain.banking.program.queries import PROGRAM_ID, Range
from comptoir.domain.ledger.models import LIABILITY, Account
from comptoir.domain.money import exponent_of
from comptoir.domain.tx import Tx
from comptoir.storage.columns import Instant
from comptoir.storage.lists import among

ANY = Range()
# What is said when more is used than the scope's limit of the direction and the period allows.
REASONS = {
    (OF_ACCOUNT, WITHDRAW, "daily"): Reason.WITHDRAW_PER_DAY,
    (OF_ACCOUNT, WITHDRAW, "monthly"): Reason.WITHDRAW_PER_MONTH,
    (OF_ACCOUNT, DEPOSIT, "daily"): Reason.DEPOSIT_PER_DAY,
    (OF_ACCOUNT, DEPOSIT, "monthly"): Reason.DEPOSIT_PER_MONTH,
    (OF_CUSTOMER, WITHDRAW, "daily"): Reason.CUSTOMER_PER_DAY,
    (OF_CUSTOMER, DEPOSIT, "daily"): Reason.CUSTOMER_PER_DAY,
    (OF_CUSTOMER, WITHDRAW, "monthly"): Reason.CUSTOMER_PER_MONTH,
    (OF_CUSTOMER, DEPOSIT, "monthly"): Reason.CUSTOMER_PER_MONTH,
    (OF_PROGRAM, WITHDRAW, "daily"): Reason.PROGRAM_WITHDRAW_PER_DAY,
    (OF_PROGRAM, DEPOSIT, "daily"): Reason.PROGRAM_DEPOSIT_PER_DAY,
}
# How the limits of customers and of the program are called among those of the program.
PREFIXES = {OF_ACCOUNT: "", OF_CUSTOMER: "user_", OF_PROGRAM: "program_"}

_now = bindparam("now", type_=Instant())
_IN_FORCE = (
    or_(LimitRange.effective_at.is_(None), LimitRange.effective_at <= _now),
    or_(LimitRange.expires_at.is_(None), LimitRange.expires_at > _now),
)
LIMITS = (
    select(
        LimitRange.scope, LimitRange.scope_id, LimitRange.name,
        LimitRange.minimum_minor, LimitRange.maximum_minor,
    )
    .where(
        or_(
            and_(LimitRange.scope == PROGRAM_SCOPE, LimitRange.scope_id == PROGRAM_ID),
            and_(LimitRange.scope == OF_PRODUCT, among(LimitRange.scope_id, "product_ids")),
            and_(LimitRange.scope == ACCOUNT_SCOPE, among(LimitRange.scope_id, "account_ids")),
        ),
        *_IN_FORCE,
    )
    .order_by(LimitRange.id)
)  # fmt: skip
ALL_OF_CUSTOMER = (
    select(func.coalesce(func.sum(-Account.posted_minor + Account.pending_in_minor), 0))
    .select_from(BankAccount)
    .join(Account, Account.id == BankAccount.account_id)
    .where(BankAccount.customer_id == bindparam("customer_id"), Account.kind == LIABILITY)
)


class Limits(NamedTuple):
    """All limits in force that a transfer may meet, by scope, id and name."""

    ranges: Mapping[tuple[str, int], Mapping[str, Range]]

    def of_program(self, name: str) -> Range:
        """A limit of the program."""
        return self.ranges.get((PROGRAM_SCOPE, PROGRAM_ID), {}).get(name, ANY)

    def of_product(self, product_id: int | None, name: str) -> Range:
        """A limit of a product."""
        return ANY if product_id is None else self.ranges.get((OF_PRODUCT, product_id), {}).get(name, ANY)

    def of_account(self, account_id: int, name: str) -> Range:
        """A limit that was set for one account."""
        return self.ranges.get((ACCOUNT_SCOPE, account_id), {}).get(name, ANY)

    def most(self, use: Use, period: str, product_id: int | None) -> int | None:
        """The most that may be used within a period; None when nobody minds."""
        name = f"{PREFIXES[use.scope]}{period}_{use.direction}"
        if use.scope == OF_ACCOUNT:
            ranges = [self.of_product(product_id, name), self.of_account(use.scope_id, name)]
        else:
            ranges = [self.of_program(name)]
        return min((one.maximum_minor for one in ranges if one.maximum_minor is not None), default=None)


def limits_in_force(tx: Tx, *, product_ids: Iterable[int], account_ids: Iterable[int]) -> Limits:
    """The limits of the program, of these products and of these accounts; later ones replace earlier."""
    found: defaultdict[tuple[str, int], dict[str, Range]] = defaultdict(dict)
    rows = tx.all(LIMITS, product_ids=list(product_ids), account_ids=list(account_ids), now=tx.now)
    for scope, scope_id, name, minimum, maximum in rows:
        found[scope, scope_id][name] = Range(minimum, maximum)
    return Limits(found)


def exceeded(
    tx: Tx, limits: Limits, used: Mapping[Use, Used], *, day: date, products: Mapping[int, int | None]
) -> Iterator[Problem]:
    """Each limit of a day or a month that is used beyond what it allows."""
    for use, today in used.items():
        product_id = products.get(use.scope_id) if use.scope == OF_ACCOUNT else None
        most = limits.most(use, "daily", product_id)
        if most is not None and today.minor > most:
            yield _problem(tx, use, "daily", most)
        most = limits.most(use, "monthly", product_id)
        if most is not None and used_in_month(tx, use, day).minor > most:
            yield _problem(tx, use, "monthly", most)


def has_of_customer(tx: Tx, customer_id: int) -> int:
    """What a customer has on all accounts together, and what is on its way to them."""
    return int(tx.value(ALL_OF_CUSTOMER, customer_id=customer_id))


def told(tx: Tx, minor: int) -> str:
    """An amount in main units, as people read it."""
    return str(Decimal(minor).scaleb(-exponent_of(tx.shop.currency)))


def _problem(tx: Tx, use: Use, period: str, most: int) -> Problem:
    verb = "withdrawn from" if use.direction == WITHDRAW else "deposited into"
    whose = "the program" if use.scope == OF_PROGRAM else f"{use.scope} {use.scope_id}"
    words = f"{period} limit of {told(tx, most)} for what is {verb} {whose} is exceeded"
    return Problem(REASONS[use.scope, use.direction, period], words)
