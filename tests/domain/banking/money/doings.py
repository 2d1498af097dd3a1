"""What people, their banks and the clock do to money, through the verbs of all three dialects."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import select

from comptoir.domain.banking.accounts.closing import close_bank_account
from comptoir.domain.banking.accounts.interest import accrue, begin_accruing
from comptoir.domain.banking.accounts.locking import (
    hold_account,
    lock_account,
    release_account,
    unlock_account,
)
from comptoir.domain.banking.accounts.models import BankAccount
from comptoir.domain.banking.cards.authorising import authorise, charge_back, post, reverse
from comptoir.domain.banking.cards.messages import Message
from comptoir.domain.banking.cards.moving_on import release_authorisations
from comptoir.domain.banking.clearing.answering import answer_files, object_to_files
from comptoir.domain.banking.clearing.settling import settle_due, square
from comptoir.domain.banking.clearing.submitting import submit_files
from comptoir.domain.banking.files.bank_days import bank_today
from comptoir.domain.banking.program.queries import get_program
from comptoir.domain.banking.transfers.availability import set_available_date
from comptoir.domain.banking.transfers.fees import create_fee
from comptoir.domain.banking.transfers.voiding import set_transfer_status, void_transfer_of
from comptoir.domain.errors import ComptoirError
from comptoir.domain.ledger.holds import release_expired_holds
from comptoir.domain.ledger.models import Posting
from comptoir.domain.orders.models import Invoice
from comptoir.domain.payments.queries import list_payments
from comptoir.domain.payouts.gathering import gather_entries
from comptoir.domain.payouts.paying import adjust_balance, pay_out, void_payout
from comptoir.domain.subscriptions.renewing import renew_batch
from tests.domain.banking.transfers.given import account, ask, elsewhere, found, person, reserve
from tests.domain.payouts.given import a_sale, deposit, dispute, refund, terms
from tests.domain.subscriptions.given import sold

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random  # noqa: TID251 - dice that a seed throws again

    from comptoir.domain.tx import Tx

T = TypeVar("T")
PEOPLE, ACCOUNTS_MAX = 6, 40
# Account numbers elsewhere: most are ordinary, some are sent back by the simulated bank, at once or late.
NUMBERS = ("4001111", "4002222", "4003333", "40001", "40010", "40023")
# What was done already, at another bank or by the network, is not refused for want of money.
FORCED = frozenset({"advise", "answer", "object", "charge_back_card", "reverse_card", "settle", "dispute"})
NEWEST_POSTING: Any = select(Posting.id).order_by(Posting.id.desc()).limit(1)
OPEN_ACCOUNTS: Any = select(BankAccount.account_id, BankAccount.customer_id).where(
    BankAccount.status == "Open"
)
INVOICES: Any = select(Invoice.order_id).order_by(Invoice.order_id.desc()).limit(200)


class Bank:
    """A shop with a bank, and the dice that say what happens next."""

    def __init__(self, dice: Random) -> None:
        self.dice = dice
        self.people: list[int] = []
        self.accounts: list[tuple[int, int]] = []
        self.externals: dict[int, list[int]] = {}
        self.transactions: list[tuple[int, int, int]] = []
        self.cards: list[tuple[int, int, int]] = []
        self.orders: list[int] = []
        self.tags = 0
        names = sorted(WEIGHTS)
        self.names, self.weights = names, [WEIGHTS[name] for name in names]

    def found(self, tx: Tx) -> None:
        """A program with people, accounts and accounts elsewhere."""
        found(tx)
        terms(tx, reserve_days=10, payout_fee_minor=100)
        for number in range(PEOPLE):
            who = person(tx, f"Person {number}")
            self.people.append(who)
            self.externals[who] = [elsewhere(tx, who, number=digits) for digits in NUMBERS]
            for type_ in ("Checking", "Savings"):
                account_id = account(tx, who, 100_000, name=type_, type=type_)
                self.accounts.append((account_id, who))

    def one(self, of: Sequence[T]) -> T:
        """One of several. Refuses: ComptoirError, when there is none."""
        if not of:
            raise ComptoirError("there is nothing to choose from")
        return self.dice.choice(of)

    def pick(self) -> str:
        """What happens next."""
        (name,) = self.dice.choices(self.names, self.weights)
        return name

    # --------------------------------------------------------------------------------- the bank

    def transfer(self, tx: Tx) -> None:
        who = self.one(self.people)
        own = [account_id for account_id, owner in self.accounts if owner == who]
        ends = [*own, *own, *own, *self.externals[who], reserve(tx), self.one(self.accounts)[0]]
        said: dict[str, Any] = {}
        if self.dice.random() < 0.5:
            # Now and then a tag comes again.
            self.tags += self.dice.random() < 0.95
            said["tag"] = f"tag {self.tags}"
        if self.dice.random() < 0.1:
            said["is_same_day"] = True
        if self.dice.random() < 0.1:
            said["to_customer_id"] = self.one(self.people)
        results = ask(tx, who, self.one(ends), self.one(ends), self.minor(), **said)
        self.transactions += [(who, one.transaction_id, one.master_id) for one in results]

    def pay_in(self, tx: Tx) -> None:
        account_id, who = self.one(self.accounts)
        ask(tx, who, reserve(tx), account_id, self.dice.randrange(1, 20_000))

    def void(self, tx: Tx) -> None:
        who, transaction_id, _ = self.transaction()
        void_transfer_of(tx, customer_id=who, transaction_id=transaction_id)

    def delay(self, tx: Tx) -> None:
        who, transaction_id, _ = self.transaction()
        status = self.one(["Delayed", "Initiated", "Voided"])
        set_transfer_status(tx, customer_id=who, transaction_id=transaction_id, status=status)

    def wait_for_funds(self, tx: Tx) -> None:
        who, transaction_id, _ = self.transaction()
        day = bank_today(tx, get_program(tx)) + timedelta(days=self.dice.randrange(8))
        set_available_date(tx, customer_id=who, transaction_id=transaction_id, day=day)

    def fee(self, tx: Tx) -> None:
        account_id, who = self.one(self.accounts)
        create_fee(
            tx, customer_id=who, account_id=account_id, fee_type_id=self.dice.randrange(1, 4),
            amount_minor=self.dice.randrange(600),
        )  # fmt: skip

    def open(self, tx: Tx) -> None:
        if len(self.accounts) < ACCOUNTS_MAX:
            who = self.one(self.people)
            self.tags += 1
            self.accounts.append((account(tx, who, name=f"Account {self.tags}"), who))

    def close(self, tx: Tx) -> None:
        account_id, who = self.one(self.accounts)
        ends = [self.one(self.accounts)[0], *self.externals[who]]
        close_bank_account(tx, customer_id=who, account_id=account_id, close_to_id=self.one(ends))
        self.accounts.remove((account_id, who))

    def hold(self, tx: Tx) -> None:
        account_id, who = self.one(self.accounts)
        day = bank_today(tx, get_program(tx)) + timedelta(days=self.dice.randrange(1, 6))
        hold_account(
            tx, customer_id=who, account_id=account_id, amount_minor=self.dice.randrange(1, 5_000),
            expires_on=day,
        )  # fmt: skip

    def release(self, tx: Tx) -> None:
        account_id, who = self.one(self.accounts)
        release_account(tx, customer_id=who, account_id=account_id)

    def lock(self, tx: Tx) -> None:
        account_id, who = self.one(self.accounts)
        reason = self.one(["TMP", "FRZ", "CO"])
        lock_account(tx, customer_id=who, account_id=account_id, lock_type="CST", lock_reason=reason)

    def unlock(self, tx: Tx) -> None:
        for account_id, who in self.accounts:
            if self.dice.random() < 0.3:
                unlock_account(tx, customer_id=who, account_id=account_id)

    # ------------------------------------------------------------------------------------ cards

    def authorise(self, tx: Tx) -> None:
        message = self.message()
        moved = authorise(tx, message)
        self.cards.append((message.customer_id, message.account_id, moved.first))

    def buy(self, tx: Tx) -> None:
        message = self.message()
        authorised = self.one(self.cards)[2] if self.cards and self.dice.random() < 0.6 else None
        moved = post(tx, message, authorised)
        self.cards.append((message.customer_id, message.account_id, moved.first))

    def advise(self, tx: Tx) -> None:
        message = self.message()._replace(is_advice=True)
        moved = post(tx, message)
        self.cards.append((message.customer_id, message.account_id, moved.first))

    def reverse_card(self, tx: Tx) -> None:
        who, account_id, transaction_id = self.one(self.cards)
        minor = self.one([0, self.dice.randrange(1, 2_000)])
        reverse(tx, Message(who, account_id, minor, is_advice=self.dice.random() < 0.5), transaction_id)

    def charge_back_card(self, tx: Tx) -> None:
        who, account_id, transaction_id = self.one(self.cards)
        charge_back(tx, Message(who, account_id, self.dice.randrange(1, 2_000)), transaction_id)

    # ---------------------------------------------------------------------- what the clock does

    def submit(self, tx: Tx) -> None:
        submit_files(tx)

    def answer(self, tx: Tx) -> None:
        answer_files(tx)

    def settle(self, tx: Tx) -> None:
        answer_files(tx)
        settle_due(tx)

    def object(self, tx: Tx) -> None:
        object_to_files(tx)
        square(tx)

    def expire(self, tx: Tx) -> None:
        release_expired_holds(tx)
        release_authorisations(tx)

    def earn(self, tx: Tx) -> None:
        yesterday = bank_today(tx, get_program(tx)) - timedelta(days=1)
        begin_accruing(tx, through=yesterday)
        accrue(tx, through=yesterday)

    # --------------------------------------------------------------------------------- the shop

    def sell(self, tx: Tx) -> None:
        self.orders.append(a_sale(tx, self.dice.randrange(100, 30_000)))

    def subscribe(self, tx: Tx) -> None:
        self.orders.append(sold(tx, card=self.one(["sbx-approved", "sbx-declined"])).order_id)

    def renew(self, tx: Tx) -> None:
        renew_batch(tx, limit=5)
        self.orders = [order_id for (order_id,) in tx.all(INVOICES)] or self.orders

    def book(self, tx: Tx) -> None:
        deposit(tx, self.one(self.orders))

    def refund(self, tx: Tx) -> None:
        refund(tx, self.one(self.orders), self.dice.randrange(1, 5_000))

    def dispute(self, tx: Tx) -> None:
        order_id = self.one(self.orders)
        self.one(list_payments(tx, order_id))
        dispute(tx, order_id, self.dice.randrange(1, 3_000))

    def gather(self, tx: Tx) -> None:
        gather_entries(tx, limit=5)

    def pay_out(self, tx: Tx) -> None:
        pay_out(tx)

    def call_back(self, tx: Tx) -> None:
        void_payout(tx, payout_id=self.dice.randrange(1, 20))

    def correct(self, tx: Tx) -> None:
        adjust_balance(tx, amount_minor=self.dice.randrange(-500, 500), memo="by hand")

    # ------------------------------------------------------------------------------------- dice

    def minor(self) -> int:
        """An amount: mostly small, now and then none, all that there could be, or one the other bank sends back."""
        return self.one(
            [0, -5, 10**12, 109_901, 109_910] + [self.dice.randrange(1, 9_000) for _ in range(25)]
        )

    def transaction(self) -> tuple[int, int, int]:
        """One of those that came last, mostly."""
        return self.one(self.transactions[-30:] if self.dice.random() < 0.9 else self.transactions)

    def message(self) -> Message:
        account_id, who = self.one(self.accounts)
        codes = self.one(["00", "00", "01", "20"])
        return Message(who, account_id, self.dice.randrange(1, 4_000), processing_code=f"{codes}0000")


WEIGHTS = {
    "transfer": 300, "pay_in": 60, "void": 60, "delay": 20, "wait_for_funds": 10, "fee": 15, "open": 14, "close": 24,
    "hold": 15, "release": 10, "lock": 5, "unlock": 8, "authorise": 40, "buy": 40, "advise": 5, "reverse_card": 15,
    "charge_back_card": 5, "submit": 12, "answer": 8, "settle": 12, "object": 8, "expire": 10, "earn": 2,
    "sell": 40, "subscribe": 3, "renew": 6, "book": 40, "refund": 35, "dispute": 6, "gather": 15, "pay_out": 4,
    "call_back": 2, "correct": 3,
}  # fmt: skip
