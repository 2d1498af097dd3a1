"""The proof of the whole trade: the ledger by itself, then every room that moves money against it.

It is what `comptoir books check` says.
"""

from collections.abc import Callable, Mapping

from comptoir.domain.banking.accounts.proof import check_accounts
from comptoir.domain.banking.cards.proof import check_cards
from comptoir.domain.banking.clearing.proof import check_clearing
from comptoir.domain.banking.statements.proof import check_statements
from comptoir.domain.banking.transfers.proof import check_transfers
from comptoir.domain.ledger.books import check_books
from comptoir.domain.payments.proof import check_chargebacks
from comptoir.domain.payouts.proof import check_payouts
from comptoir.domain.refunds.proof import check_orders
from comptoir.domain.tx import Tx

# Each part of the proof, by what it is about.
PROOFS: Mapping[str, Callable[[Tx], list[str]]] = {
    "the ledger": check_books,
    "orders, payments and refunds": check_orders,
    "chargebacks": check_chargebacks,
    "payouts": check_payouts,
    "bank accounts": check_accounts,
    "bank transfers": check_transfers,
    "cards": check_cards,
    "clearing": check_clearing,
    "statements": check_statements,
}


def prove_books(tx: Tx) -> list[str]:
    """Everything that is wrong with the books, in words; empty when every cent can be proved."""
    return [problem for check in PROOFS.values() for problem in check(tx)]
