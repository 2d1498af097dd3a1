"""The accounts of settlement, as docs/reference/chart-of-accounts.md says."""

from comptoir.domain.banking.movements.chart import SETTLEMENT
from comptoir.domain.ledger.accounts import AccountPlan
from comptoir.domain.ledger.models import ASSET, EXPENSE, INCOME
from comptoir.domain.payouts.models import (
    ADJUSTMENT,
    CHARGEBACK_FEE,
    COMMISSION,
    FEE,
    OUTGOING_COMMISSION,
    PAYOUT_FEE,
    RESERVE_HELD,
    RESERVE_RELEASED,
)

PROCESSOR = SETTLEMENT
RESERVE = AccountPlan("processor_reserve", "Held back from sales for a while", ASSET)
BANK = AccountPlan("bank", "Paid out to the merchant", ASSET)
PROCESSING_FEES = AccountPlan("processing_fees", "Fees for processing sales", EXPENSE)
CHARGEBACK_FEES = AccountPlan("chargeback_fees", "Fees for chargebacks", EXPENSE)
PAYOUT_FEES = AccountPlan("payout_fees", "Fees for sending payouts", EXPENSE)
ADJUSTMENTS = AccountPlan("payout_adjustments", "Corrections by the processor", INCOME)
COMMISSIONS_EARNED = AccountPlan("commissions_earned", "Commissions from others' sales", INCOME)
COMMISSIONS_PAID = AccountPlan("commissions_paid", "Commissions to affiliates", EXPENSE)

PAYOUT_PLANS = (
    PROCESSOR,
    RESERVE,
    BANK,
    PROCESSING_FEES,
    CHARGEBACK_FEES,
    PAYOUT_FEES,
    ADJUSTMENTS,
    COMMISSIONS_EARNED,
    COMMISSIONS_PAID,
)
# What stands against the processor's account. Sales, refunds and chargebacks stand against the clearing
# account of their gateway; a balance brought forward is on the processor's account already.
AGAINST = {
    FEE: PROCESSING_FEES,
    CHARGEBACK_FEE: CHARGEBACK_FEES,
    PAYOUT_FEE: PAYOUT_FEES,
    RESERVE_HELD: RESERVE,
    RESERVE_RELEASED: RESERVE,
    ADJUSTMENT: ADJUSTMENTS,
    COMMISSION: COMMISSIONS_EARNED,
    OUTGOING_COMMISSION: COMMISSIONS_PAID,
}
