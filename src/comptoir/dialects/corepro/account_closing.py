"""Closing an account (reference 3.4.5)."""

from comptoir.dialects.corepro.account_faults import by_kind
from comptoir.dialects.corepro.asked import Asked
from comptoir.dialects.corepro.calls import writing
from comptoir.dialects.corepro.refusals import saying
from comptoir.dialects.corepro.replies import money, ok
from comptoir.dialects.corepro.shapes import BIG_ID, FLAG, ID, MONEY, TAG, an_object, given, needed, text
from comptoir.dialects.edge import Call, Reply
from comptoir.domain.banking.accounts.closing import close_bank_account
from comptoir.domain.banking.accounts.errors import AccountLocked

# `requestingCustomerId` is how later programs call the customer; a locked target takes no money either.
CUSTOMER_MISSING, LOCKED_TARGET = 61150, 65906
CODES = {
    "account": 65901, "target_unknown": 65902, "target_missing": 65902, "tag": 65903, "target_gone": 65904,
    "target_unverified": 65905, "target_not_open": 65906, "same": 65907, "pending": 65908, "negative": 65909,
    "not_closeable": 65910, "primary": 65910, "target_foreign": 65911, "not_cash": 65912, "closed": 65914,
    "privilege": 65916, "target_privilege": 65917, "linked_card": 65918, "reason": 65925, "notes": 65296,
}  # fmt: skip
CLOSED = an_object(
    {
        "accountId": ID, "backupWithholdingAmount": MONEY, "closeToAccountId": ID, "closingBalanceAmount": MONEY,
        "customerId": ID, "interestPaidAmount": MONEY, "isCloseToExternalAccount": FLAG,
        "isClosedToExternalAccount": FLAG, "totalClosingAmount": MONEY, "transactionId": BIG_ID, "transactionTag": TAG,
    },
    always=(
        "accountId", "backupWithholdingAmount", "closingBalanceAmount", "customerId", "interestPaidAmount",
        "isCloseToExternalAccount", "isClosedToExternalAccount", "totalClosingAmount",
    ),
)  # fmt: skip


def close(call: Call, asked: Asked) -> Reply:
    """Close an account, and move what is on it to where the customer wants it."""
    customer_id = asked.id("customerId") or asked.id("requestingCustomerId")
    if not customer_id:
        asked.refuse(CUSTOMER_MISSING, "requestingCustomerId is required.")
        asked.settle()
    tag = asked.tag("transactionTag")
    with saying({AccountLocked: LOCKED_TARGET}), by_kind(CODES):
        closing = close_bank_account(
            call.tx,
            customer_id=customer_id,
            account_id=asked.id("accountId"),
            close_to_id=asked.find_id("closeToAccountId"),
            tag=tag,
            reason=asked.text("closeReason", most=50) or "",
            notes=asked.text("closeReasonNotes", most=255) or "",
        )
    # Where nothing was left, nothing went anywhere.
    is_external = closing.is_external and closing.transaction_id is not None
    return ok(
        {
            "accountId": closing.account_id,
            "backupWithholdingAmount": money(closing.withheld_minor),
            "closeToAccountId": closing.close_to_id,
            "closingBalanceAmount": money(closing.balance_minor),
            "customerId": customer_id,
            "interestPaidAmount": money(closing.interest_minor),
            # One client spells it otherwise.
            "isCloseToExternalAccount": is_external,
            "isClosedToExternalAccount": is_external,
            "totalClosingAmount": money(closing.total_minor),
            "transactionId": closing.transaction_id,
            "transactionTag": tag if closing.transaction_id is not None else None,
        }
    )


CALLS = (
    writing(
        "account/close", close, shows=CLOSED,
        takes=(
            needed("customerId", ID, "Or requestingCustomerId."), needed("accountId", ID),
            given("requestingCustomerId", ID), given("closeToAccountId", ID, "Where what is left goes."),
            given("transactionTag", TAG, "The tag of the transaction by which it goes."),
            given("closeReason", text(50)), given("closeReasonNotes", text(255), "Needed when the reason is Other."),
        ),
        codes=(60001, 60002, 60004, 60005, CUSTOMER_MISSING, *sorted(set(CODES.values()))), text="Close an account",
    ),
)  # fmt: skip
