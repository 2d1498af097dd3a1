"""A small language for ledger tests: accounts, movements and the refusals that they must meet.

    open   <code> <kind> [floor]           an account in the table's currency
    post   <code> <amount> … [tag=x]       debits positive, credits negative
    await  <name> <code> <amount> …        a pending transfer with a name
    settle <name> | void <name> | reverse <name>
    hold   <name> <code> <amount>
    free   <name>
    take   <name> <code> <amount> …        capture a hold
    close  <code>
    stands <code> <balance> [available]    from the account's own side

A line may end in `! Refusal`: it must be refused just so, and change nothing.
"""

from collections.abc import Callable

import pytest

from comptoir.domain.errors import ComptoirError
from comptoir.domain.ledger.accounts import close_account, find_account_id, open_account
from comptoir.domain.ledger.holds import capture_hold, place_hold, release_hold
from comptoir.domain.ledger.queries import get_account
from comptoir.domain.ledger.transfers import (
    create_pending_transfer,
    post_pending_transfer,
    post_transfer,
    reverse_transfer,
    void_transfer,
)
from comptoir.domain.tx import Tx

CURRENCY = "AUD"


class Table:
    """Plays one table in one transaction."""

    def __init__(self, tx: Tx) -> None:
        self.tx = tx
        self.names: dict[str, int] = {"nothing": 404}

    def play(self, text: str) -> None:
        for line in text.strip().splitlines():
            step, _, refusal = (part.strip() for part in line.partition("!"))
            if not step:
                continue
            if not refusal:
                self.step(*step.split())
                continue
            with pytest.raises(ComptoirError) as refused:
                self.step(*step.split())
            assert type(refused.value).__name__ == refusal, (line, refused.value)

    def step(self, verb: str, *words: str) -> None:
        steps: dict[str, Callable[..., None]] = {
            "open": self.open, "post": self.post, "await": self.pending, "settle": self.settle,
            "void": self.void, "reverse": self.reverse, "hold": self.hold, "free": self.free,
            "take": self.take, "close": self.close, "stands": self.stands,
        }  # fmt: skip
        steps[verb](*words)

    def open(self, code: str, kind: str, floor: str = "none") -> None:
        floor_minor = None if floor == "none" else int(floor)
        open_account(self.tx, code=code, name=code, kind=kind, floor_minor=floor_minor)

    def post(self, *words: str) -> None:
        tags = [word.removeprefix("tag=") for word in words if word.startswith("tag=")]
        pairs = [word for word in words if not word.startswith("tag=")]
        made = post_transfer(
            self.tx,
            kind="test",
            subject="test",
            subject_id=1,
            postings=entries(pairs),
            tag=tags[0] if tags else None,
        )
        self.names["last"] = made
        if tags:
            assert self.names.setdefault(tags[0], made) == made

    def pending(self, name: str, *words: str) -> None:
        self.names[name] = create_pending_transfer(
            self.tx, kind="test", subject="test", subject_id=1, postings=entries(words)
        )

    def settle(self, name: str) -> None:
        post_pending_transfer(self.tx, transfer_id=self.names[name])

    def void(self, name: str) -> None:
        void_transfer(self.tx, transfer_id=self.names[name])

    def reverse(self, name: str) -> None:
        reverse_transfer(self.tx, transfer_id=self.names[name])

    def hold(self, name: str, code: str, amount: str) -> None:
        self.names[name] = place_hold(
            self.tx, account_id=self.account(code), amount_minor=int(amount), subject="test", subject_id=1
        )

    def free(self, name: str) -> None:
        release_hold(self.tx, hold_id=self.names[name])

    def take(self, name: str, *words: str) -> None:
        postings = [(self.account(str(code)), amount) for code, amount in entries(words)]
        capture_hold(self.tx, hold_id=self.names[name], kind="test", postings=postings)

    def close(self, code: str) -> None:
        close_account(self.tx, account_id=self.account(code))

    def stands(self, code: str, balance: str, available: str | None = None) -> None:
        standing = get_account(self.tx, self.account(code))
        assert standing.balance_minor == int(balance), code
        assert standing.available_minor == int(available or balance), code

    def account(self, code: str) -> int:
        return find_account_id(self.tx, code=code, currency=CURRENCY)


def entries(words: list[str] | tuple[str, ...]) -> list[tuple[str | int, int]]:
    """Pairs of a code and an amount."""
    return [(code, int(amount)) for code, amount in zip(words[::2], words[1::2], strict=True)]
