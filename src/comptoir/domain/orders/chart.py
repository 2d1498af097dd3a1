"""The accounts that orders, payments and refunds post to, as docs/reference/chart-of-accounts.md says."""

from comptoir.domain.ledger.accounts import AccountPlan
from comptoir.domain.ledger.models import ASSET, EXPENSE, INCOME, LIABILITY

RECEIVABLE = AccountPlan("receivable", "Owed by customers", ASSET)
TAX_PAYABLE = AccountPlan("tax_payable", "Sales tax owed to the state", LIABILITY)
SALES = AccountPlan("sales", "Goods sold, before discounts and without tax", INCOME)
SHIPPING_INCOME = AccountPlan("shipping_income", "Delivery charged", INCOME)
INSURANCE_INCOME = AccountPlan("insurance_income", "Insurance charged", INCOME)
SURCHARGE_INCOME = AccountPlan("surcharge_income", "Surcharges", INCOME)
DISCOUNTS = AccountPlan("discounts", "Discounts given on whole orders", EXPENSE)
RETURNS = AccountPlan("returns", "Goods refunded, without tax", EXPENSE)
SHIPPING_REFUNDED = AccountPlan("shipping_refunded", "Charges refunded, without tax", EXPENSE)

SALE_PLANS = (
    RECEIVABLE,
    TAX_PAYABLE,
    SALES,
    SHIPPING_INCOME,
    INSURANCE_INCOME,
    SURCHARGE_INCOME,
    DISCOUNTS,
)
REFUND_PLANS = (RECEIVABLE, TAX_PAYABLE, RETURNS, SHIPPING_REFUNDED)


def clearing(gateway: str) -> AccountPlan:
    """Money that a gateway has taken or given for us and not yet settled."""
    return AccountPlan(f"clearing:{gateway}", f"Clearing of {gateway}", ASSET)
