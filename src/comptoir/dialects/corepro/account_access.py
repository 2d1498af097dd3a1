"""Who shares an account: giving access, changing it, taking it away (reference 3.4.7)."""

from collections.abc import Mapping
from typing import Any

from comptoir.dialects.corepro.account_shown import ACCOUNT_STARS
from comptoir.dialects.corepro.asked import Asked
from comptoir.dialects.corepro.calls import reading, writing
from comptoir.dialects.corepro.refusals import Refusal, Said
from comptoir.dialects.corepro.replies import masked, ok
from comptoir.dialects.corepro.shapes import (
    COUNT,
    FLAG,
    ID,
    TAG,
    TEXT,
    a_list,
    an_object,
    given,
    needed,
    one_of,
    placed,
)
from comptoir.dialects.edge import Call, Reply
from comptoir.domain.banking.accounts.errors import AccessRefused
from comptoir.domain.banking.accounts.models import ACCOUNT_ACCESS_TYPES, NONE, RDONLY
from comptoir.domain.banking.accounts.queries import BankAccountRow, get_bank_account, require_access
from comptoir.domain.banking.accounts.sharing import HolderRow, list_access, set_access
from comptoir.domain.banking.customers.queries import get_customer
from comptoir.domain.banking.program.queries import ProgramFacts, get_program

CODES = {
    "keeps_full": 108201, "raise": 108202, "primary_missing": 108203, "full_missing": 108204, "customer": 108205,
    "standing": 108206, "code_missing": 108207, "code_unknown": 108208, "priority": 108209, "signer": 108210,
    "onboarding": 108211, "minor_product": 108212, "denied": 108213, "too_young": 108214, "minor_signs": 108215,
    "unverified": 61037,
}  # fmt: skip
ACCESS = an_object(
    {
        "accessTypeCode": one_of(ACCOUNT_ACCESS_TYPES), "accountId": ID, "accountName": TEXT, "accountNumber": TEXT,
        "accountNumberMasked": TEXT, "accountTag": TAG, "customerId": ID, "customerPriority": COUNT,
        "customerTag": TEXT, "emailAddress": TEXT, "firstName": TEXT, "isPrimaryCustomer": FLAG, "lastName": TEXT,
        "middleName": TEXT, "primaryCustomerId": ID, "routingNumber": TEXT, "routingNumberMasked": TEXT,
        "suffix": TEXT, "targetCustomerId": ID,
    },
    always=("accessTypeCode", "accountId", "customerId", "isPrimaryCustomer", "primaryCustomerId", "targetCustomerId"),
)  # fmt: skip


def edit(call: Call, asked: Asked) -> Reply:
    """Give access, change it, or take it by NONE."""
    return _set(call, asked, asked.text("accessTypeCode", most=10))


def remove(call: Call, asked: Asked) -> Reply:
    """Take access away, which older clients ask by a call of its own."""
    return _set(call, asked, NONE)


def show_all(call: Call, asked: Asked) -> Reply:
    """Everybody who has a part in an account, the primary customer first."""
    tx = call.tx
    customer_id = get_customer(tx, asked.id_place(0)).customer_id
    account = get_bank_account(tx, asked.id_place(1))
    require_access(tx, account.account_id, customer_id, RDONLY)
    program = get_program(tx)
    holders = list_access(tx, account.account_id)
    return ok([_shown(program, account, customer_id, holder) for holder in holders])


def _set(call: Call, asked: Asked, code: str | None) -> Reply:
    tx = call.tx
    customer_id, account_id = asked.id("customerId"), asked.id("accountId")
    target_id = asked.id("targetCustomerId")
    try:
        set_access(
            tx,
            customer_id=customer_id,
            target_customer_id=target_id,
            account_id=account_id,
            access_type=code,
            priority=asked.whole("customerPriority"),
        )
    except AccessRefused as refusal:
        words = str(refusal)
        raise Said(Refusal(CODES[refusal.kind], f"{words[0].upper()}{words[1:]}.")) from refusal
    account = get_bank_account(tx, account_id)
    holders = (one for one in list_access(tx, account_id) if one.customer_id == target_id)
    holder = next(holders, None) or HolderRow(target_id, NONE, 0, None, "", "", "", "", "")
    return ok(_shown(get_program(tx), account, customer_id, holder))


def _shown(
    program: ProgramFacts, account: BankAccountRow, customer_id: int, holder: HolderRow
) -> Mapping[str, Any]:
    is_clear = program.is_sensitive_info_visible
    return {
        "accessTypeCode": holder.access_type,
        "accountId": account.account_id,
        "accountName": account.name,
        "accountNumber": account.account_number if is_clear else None,
        "accountNumberMasked": masked(account.account_number, ACCOUNT_STARS),
        "accountTag": account.tag,
        "customerId": customer_id,
        "customerPriority": holder.priority or None,
        "customerTag": holder.tag,
        "emailAddress": holder.email or None,
        "firstName": holder.first_name or None,
        "isPrimaryCustomer": holder.customer_id == account.customer_id,
        "lastName": holder.last_name or None,
        "middleName": holder.middle_name or None,
        "primaryCustomerId": account.customer_id,
        "routingNumber": program.routing_number if is_clear else None,
        "routingNumberMasked": masked(program.routing_number, ACCOUNT_STARS),
        "suffix": holder.suffix or None,
        "targetCustomerId": holder.customer_id,
    }


_WHO = (
    needed("customerId", ID, "Who asks."),
    needed("targetCustomerId", ID, "Whose access it is."),
    needed("accountId", ID),
)
_WHAT = (
    needed("accessTypeCode", TEXT, "FULL, AUTHSIGNER, RDONLY or NONE."),
    given("customerPriority", COUNT, "1 makes the target the primary customer."),
)
_CODES = (60001, 60002, 60004, 60005, 61101, 61111, *sorted(set(CODES.values())))
_LEAVING = (60001, 60002, 60004, 60005, 61101, 61111, 108201, 108203, 108204, 108205)
CALLS = (
    writing(
        "account/addAccess", edit, shows=ACCESS, takes=(*_WHO, *_WHAT), codes=_CODES,
        text="Give a customer access to an account",
    ),
    writing(
        "account/editAccess", edit, shows=ACCESS, takes=(*_WHO, *_WHAT), codes=_CODES,
        text="Give, change or take access to an account",
    ),
    writing(
        "account/removeAccess", remove, shows=ACCESS, takes=_WHO, codes=_LEAVING,
        text="Take a customer's access to an account away",
    ),
    reading(
        "account/listAccess", show_all, shows=a_list(ACCESS),
        takes=(placed("customerId"), placed("accountId")), codes=(60001, 61101, 63502),
        text="List who shares an account",
    ),
)  # fmt: skip
