"""Documents of customers, of external accounts, and of the bank."""
