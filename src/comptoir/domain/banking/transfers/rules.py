"""What a transfer must keep to, in the order of reference 4.1; each step tells all that it finds at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from comptoir.domain.banking.accounts.models import CLOSED, OPEN
from comptoir.domain.banking.customers.queries import CustomerRow
from comptoir.domain.banking.external.models import ARCHIVED, VERIFIED
from comptoir.domain.banking.files.bank_days import bank_today
from comptoir.domain.banking.movements.errors import Problem, Reason
from comptoir.domain.banking.movements.models import BankTransfer
from comptoir.domain.banking.movements.uses import OF_ACCOUNT, Use, used_in_month
from comptoir.domain.banking.program.models import DEPOSIT, WITHDRAW
from comptoir.domain.banking.program.queries import ProgramFacts
from comptoir.domain.banking.transfers.ends import FROZEN, End, Kind, may_withdraw
from comptoir.domain.banking.transfers.limits import Limits, has_of_customer, told
from comptoir.domain.banking.transfers.same_day import same_day_problems
from comptoir.domain.ledger.standing import Standing
from comptoir.domain.tx import Tx

# Whose customers may move money at all: not those who may only use a card.
MOVING_ACCESS = frozenset({"FULL", "ACCT"})

TAGGED = select(BankTransfer.transfer_id).where(BankTransfer.tag == bindparam("tag"))
TAGGED_TO = select(BankTransfer.transfer_id).where(BankTransfer.to_tag == bindparam("tag"))


class TransferOrder(NamedTuple):
    """A transfer as it is asked for. Ids are of deposit accounts, the program's, or at other banks.

    `to_customer_id` or `to_customer_tag` name another customer whom the money is for, `to_tag` is their tag.
    """

    customer_id: int
    from_id: int
    to_id: int
    amount_minor: int
    tag: str | None = None
    description: str = ""
    purpose_code: str = ""
    is_same_day: bool = False
    requesting_customer_id: int | None = None
    to_customer_id: int | None = None
    to_customer_tag: str | None = None
    to_tag: str | None = None
    is_wire: bool = False
    settles_on: date | None = None
    details: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Case:
    """A transfer that is asked for, with all that decides about it."""

    order: TransferOrder
    program: ProgramFacts
    customer: CustomerRow
    recipient: CustomerRow
    source: End
    target: End
    limits: Limits = field(default_factory=lambda: Limits({}))

    @property
    def is_external(self) -> bool:
        """Whether another bank takes part."""
        return not (self.source.is_inside and self.target.is_inside)

    @property
    def is_between_customers(self) -> bool:
        """Whether the money is for another customer."""
        return self.recipient.customer_id != self.customer.customer_id

    @property
    def is_internal(self) -> bool:
        """Whether it goes from one account here to another, of the same customer."""
        return self.source.is_account and self.target.is_account and not self.is_between_customers

    @property
    def inside_ids(self) -> list[int]:
        """The ledger's accounts among the ends."""
        return [end.id for end in (self.source, self.target) if end.is_inside]

    @property
    def ledger_kinds(self) -> dict[int, str]:
        """What kinds of accounts the ends are that the ledger has."""
        return {end.id: end.ledger_kind for end in (self.source, self.target) if end.ledger_kind}

    @property
    def paying_id(self) -> int:
        """The account that pays what the transfer costs: the one that is here."""
        return self.source.id if self.source.is_inside else self.target.id

    @property
    def products(self) -> dict[int, int | None]:
        """The products of the accounts among the ends."""
        return {end.id: end.product_id for end in (self.source, self.target) if end.is_account}


def state_problems(case: Case) -> Iterator[Problem]:
    """What the state of either end does not allow."""
    yield from _source_problems(case.source)
    yield from _target_problems(case.target)


def _source_problems(source: End) -> Iterator[Problem]:
    name = f"source account {source.id}"
    if source.kind == Kind.EXTERNAL and source.status == ARCHIVED:
        yield Problem(Reason.SOURCE_INACTIVE, f"{name} is archived")
    elif source.kind == Kind.EXTERNAL and source.status != VERIFIED:
        yield Problem(Reason.SOURCE_UNVERIFIED, f"{name} is {source.status}, not Verified")
    elif source.is_inside and source.status != OPEN:
        yield Problem(Reason.SOURCE_INACTIVE, f"{name} is {source.status}")
    if source.lock == FROZEN:
        yield Problem(Reason.SOURCE_FROZEN, f"{name} is frozen")
    elif source.lock:
        yield Problem(Reason.SOURCE_LOCKED, f"{name} is temporarily locked ({source.lock})")


def _target_problems(target: End) -> Iterator[Problem]:
    name = f"destination account {target.id}"
    if target.status in {CLOSED, ARCHIVED}:
        yield Problem(Reason.DESTINATION_CLOSED, f"{name} is {target.status}")
    elif target.status != (OPEN if target.is_inside else VERIFIED):
        yield Problem(Reason.DESTINATION_NOT_OPEN, f"{name} is {target.status}")
    if target.lock and not (target.is_inside and target.takes_only):
        yield Problem(Reason.DESTINATION_LOCKED, f"{name} is temporarily locked ({target.lock})")


def kind_problems(case: Case) -> Iterator[Problem]:
    """Ends between which nothing moves."""
    source, target = case.source, case.target
    if source.id == target.id:
        yield Problem(Reason.DESTINATION, f"source and destination are the same account {source.id}")
    elif not (source.is_inside or target.is_inside):
        yield Problem(Reason.KINDS, "nothing moves between two external accounts")
    elif case.order.is_wire and not (source.is_account and not target.is_inside):
        yield Problem(Reason.KINDS, "a wire goes from an account here to an external account")
    elif case.order.details.get("ach") and not case.is_external:
        yield Problem(Reason.KINDS, "an entry is for an external account")
    elif case.is_internal and not case.program.is_internal_transfer_enabled:
        yield Problem(Reason.INTERNAL, "transfers between accounts are disabled in this program")
    elif source.is_account and not target.is_inside and not source.may_leave:
        words = f"withdrawals to external accounts are not enabled for account {source.id}"
        yield Problem(Reason.KINDS, words)


def access_problems(tx: Tx, case: Case) -> Iterator[Problem]:
    """What those who ask, and those who are to receive, may not do."""
    source, target, asking = case.source, case.target, case.order.requesting_customer_id
    if case.customer.access_type not in MOVING_ACCESS:
        words = f"customer {case.customer.customer_id} has access {case.customer.access_type}"
        yield Problem(Reason.WITHDRAW_ACCESS, words)
    elif source.is_account and not source.may_move:
        words = f"customer {case.customer.customer_id} does not have FULL access to account {source.id}"
        yield Problem(Reason.WITHDRAW_ACCESS, words)
    if target.is_account and not target.may_move:
        words = f"customer {case.recipient.customer_id} may not deposit into account {target.id}"
        yield Problem(Reason.DEPOSIT_ACCESS, words)
    if asking is None or asking == case.customer.customer_id:
        return
    own = source if source.is_account else target
    if own.is_account and not may_withdraw(tx, own.id, asking):
        words = f"customer {asking} may not withdraw for customer {case.customer.customer_id}"
        yield Problem(Reason.REQUESTER, words)


def amount_problems(tx: Tx, case: Case) -> Iterator[Problem]:
    """An amount that no single transfer may have; nothing, or less, is none."""
    minor, limits = case.order.amount_minor, case.limits
    amount = told(tx, minor)
    if case.source.is_account or not case.target.is_account:
        ranges = _ranges(case.source, limits, WITHDRAW)
        if minor <= 0 or not all(one.holds(minor) for one in ranges):
            yield Problem(Reason.WITHDRAW_RANGE, f"withdraw amount {amount} is outside the allowed range")
    if case.target.is_account:
        ranges = _ranges(case.target, limits, DEPOSIT)
        if minor <= 0 or not all(one.holds(minor) for one in ranges):
            yield Problem(Reason.DEPOSIT_RANGE, f"deposit amount {amount} is outside the allowed range")
        elif not limits.of_account(case.target.id, f"per_transaction_{DEPOSIT}").holds(minor):
            words = f"deposit amount {amount} is outside what account {case.target.id} may receive at once"
            yield Problem(Reason.DEPOSIT_CAP, words)


def _ranges(end: End, limits: Limits, direction: str) -> list[Any]:
    name = f"per_transaction_{direction}"
    ranges = [limits.of_program(name), limits.of_product(end.product_id, name)]
    if direction == WITHDRAW and end.is_account:
        ranges.append(limits.of_account(end.id, name))
    return ranges


def cap_problems(tx: Tx, case: Case, standings: Mapping[int, Standing]) -> Iterator[Problem]:
    """Balances that would be more than an account, or a customer over all, may have."""
    target, most = case.target, case.program.total_balance_max_minor
    if not target.is_account:
        return
    if most is not None and not case.is_internal:
        whole = has_of_customer(tx, case.recipient.customer_id) + case.order.amount_minor
        if whole > most:
            words = f"customer {case.recipient.customer_id} would have {told(tx, whole)}; {told(tx, most)} is the most"
            yield Problem(Reason.CUSTOMER_BALANCE, words)
    standing = standings[target.id]
    after = standing.balance_minor + standing.pending_in_minor + case.order.amount_minor
    for one in (
        case.limits.of_product(target.product_id, "balance"),
        case.limits.of_account(target.id, "balance"),
    ):
        if one.maximum_minor is not None and after > one.maximum_minor:
            words = (
                f"account {target.id} would have {told(tx, after)}; {told(tx, one.maximum_minor)} is the most"
            )
            yield Problem(Reason.ACCOUNT_BALANCE, words)
            return


def fund_problems(tx: Tx, case: Case, standings: Mapping[int, Standing]) -> Iterator[Problem]:
    """More than there is to take."""
    if not case.source.is_inside:
        return
    standing, minor = standings[case.source.id], case.order.amount_minor
    # The merchant's settlement account may owe the processors; who asks takes no more than is there.
    floor = 0 if standing.floor_minor is None and case.source.is_account else standing.floor_minor
    if floor is not None and standing.available_minor - minor < floor:
        words = f"insufficient funds in source account {case.source.id}"
        available = told(tx, standing.available_minor - floor)
        words = f"{words}: {available} available, {told(tx, minor)} requested"
        yield Problem(Reason.FUNDS, words)


def last_problems(tx: Tx, case: Case) -> Iterator[Problem]:
    """Same-day rules and the count of withdrawals."""
    order, program = case.order, case.program
    if order.is_same_day and case.is_external and program.is_nacha_enabled and not order.is_wire:
        is_business = case.customer.is_business
        yield from same_day_problems(tx, program, order.amount_minor, is_business=is_business)
    most = _withdrawals_max(case)
    if most is not None:
        use = Use(OF_ACCOUNT, case.source.id, WITHDRAW)
        if used_in_month(tx, use, bank_today(tx, program)).times > most:
            yield Problem(Reason.WITHDRAWAL_COUNT, f"only {most} withdrawals are allowed in a month")


def tag_problems(tx: Tx, order: TransferOrder) -> Iterator[Problem]:
    """Tags that are taken: whoever asks again because no answer came is to hear that it was done."""
    if order.tag is not None and tx.value(TAGGED, tag=order.tag) is not None:
        yield Problem(Reason.TAG, f"tag {order.tag} is that of another transfer")
    if order.to_tag is not None and tx.value(TAGGED_TO, tag=order.to_tag) is not None:
        yield Problem(Reason.TAG, f"tag {order.to_tag} is that of another transfer")


def _withdrawals_max(case: Case) -> int | None:
    """How many withdrawals the source account allows in a month, by its product and at most by the program."""
    of_product, of_program = case.source.withdrawals_max, case.program.reg_d_count_max
    if of_product is None or not of_program:
        return of_product
    return min(of_product, of_program)
