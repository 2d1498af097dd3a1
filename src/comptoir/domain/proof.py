"""The proof of the whole trade: the ledger by itself, then every room that moves money against it.

It is what `comptoir books check` says.
"""

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


def prove_books(tx: Tx) -> list[str]:
    """Everything that is wrong with the books, in words; empty when every cent can be proved."""
    return [
        *check_books(tx),
        *check_orders(tx),
        *check_chargebacks(tx),
        *check_payouts(tx),
        *check_accounts(tx),
        *check_transfers(tx),
        *check_cards(tx),
        *check_clearing(tx),
        *check_statements(tx),
    ]
