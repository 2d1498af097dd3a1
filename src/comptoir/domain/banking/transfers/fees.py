"""Fees that are charged to accounts: by hand, or by a rule such as that of settling on the same day."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from comptoir.domain.banking.accounts.models import OPEN, UNLOCKED, AccountAccess, BankAccount
from comptoir.domain.banking.customers.errors import CustomerNotFound
from comptoir.domain.banking.customers.queries import require_customer
from comptoir.domain.banking.movements.chart import FEE_INCOME
from comptoir.domain.banking.movements.errors import FeeNotFound
from comptoir.domain.banking.movements.models import AppliedFee, BankTransfer
from comptoir.domain.banking.movements.moving import End, Moved, MovedRow, Movement, move_money, places_of
from comptoir.domain.banking.program.models import FeeType
from comptoir.domain.banking.program.queries import (
    FEE_TYPES,
    FeeTypeRow,
    get_program,
    list_fee_types,
    program_account_of,
    require_feature,
)
from comptoir.domain.banking.transfers.rules import TAGGED
from comptoir.domain.banking.transfers.type_codes import EXCESS_FEE, PROGRAM_FEE, PROGRAM_FEE_BACK
from comptoir.domain.errors import ComptoirError, Conflict
from comptoir.domain.ledger.errors import InsufficientFunds
from comptoir.domain.ledger.standing import Standing, lock_accounts
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among

FEE_CREATION = "fee_creation"
# Where the program takes its fees, when it has such an account.
BANK_INCOME = "BankIncome"
# What brings a fee about; the place in the list is the number that the API gives it.
MANUAL, SAME_DAY, RETURN = "Manual", "SameDay", "Return"
EXECUTIONS = (MANUAL, SAME_DAY, RETURN)
EXCESS = "RGD"
FEE_WORDS = {
    "ACH": "Same-day ACH fee", "DAF": "Dormant account fee", "IAF": "Inactive account fee",
    "ICF": "International card fee", "NSF": "Insufficient funds fee", "RGD": "Excess withdrawal fee",
    "RTN": "Returned item fee",
}  # fmt: skip


class FeeReason(StrEnum):
    """Why a fee cannot be charged, in the order in which it is looked at."""

    CUSTOMER = "customer"
    CUSTOMER_STATUS = "customer_status"
    ACCOUNT = "account"
    MISMATCH = "mismatch"
    ACCOUNT_STATUS = "account_status"
    ACCOUNT_LOCKED = "account_locked"
    NO_ACTIVE_FEE = "no_active_fee"
    FEE_TYPE = "fee_type"
    FEE_INACTIVE = "fee_inactive"
    NOT_MANUAL = "not_manual"
    AMOUNT = "amount"
    AMOUNT_TOO_LARGE = "amount_too_large"
    TAG = "tag"
    FUNDS = "funds"


class FeeRefused(Conflict):
    """The fee cannot be charged, for this reason."""

    def __init__(self, reason: FeeReason, words: str) -> None:
        super().__init__(words)
        self.reason = reason


class AppliedRow(NamedTuple):
    """A fee that was charged."""

    id: int
    fee_type_id: int
    code: str
    account_id: int
    customer_id: int
    amount_minor: int
    tag: str | None
    transfer_id: int
    created_at: datetime


APPLIED = select(
    AppliedFee.id, AppliedFee.fee_type_id, FeeType.code, AppliedFee.account_id, AppliedFee.customer_id,
    AppliedFee.amount_minor, AppliedFee.tag, AppliedFee.transfer_id, AppliedFee.created_at,
).join(FeeType, FeeType.id == AppliedFee.fee_type_id)  # fmt: skip
GET_APPLIED = APPLIED.where(AppliedFee.id == bindparam("fee_id"))
AMONG = APPLIED.where(among(AppliedFee.id, "ids"))
BY_TAG = APPLIED.where(AppliedFee.tag == bindparam("tag"))
ACCOUNT: Any = select(
    BankAccount.account_id, BankAccount.status, BankAccount.lock_type, AccountAccess.customer_id
).outerjoin(
    AccountAccess,
    (AccountAccess.account_id == BankAccount.account_id)
    & (AccountAccess.customer_id == bindparam("customer_id")),
).where(BankAccount.account_id == bindparam("account_id"))  # fmt: skip
FEES_OF: Any = select(BankTransfer.from_id, BankTransfer.amount_minor, BankTransfer.fee_code).where(
    BankTransfer.master_id == bindparam("master_id"), among(BankTransfer.type_code, "type_codes")
)
OF_RULE = FEE_TYPES.where(
    FeeType.execution_type == bindparam("execution"),
    FeeType.is_manual.is_(False),
    FeeType.is_active.is_(True),
)


def create_fee(
    tx: Tx,
    *,
    customer_id: int,
    account_id: int,
    fee_type_id: int,
    amount_minor: int | None,
    tag: str | None = None,
) -> tuple[AppliedRow, Moved]:
    """Charge a fee by hand; without an amount it is that of its type.

    Refuses: NoProgram, NotEnabled, FeeRefused with the first reason that holds.
    """
    require_feature(get_program(tx), FEE_CREATION)
    _refuse_people(tx, customer_id, account_id)
    fee = _manual_fee(tx, fee_type_id)
    minor = fee.amount_minor if amount_minor is None else amount_minor
    if minor is None or minor <= 0:
        raise FeeRefused(FeeReason.AMOUNT, "feeAmount must be above zero")
    if fee.amount_minor is not None and minor > fee.amount_minor:
        raise FeeRefused(FeeReason.AMOUNT_TOO_LARGE, f"feeAmount is more than fee type {fee.code} allows")
    if tag is not None and (tx.value(TAGGED, tag=tag) or tx.one(BY_TAG, tag=tag)):
        raise FeeRefused(FeeReason.TAG, f"tag {tag} is that of another transaction")
    try:
        return charge(tx, fee, customer_id=customer_id, account_id=account_id, amount_minor=minor, tag=tag)
    except InsufficientFunds as error:
        raise FeeRefused(FeeReason.FUNDS, "the fee exceeds the available balance") from error


def charge(
    tx: Tx,
    fee: FeeTypeRow,
    *,
    customer_id: int,
    account_id: int,
    amount_minor: int,
    tag: str | None = None,
    master_id: int | None = None,
    is_forced: bool = False,
) -> tuple[AppliedRow, Moved]:
    """Move a fee to where the program takes its fees, and write down that it was charged.

    Refuses: AccountNotFound, AccountClosed, InsufficientFunds (unless it is forced).
    """
    moved = move_money(
        tx,
        Movement(
            amount_minor=amount_minor,
            source=account_id,
            target=_income(tx),
            type_code=PROGRAM_FEE,
            customer_id=customer_id,
            tag=tag,
            description=fee.name,
            fee_code=fee.code,
            master_id=master_id,
            is_forced=is_forced,
        ),
    )
    row = AppliedRow(
        tx.ids.next("applied_fee"), fee.id, fee.code, account_id, customer_id, amount_minor, tag,
        moved.transfer_id, tx.now,
    )  # fmt: skip
    tx.insert(AppliedFee, **{name: value for name, value in row._asdict().items() if name != "code"})
    after = {"fee_type_id": fee.id, "account_id": account_id, "amount_minor": amount_minor}
    tx.note("fee.applied", "applied_fee", row.id, after=after)
    return row, moved


def lock_with_fees(tx: Tx, account_ids: Iterable[int], payers: Iterable[int]) -> dict[int, Standing]:
    """Lock accounts together with those that fees of the payers move on, so that nobody waits in a circle."""
    fees = [account_id for payer in payers for account_id in places_of(tx, payer, _income(tx)).account_ids]
    return lock_accounts(tx, [*account_ids, *fees])


def has_rule(tx: Tx, execution: str) -> bool:
    """Whether the program charges anything for an occasion."""
    return bool(tx.all(OF_RULE, execution=execution))


def charge_by_rule(
    tx: Tx, execution: str, *, customer_id: int, account_id: int, master_id: int, is_forced: bool = False
) -> list[Moved]:
    """Charge what the program's rules have for an occasion, and tell what was moved."""
    return [
        charge(
            tx, fee, customer_id=customer_id, account_id=account_id, amount_minor=fee.amount_minor,
            master_id=master_id, is_forced=is_forced,
        )[1]
        for fee in (FeeTypeRow(*row) for row in tx.all(OF_RULE, execution=execution))
        if fee.amount_minor
    ]  # fmt: skip


def charge_excess(tx: Tx, *, customer_id: int, account_id: int, master_id: int, amount_minor: int) -> Moved:
    """Charge what a withdrawal costs beyond those of a month that are free, whatever is there."""
    return move_money(
        tx,
        Movement(
            amount_minor=amount_minor,
            source=account_id,
            target=_income(tx),
            type_code=EXCESS_FEE,
            customer_id=customer_id,
            description=FEE_WORDS[EXCESS],
            fee_code=EXCESS,
            master_id=master_id,
            is_forced=True,
        ),
    )


def payers_of(tx: Tx, master_id: int) -> list[int]:
    """The accounts that paid fees for a transfer."""
    return [row[0] for row in tx.all(FEES_OF, master_id=master_id, type_codes=[PROGRAM_FEE, EXCESS_FEE])]


def give_back_fees(tx: Tx, row: MovedRow) -> None:
    """Give back the fees that were charged for a transfer which never took place."""
    for account_id, amount_minor, code in tx.all(
        FEES_OF, master_id=row.master_id, type_codes=[PROGRAM_FEE, EXCESS_FEE]
    ):
        move_money(
            tx,
            Movement(
                amount_minor=amount_minor,
                source=_income(tx),
                target=account_id,
                type_code=PROGRAM_FEE_BACK,
                customer_id=row.customer_id,
                description="Fee given back",
                fee_code=code,
                master_id=row.master_id,
                is_forced=True,
            ),
        )


def get_fee(tx: Tx, fee_id: int) -> AppliedRow:
    """One fee that was charged. Refuses: FeeNotFound."""
    row = tx.one(GET_APPLIED, fee_id=fee_id)
    if row is None:
        raise FeeNotFound(fee_id)
    return AppliedRow(*row)


def find_fee(tx: Tx, tag: str) -> AppliedRow | None:
    """The fee that was charged under a tag."""
    row = tx.one(BY_TAG, tag=tag)
    return None if row is None else AppliedRow(*row)


def charged_among(tx: Tx, fee_ids: Iterable[int]) -> dict[int, AppliedRow]:
    """These of the fees that were charged, by id."""
    ids = list(fee_ids)
    return {row[0]: AppliedRow(*row) for row in tx.all(AMONG, ids=ids)} if ids else {}


def fee_words(code: str) -> str | None:
    """What a fee's code stands for."""
    return FEE_WORDS.get(code)


def _income(tx: Tx) -> End:
    own = program_account_of(tx, BANK_INCOME)
    return FEE_INCOME if own is None else own


def _refuse_people(tx: Tx, customer_id: int, account_id: int) -> None:
    """Refuses: FeeRefused (customer, account, or that they have nothing to do with each other)."""
    try:
        require_customer(tx, customer_id, is_verified=False)
    except CustomerNotFound as error:
        raise FeeRefused(FeeReason.CUSTOMER, str(error)) from error
    except ComptoirError as error:
        raise FeeRefused(FeeReason.CUSTOMER_STATUS, str(error)) from error
    row = tx.one(ACCOUNT, account_id=account_id, customer_id=customer_id)
    if row is None:
        raise FeeRefused(FeeReason.ACCOUNT, f"account id {account_id} is invalid")
    _, status, lock_type, owner_id = row
    if owner_id is None:
        words = f"account {account_id} is not one of customer {customer_id}"
        raise FeeRefused(FeeReason.MISMATCH, words)
    if status != OPEN:
        raise FeeRefused(FeeReason.ACCOUNT_STATUS, f"account {account_id} is {status}")
    if lock_type != UNLOCKED:
        raise FeeRefused(FeeReason.ACCOUNT_LOCKED, f"account {account_id} is locked")


def _manual_fee(tx: Tx, fee_type_id: int) -> FeeTypeRow:
    """Refuses: FeeRefused (there is no active fee, no such fee, or none that is charged by hand)."""
    fees = list_fee_types(tx)
    if not any(fee.is_active for fee in fees):
        raise FeeRefused(FeeReason.NO_ACTIVE_FEE, "the program has no active fee")
    fee = next((fee for fee in fees if fee.id == fee_type_id), None)
    if fee is None:
        raise FeeRefused(FeeReason.FEE_TYPE, f"fee type {fee_type_id} is invalid")
    if not fee.is_active:
        raise FeeRefused(FeeReason.FEE_INACTIVE, f"fee type {fee.code} is not active")
    if not fee.is_manual:
        raise FeeRefused(FeeReason.NOT_MANUAL, f"fee type {fee.code} is not charged by hand")
    return fee
