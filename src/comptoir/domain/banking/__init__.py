"""Bank accounts on the ledger: program, customers, accounts, transfers, bank files, cards, documents, statements."""
