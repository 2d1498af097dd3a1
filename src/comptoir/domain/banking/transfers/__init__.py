"""Moving money between accounts, and the transactions that this leaves on them."""
