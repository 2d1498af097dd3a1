"""The account that payments post to beside those of orders."""

from comptoir.domain.ledger.accounts import AccountPlan
from comptoir.domain.ledger.models import EXPENSE

CHARGEBACKS = AccountPlan("chargebacks", "Payments that buyers' banks took back", EXPENSE)
