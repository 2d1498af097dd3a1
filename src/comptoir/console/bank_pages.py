"""Every page of the bank."""

from comptoir.console import (
    bank,
    bank_account_rules,
    bank_accounts,
    bank_card_ordering,
    bank_cards,
    bank_customers,
    bank_diligence,
    bank_documents,
    bank_external,
    bank_files,
    bank_gift_codes,
    bank_gift_offer,
    bank_statements,
    bank_transactions,
    bank_transferring,
    bank_transfers,
)
from comptoir.console.visits import Act, Page

PAGES: tuple[Page | Act, ...] = (
    *bank.PAGES,
    *bank_customers.PAGES,
    *bank_diligence.PAGES,
    *bank_accounts.PAGES,
    *bank_account_rules.PAGES,
    *bank_transactions.PAGES,
    *bank_transferring.PAGES,
    *bank_transfers.PAGES,
    *bank_external.PAGES,
    *bank_card_ordering.PAGES,
    *bank_cards.PAGES,
    *bank_gift_codes.PAGES,
    *bank_gift_offer.PAGES,
    *bank_files.PAGES,
    *bank_statements.PAGES,
    *bank_documents.PAGES,
)
