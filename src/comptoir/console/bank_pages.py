"""Every page of the bank."""

from comptoir.console import bank, bank_accounts, bank_transactions

PAGES = (
    *bank.PAGES,
    *bank_accounts.PAGES,
    *bank_transactions.PAGES,
)
