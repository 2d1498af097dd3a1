"""Gift codes bought with money from an account (reference 3.12)."""

from typing import Any

from comptoir.dialects.corepro.asked import Asked
from comptoir.dialects.corepro.calls import reading, writing
from comptoir.dialects.corepro.refusals import REQUIRED, Refusal, Refusals, saying
from comptoir.dialects.corepro.replies import day, moment, money, ok
from comptoir.dialects.corepro.shapes import (
    ASKED_MONEY,
    DAY,
    ID,
    MOMENT,
    MONEY,
    TEXT,
    a_list,
    an_object,
    given,
    needed,
    one_of,
    placed,
)
from comptoir.dialects.corepro.words import VALUE
from comptoir.dialects.edge import Call, Reply
from comptoir.domain.banking.accounts.errors import (
    AccessMissing,
    AccountLocked,
    AccountNotOpen,
    BankAccountNotFound,
)
from comptoir.domain.banking.customers.queries import get_customer
from comptoir.domain.banking.ecodes.buying import buy_ecode, reissue_ecode
from comptoir.domain.banking.ecodes.errors import (
    AmountRefused,
    ECodeNotFound,
    ProductNotFound,
    ReissueRefused,
)
from comptoir.domain.banking.ecodes.queries import (
    ACTIVE,
    REPLACED,
    ECodeRow,
    documents_of,
    get_ecode,
    get_ecode_product,
    list_ecodes,
)
from comptoir.domain.banking.program.queries import ProgramFacts, get_program
from comptoir.domain.ledger.errors import InsufficientFunds

FEATURE = "ecodes"
# Nothing is published for gift codes (9, #15): withdrawing speaks with the numbers of its family (3.8).
REFUSALS: Refusals = {
    ProductNotFound: Refusal(VALUE, "Program eCode id {key} is invalid."),
    ECodeNotFound: Refusal(VALUE, "Customer eCode id {key} is invalid."),
    AmountRefused: 70205,
    ReissueRefused: VALUE,
}
BUYING: Refusals = {
    BankAccountNotFound: 70200,
    AccessMissing: 63502,
    AccountNotOpen: 70202,
    AccountLocked: 70211,
    InsufficientFunds: 70204,
}

ECODE = an_object(
    {
        "cashBoostAccountId": ID, "cashBoostAmount": MONEY, "customerECodeId": ID, "customerId": ID,
        "egcAccessCode": TEXT, "egcChallenge": TEXT, "egcCode": TEXT, "fromAccountId": ID, "initialBalance": MONEY,
        "merchantCode": TEXT, "orderNumber": TEXT, "programECodeId": ID, "purchaseAmount": MONEY,
        "purchaseDate": MOMENT, "status": one_of((ACTIVE, REPLACED)),
    },
    always=("customerECodeId", "customerId", "egcCode", "fromAccountId", "programECodeId", "purchaseAmount", "status"),
)  # fmt: skip
ECODE_DOCUMENT = an_object(
    {
        "culture": TEXT, "documentId": ID, "documentType": TEXT, "effectiveDate": DAY, "expireDate": DAY, "html": TEXT,
        "productCode": TEXT,
    },
    always=("culture", "documentId", "documentType", "html", "productCode"),
)  # fmt: skip


def purchase(call: Call, asked: Asked) -> Reply:
    """Buy one."""
    asked.demand("purchaseAmount")
    with saying(BUYING):
        row = buy_ecode(
            call.tx,
            customer_id=asked.id("customerId"),
            product_id=asked.id("programECodeId"),
            amount_minor=asked.money("purchaseAmount") or 0,
            from_account_id=asked.id("fromAccountId"),
            boost_account_id=asked.find_id("cashBoostAccountId") or None,
        )
    return ok(shown(row, get_program(call.tx)))


def reissue(call: Call, asked: Asked) -> Reply:
    """Replace one that was lost."""
    row = reissue_ecode(call.tx, customer_id=asked.id("customerId"), ecode_id=asked.id("customerECodeId"))
    return ok(shown(row, get_program(call.tx)))


def get(call: Call, asked: Asked) -> Reply:
    """Show one."""
    customer_id = get_customer(call.tx, asked.id_place(0)).customer_id
    return ok(shown(get_ecode(call.tx, customer_id, asked.id_place(1)), get_program(call.tx)))


def list_all(call: Call, asked: Asked) -> Reply:
    """List what a customer bought."""
    customer_id = get_customer(call.tx, asked.id_place(0)).customer_id
    program = get_program(call.tx)
    return ok([shown(row, program) for row in list_ecodes(call.tx, customer_id)])


def list_documents(call: Call, asked: Asked) -> Reply:
    """List what goes with a product: its terms."""
    product = get_ecode_product(call.tx, asked.id_place(0))
    kind, culture = (asked.place(1) or "").lower(), (asked.place(2) or "").lower()
    return ok(
        [
            {
                "culture": one.culture,
                "documentId": one.document_id,
                "documentType": one.document_type,
                "effectiveDate": day(one.effective_on),
                "expireDate": day(one.expires_on),
                "html": one.html,
                "productCode": product.product_code,
            }
            for one in documents_of(product)
            if kind in {"", one.document_type.lower()} and culture in {"", one.culture.lower()}
        ]
    )


def shown(row: ECodeRow, program: ProgramFacts) -> dict[str, Any]:
    """A gift code with all that its owner needs to spend it."""
    return {
        "cashBoostAccountId": row.boost_account_id,
        "cashBoostAmount": money(row.boost_minor) if row.boost_account_id else None,
        "customerECodeId": row.id,
        "customerId": row.customer_id,
        "egcAccessCode": row.access_code,
        "egcChallenge": row.challenge,
        "egcCode": row.code,
        "fromAccountId": row.from_account_id,
        "initialBalance": money(row.amount_minor),
        "merchantCode": row.product_code,
        "orderNumber": row.order_number,
        "programECodeId": row.product_id,
        "purchaseAmount": money(row.amount_minor),
        "purchaseDate": moment(row.purchased_at, program.zone),
        "status": row.status,
    }


CALLS = (
    writing(
        "ecode/purchase", purchase, needs=FEATURE, shows=ECODE, text="Buy a gift code with money from an account",
        takes=(
            needed("customerId", ID), needed("programECodeId", ID), needed("purchaseAmount", ASKED_MONEY),
            needed("fromAccountId", ID), given("cashBoostAccountId", ID, "Where a part of the price comes back to."),
        ),
        codes=(60001, 60002, 60003, 60004, 60005, REQUIRED, VALUE, 63502, 70200, 70202, 70204, 70205, 70211),
    ),
    writing(
        "ecode/reissue", reissue, needs=FEATURE, shows=ECODE, text="Replace a gift code that was lost",
        takes=(needed("customerId", ID), needed("customerECodeId", ID)),
        codes=(60001, 60002, 60003, 60004, 60005, VALUE),
    ),
    reading(
        "ecode/get", get, needs=FEATURE, takes=(placed("customerId"), placed("customerECodeId")), shows=ECODE,
        text="Show a gift code", codes=(60001, VALUE),
    ),
    reading(
        "ecode/list", list_all, needs=FEATURE, takes=(placed("customerId"),), shows=a_list(ECODE),
        text="List a customer's gift codes", codes=(60001,),
    ),
    reading(
        "ecodeDocument/list", list_documents, needs=FEATURE, shows=a_list(ECODE_DOCUMENT), codes=(VALUE,),
        takes=(
            placed("programECodeId"), placed("documentType", TEXT, is_required=False),
            placed("culture", TEXT, is_required=False),
        ),
        text="List what goes with a gift code that is sold",
    ),
)  # fmt: skip
