"""The bank's own accounts in the books, as docs/reference/chart-of-accounts.md says."""

from comptoir.domain.ledger.accounts import AccountPlan
from comptoir.domain.ledger.models import ASSET, EQUITY, EXPENSE, INCOME

# The merchant's own, which card sales settle to and payouts leave.
SETTLEMENT = AccountPlan("processor", "Settled by gateways and not yet paid out", ASSET)

CASH = AccountPlan("bank_cash", "Cash that deposits are held in", ASSET)
IN_TRANSIT = AccountPlan("bank_in_transit", "On its way to and from other banks", ASSET)
CARD_NETWORK = AccountPlan("bank_card_network", "On its way to and from the card network", ASSET)
CROSSING = AccountPlan("bank_crossing", "Between the merchant's own money and deposits", EQUITY)
INTEREST_PAID = AccountPlan("bank_interest", "Interest paid on deposits", EXPENSE)
WITHHOLDING = AccountPlan("bank_withholding", "Tax withheld from interest", EQUITY)
FEE_INCOME = AccountPlan("bank_fees", "Fees charged to accounts", INCOME)
ECODE_SALES = AccountPlan("bank_ecodes", "Gift codes sold to account holders", INCOME)
TRIALS = AccountPlan("bank_trials", "Trial deposits at other banks", EXPENSE)
