"""Transfers as the API asks for them: every rule of reference 4.1 in its order, then the money moves."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import bindparam, select

from comptoir.domain.banking.customers.models import BankCustomer
from comptoir.domain.banking.customers.queries import CustomerRow, require_customer
from comptoir.domain.banking.files.bank_days import bank_today, next_bank_day
from comptoir.domain.banking.movements.chart import CASH, IN_TRANSIT
from comptoir.domain.banking.movements.errors import Problem, Reason, TransferRefused
from comptoir.domain.banking.movements.models import INITIATED, SETTLED
from comptoir.domain.banking.movements.moving import USES, Moved, Movement, move_money, places_of
from comptoir.domain.banking.movements.moving import End as Where
from comptoir.domain.banking.movements.uses import (
    OF_ACCOUNT,
    OF_CUSTOMER,
    OF_PROGRAM,
    Use,
    take_uses,
    used_in_month,
    written,
)
from comptoir.domain.banking.program.models import DEPOSIT, WITHDRAW
from comptoir.domain.banking.program.queries import PROGRAM_ID, ProgramFacts, get_program
from comptoir.domain.banking.transfers.ends import End, Wanted, find_ends
from comptoir.domain.banking.transfers.fees import SAME_DAY, charge_by_rule, charge_excess, lock_with_fees
from comptoir.domain.banking.transfers.limits import Limits, exceeded, limits_in_force
from comptoir.domain.banking.transfers.rules import (
    Case,
    TransferOrder,
    access_problems,
    amount_problems,
    cap_problems,
    fund_problems,
    kind_problems,
    last_problems,
    state_problems,
    tag_problems,
)
from comptoir.domain.banking.transfers.same_day import available_from
from comptoir.domain.banking.transfers.type_codes import type_code_between
from comptoir.domain.errors import ComptoirError
from comptoir.domain.tx import Tx

PEER_TO_PEER = "peer_to_peer"
# A transfer that settles in the ordinary way does so so many bank days after it was asked for.
ORDINARY_DAYS = 2

CUSTOMER_TAGGED = select(BankCustomer.customer_id).where(BankCustomer.tag == bindparam("tag"))


class TransferResult(NamedTuple):
    """A transaction that came of a transfer, on an account of this customer."""

    customer_id: int
    master_id: int
    tag: str | None
    transaction_id: int


def create_transfer(tx: Tx, order: TransferOrder) -> list[TransferResult]:
    """Move money as a customer asks for it, and tell what transactions came of it, that of the source first.

    Refuses: NoProgram, CustomerNotFound, CustomerDeceased, CustomerInactive, CustomerLocked, CustomerNotVerified,
    TransferRefused with the problems of the first of these steps that has any: ends that are not there or not
    theirs; states; kinds; access; the amount; daily and monthly limits; caps of balances; funds; same-day rules,
    the count of withdrawals, and tags. AccountClosed.
    """
    case = _case(tx, order)
    _refuse(state_problems(case))
    _refuse(kind_problems(case))
    _refuse(access_problems(tx, case))
    case = replace(case, limits=_limits(tx, case))
    _refuse(amount_problems(tx, case))
    source, target = _places(case)
    places = places_of(tx, source, target, kinds=case.ledger_kinds)
    standings = lock_with_fees(tx, places.account_ids, _payers(case))
    day, uses = bank_today(tx, case.program), _uses(case)
    used = take_uses(tx, uses, day=day, amount_minor=order.amount_minor)
    taken = list(tag_problems(tx, order))
    _refuse(exceeded(tx, case.limits, used, day=day, products=case.products), taken)
    _refuse(cap_problems(tx, case, standings), taken)
    _refuse(fund_problems(tx, case, standings), taken)
    _refuse(last_problems(tx, case), taken)
    _refuse(taken)
    details = dict(order.details) | {USES: written(uses, day)}
    movement = _movement(tx, case, source, target)._replace(details=details)
    moved = move_money(tx, movement, places=places, locked=standings)
    return [*results_of(case, moved), *_fees(tx, case, moved)]


def _payers(case: Case) -> list[int]:
    """The accounts that may have to pay a fee."""
    is_same_day = case.order.is_same_day and case.is_external and case.program.is_nacha_enabled
    is_counted = case.source.withdrawals_free is not None and case.program.reg_d_fee_minor > 0
    return [case.paying_id] if is_same_day or is_counted else []


def _fees(tx: Tx, case: Case, moved: Moved) -> list[TransferResult]:
    """What the rules of the program charge for it; the account that is here pays."""
    customer_id, charged = case.customer.customer_id, []
    if case.order.is_same_day and case.is_external and case.program.is_nacha_enabled:
        charged += charge_by_rule(
            tx, SAME_DAY, customer_id=customer_id, account_id=case.paying_id, master_id=moved.master_id
        )
    if _is_excessive(tx, case):
        charged.append(
            charge_excess(
                tx,
                customer_id=customer_id,
                account_id=case.source.id,
                master_id=moved.master_id,
                amount_minor=case.program.reg_d_fee_minor,
            )
        )
    return [TransferResult(customer_id, one.master_id, None, one.first) for one in charged]


def _is_excessive(tx: Tx, case: Case) -> bool:
    """Whether it is a withdrawal beyond those of the month that are free, where others cost something."""
    free = case.source.withdrawals_free
    if free is None or not case.program.reg_d_fee_minor:
        return False
    use = Use(OF_ACCOUNT, case.source.id, WITHDRAW)
    return used_in_month(tx, use, bank_today(tx, case.program)).times > free


def results_of(case: Case, moved: Moved) -> list[TransferResult]:
    """The transactions on accounts of customers; on the program's own when there is no other."""
    order = case.order
    accounts = [
        (case.customer.customer_id, case.source, order.tag),
        (case.recipient.customer_id, case.target, order.to_tag if case.is_between_customers else order.tag),
    ]
    told = [one for one in accounts if one[1].is_account] or [one for one in accounts if one[1].is_inside][:1]
    return [
        TransferResult(customer_id, moved.master_id, tag, moved.transactions[end.id])
        for customer_id, end, tag in told
    ]


def _refuse(problems: Iterable[Problem], taken: Sequence[Problem] = ()) -> None:
    """Refuses: TransferRefused; a tag that is taken is said first, being the reason why the rest has changed."""
    found = list(problems)
    if found:
        raise TransferRefused(*taken, *found)


def _case(tx: Tx, order: TransferOrder) -> Case:
    """Who and what takes part (step 1)."""
    program = get_program(tx)
    customer = require_customer(tx, order.customer_id)
    if order.requesting_customer_id not in {None, order.customer_id}:
        require_customer(tx, order.requesting_customer_id)
    recipient: CustomerRow | None = None
    problems: list[Problem] = []
    try:
        recipient = _recipient(tx, order, program, customer)
    except TransferRefused as refused:
        problems += refused.problems
    source, target = find_ends(
        tx,
        Wanted(order.from_id, customer.customer_id),
        Wanted(order.to_id, (recipient or customer).customer_id),
    )
    if source is None:
        problems.insert(0, Problem(Reason.SOURCE, f"Invalid source account id {order.from_id}."))
    if recipient is not None and (target is None or not _may_receive(customer, recipient, target)):
        problems.append(Problem(Reason.DESTINATION, f"Invalid destination account id {order.to_id}."))
    _refuse(problems)
    assert source is not None
    assert target is not None
    assert recipient is not None
    return Case(order, program, customer, recipient, source, target)


def _may_receive(customer: CustomerRow, recipient: CustomerRow, target: End) -> bool:
    """Other customers receive on accounts here only."""
    return recipient.customer_id == customer.customer_id or target.is_account


def _recipient(tx: Tx, order: TransferOrder, program: ProgramFacts, customer: CustomerRow) -> CustomerRow:
    """Whom the money is for: another customer when one is named. Refuses: TransferRefused."""
    named = order.to_customer_id
    if named is None and order.to_customer_tag is not None:
        named = tx.value(CUSTOMER_TAGGED, tag=order.to_customer_tag) or 0
    if named is None or named == customer.customer_id:
        return customer
    if PEER_TO_PEER not in program.features:
        raise TransferRefused(
            Problem(Reason.PEER_TO_PEER, "transfers between customers are not enabled in this program")
        )
    try:
        return require_customer(tx, named)
    except ComptoirError as error:
        raise TransferRefused(Problem(Reason.DESTINATION, f"destination: {error}")) from error


def _limits(tx: Tx, case: Case) -> Limits:
    products = case.products
    return limits_in_force(
        tx,
        product_ids=[product_id for product_id in products.values() if product_id is not None],
        account_ids=list(products),
    )


def _uses(case: Case) -> list[Use]:
    """Whose limits it counts for: those of accounts, and beyond those of customers and program.

    What only moves from one account of a customer to another is nothing to the customer nor to the program.
    """
    uses = []
    if case.source.is_account:
        uses.append(Use(OF_ACCOUNT, case.source.id, WITHDRAW))
    if case.target.is_account:
        uses.append(Use(OF_ACCOUNT, case.target.id, DEPOSIT))
    if case.is_internal:
        return uses
    if case.source.is_account:
        uses.append(Use(OF_CUSTOMER, case.customer.customer_id, WITHDRAW))
    if case.target.is_account:
        uses.append(Use(OF_CUSTOMER, case.recipient.customer_id, DEPOSIT))
    if case.source.is_account != case.target.is_account:
        uses.append(Use(OF_PROGRAM, PROGRAM_ID, WITHDRAW if case.source.is_account else DEPOSIT))
    return uses


def _places(case: Case) -> tuple[Where, Where]:
    """The accounts that move; another bank is stood for by what is on its way there, or by cash."""
    waits = case.program.is_nacha_enabled and not case.order.is_wire
    outside = IN_TRANSIT if waits else CASH
    return (
        case.source.id if case.source.is_inside else outside,
        case.target.id if case.target.is_inside else outside,
    )


def _movement(tx: Tx, case: Case, source: Where, target: Where) -> Movement:
    order, program = case.order, case.program
    waits = case.is_external and program.is_nacha_enabled and not order.is_wire
    external = next((end.id for end in (case.source, case.target) if not end.is_inside), None)
    available_at = settles_on = None
    if waits:
        today = bank_today(tx, program)
        settles_on = order.settles_on or next_bank_day(today, 0 if order.is_same_day else ORDINARY_DAYS)
    elif not case.source.is_inside:
        available_at = available_from(tx, program, is_immediate=case.target.is_immediate)
    return Movement(
        amount_minor=order.amount_minor,
        source=source,
        target=target,
        type_code=type_code_between(case.source, case.target, is_wire=order.is_wire),
        status=INITIATED if waits else SETTLED,
        customer_id=case.customer.customer_id,
        requesting_customer_id=order.requesting_customer_id,
        from_id=case.source.id,
        to_id=case.target.id,
        external_account_id=external,
        tag=order.tag,
        to_tag=order.to_tag,
        description=order.description,
        purpose_code=order.purpose_code,
        is_same_day=order.is_same_day and waits,
        settles_on=settles_on,
        available_at=available_at,
    )
