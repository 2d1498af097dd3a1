"""Interest: earned day by day on the balance at the end of each day, paid once a month is over.

What is done late is done as if it had been done in time: the balance of each day is what it was then, and interest
that ought to have been paid by then is counted with it.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from sqlalchemy import BigInteger, and_, bindparam, exists, func, select, type_coerce, update

from comptoir.domain.banking.accounts.earning import (
    ONE_DAY,
    SLOT_MICROS,
    Calendar,
    Earned,
    Earner,
    Payment,
    earned_of,
    midnight,
    payment_of,
)
from comptoir.domain.banking.accounts.models import CLOSED, PENDING_CLOSED, BankAccount
from comptoir.domain.banking.customers.models import BankCustomer
from comptoir.domain.banking.files.bank_days import bank_today
from comptoir.domain.banking.movements.chart import INTEREST_PAID, WITHHOLDING
from comptoir.domain.banking.movements.models import BankTransfer
from comptoir.domain.banking.movements.moving import Movement, move_many
from comptoir.domain.banking.program.queries import get_program, list_products, rates_of
from comptoir.domain.ledger.models import LIABILITY, Account, Posting
from comptoir.domain.tx import Tx
from comptoir.storage.columns import Instant
from comptoir.storage.lists import among

INTEREST, WITHHELD = "INTPAY", "INTWHD"
ACCOUNTS_PER_RUN = 1000
# What began before midnight is written down by then.
GRACE = timedelta(minutes=15)

_DUE = (
    select(BankAccount.account_id)
    .where(BankAccount.status != CLOSED, BankAccount.accrued_through < bindparam("through"))
    .order_by(BankAccount.accrued_through, BankAccount.account_id)
    .limit(bindparam("limit"))
)
DUE = {"sqlite": _DUE, "postgres": _DUE.with_for_update(key_share=True)}
_SLOT = type_coerce(BankTransfer.settled_at, BigInteger) // SLOT_MICROS
_MOVED = (
    select(Posting.account_id, _SLOT.label("slot"), func.sum(Posting.amount_minor).label("moved"))
    .join(BankTransfer, BankTransfer.transfer_id == Posting.transfer_id)
    .where(
        among(Posting.account_id, "account_ids"),
        BankTransfer.settled_at >= bindparam("since", type_=Instant()),
    )
    .group_by(Posting.account_id, _SLOT)
    .subquery()
)
# Balances and what moved since are read by one statement: nothing can move in between.
EARNERS = (
    select(
        BankAccount.account_id, BankAccount.customer_id, BankAccount.product_id, BankAccount.accrued_e8,
        BankAccount.accrued_through, BankAccount.interest_paid_on, BankCustomer.is_backup_withholding,
        Account.posted_minor, _MOVED.c.slot, _MOVED.c.moved,
    )
    .join(Account, Account.id == BankAccount.account_id)
    .join(BankCustomer, BankCustomer.customer_id == BankAccount.customer_id)
    .outerjoin(_MOVED, _MOVED.c.account_id == BankAccount.account_id)
    .where(among(BankAccount.account_id, "account_ids"), BankAccount.accrued_through.is_not(None))
    .order_by(BankAccount.account_id)
)  # fmt: skip
SINCE = select(func.min(BankAccount.accrued_through)).where(among(BankAccount.account_id, "account_ids"))
WRITE = (
    update(BankAccount)
    .where(BankAccount.account_id == bindparam("of_account"))
    .values(
        accrued_e8=bindparam("accrued_e8"),
        accrued_through=bindparam("accrued_through"),
        interest_paid_on=bindparam("interest_paid_on"),
    )
)
BEGIN = (
    update(BankAccount)
    .where(
        BankAccount.accrued_through.is_(None),
        BankAccount.status != CLOSED,
        BankAccount.status != PENDING_CLOSED,
        among(BankAccount.product_id, "product_ids"),
        exists().where(and_(Account.id == BankAccount.account_id, Account.kind == LIABILITY)),
    )
    .values(accrued_through=bindparam("through"))
)


def last_day_over(tx: Tx) -> date:
    """The last day at the bank of which nothing more is being written down. Refuses: NoProgram."""
    return (tx.now - GRACE).astimezone(get_program(tx).zone).date() - ONE_DAY


def begin_accruing(tx: Tx, *, through: date) -> int:
    """Let the accounts of products that bear interest by now earn it, from the day after this one on."""
    products = [product.id for product in list_products(tx) if product.is_interest_enabled]
    return tx.run(BEGIN, product_ids=products, through=through)


def accrue(tx: Tx, *, through: date, limit: int = ACCOUNTS_PER_RUN) -> int:
    """Write down what accounts earned until the end of a day, and pay for the months that are over.

    Gives how many accounts there were, so many at most; it is run again until there is none. Each day of an
    account counts once, however often and however late this is run. Refuses: NoProgram.
    """
    ids = [account_id for (account_id,) in tx.all(DUE[tx.engine], through=through, limit=limit)]
    if ids:
        found = _earned(tx, ids, through)
        _write(tx, found)
        _pay(tx, [payment for one in found for payment in one.payments])
        after = {"through": through.isoformat(), "accounts": len(ids), "first_id": min(ids)}
        tx.note("interest.accrued", "program", 1, after=after)
    return len(ids)


def pay(tx: Tx, *, account_id: int) -> Payment | None:
    """Pay what an account has earned until yesterday, before its month is over: it closes, or changes its product.

    None when it earns no interest. What is less than half a cent is forgotten. Refuses: NoProgram.
    """
    found = _earned(tx, [account_id], bank_today(tx, get_program(tx)) - ONE_DAY)
    if not found:
        return None
    (earned,) = found
    last = payment_of(earned.earner, earned.accrued_e8, earned.accrued_through)
    payments = [*earned.payments, last]
    _pay(tx, payments)
    _write(tx, [earned._replace(accrued_e8=0, interest_paid_on=earned.accrued_through)])
    return last._replace(
        gross_minor=sum(payment.gross_minor for payment in payments),
        withheld_minor=sum(payment.withheld_minor for payment in payments),
    )


def _earned(tx: Tx, ids: Sequence[int], through: date) -> list[Earned]:
    """What accounts earned since they last did; those that earn no interest are left out."""
    since: date | None = tx.value(SINCE, account_ids=list(ids))
    if since is None:
        return []
    zone = get_program(tx).zone
    rates = {
        product.id: rates_of(tx, product.id) if product.is_interest_enabled else []
        for product in list_products(tx)
    }
    calendar = Calendar(zone, since + ONE_DAY, through, rates)
    found: dict[int, tuple[Earner, dict[int, int]]] = {}
    for *columns, slot, moved in tx.all(
        EARNERS, account_ids=list(ids), since=midnight(zone, since + ONE_DAY)
    ):
        earner = Earner(*columns)
        _, slots = found.setdefault(earner.account_id, (earner, {}))
        if slot is not None:
            slots[slot] = int(moved)
    return [earned_of(earner, slots, calendar) for earner, slots in found.values()]


def _pay(tx: Tx, payments: Iterable[Payment]) -> None:
    """Move what is paid, and what is kept back of it."""
    due = [payment for payment in payments if payment.gross_minor]
    paid = move_many(
        tx,
        [
            Movement(
                one.gross_minor, INTEREST_PAID, one.account_id, INTEREST, customer_id=one.customer_id,
                description=f"Interest until {one.until.isoformat()}",
            )
            for one in due
        ],
    )  # fmt: skip
    kept = [
        Movement(
            one.withheld_minor, one.account_id, WITHHOLDING, WITHHELD, customer_id=one.customer_id,
            master_id=moved.master_id, description="Tax withheld from interest",
        )
        for one, moved in zip(due, paid, strict=True)
        if one.withheld_minor
    ]  # fmt: skip
    move_many(tx, kept, is_forced=True)


def _write(tx: Tx, found: Iterable[Earned]) -> None:
    tx.run_many(
        WRITE,
        [
            {
                "of_account": one.earner.account_id,
                "accrued_e8": one.accrued_e8,
                "accrued_through": one.accrued_through,
                "interest_paid_on": one.interest_paid_on,
            }
            for one in found
        ],
    )
