"""The CorePro dialect: bank accounts on the ledger, said as Q2 CorePro says them."""
