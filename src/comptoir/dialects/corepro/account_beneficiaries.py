"""Which beneficiaries are to have what is on an account (reference 3.4.9)."""

from collections.abc import Mapping
from typing import Any

from comptoir.dialects.corepro.account_faults import by_kind
from comptoir.dialects.corepro.account_shown import ACCOUNT_STARS
from comptoir.dialects.corepro.asked import Asked
from comptoir.dialects.corepro.calls import reading, writing
from comptoir.dialects.corepro.replies import day, masked, ok
from comptoir.dialects.corepro.shapes import DAY, FLAG, ID, TEXT, a_list, an_object, given, needed, placed
from comptoir.dialects.edge import Call, Reply
from comptoir.domain.banking.accounts.inheriting import Heir, add_heir, list_heirs, remove_heir, replace_heirs
from comptoir.domain.banking.customers.beneficiaries import get_beneficiary
from comptoir.domain.banking.customers.queries import get_customer
from comptoir.domain.banking.program.queries import ProgramFacts, get_program

CODES = {"account": 107701, "privilege": 107702, "beneficiary": 107703, "deactivated": 107704}
DOT_NET = "corepro .net sdk"
_TEXTS = {
    "addressLine1": "line1", "addressLine2": "line2", "addressLine3": "line3", "addressLine4": "line4", "city": "city",
    "country": "country", "distributionDescription": "distribution", "firstName": "first_name",
    "lastName": "last_name", "legalName1": "legal_name1", "legalName2": "legal_name2", "middleName": "middle_name",
    "postalCode": "postal_code", "state": "state", "suffix": "suffix",
}  # fmt: skip
HEIR = an_object(
    {
        **dict.fromkeys(_TEXTS, TEXT), "accountId": ID, "accountLegalName1": TEXT, "accountLegalName2": TEXT,
        "accountName": TEXT, "accountNumber": TEXT, "accountNumberMasked": TEXT, "birthDate": DAY,
        "customerBeneficiaryId": ID, "customerId": ID, "isActive": FLAG, "taxId": TEXT, "taxIdMasked": TEXT,
    },
    always=("customerBeneficiaryId", "customerId", "firstName", "isActive", "lastName"),
)  # fmt: skip
MADE = an_object(
    {"accountId": ID, "customerBeneficiaryId": ID, "customerId": ID},
    always=("accountId", "customerBeneficiaryId", "customerId"),
)


def show_all(call: Call, asked: Asked) -> Reply:
    """The beneficiaries of a customer's accounts, or of one of them."""
    customer_id = get_customer(call.tx, asked.id_place(0)).customer_id
    heirs = list_heirs(call.tx, customer_id=customer_id, account_id=asked.find_id_place(1))
    program = get_program(call.tx)
    return ok([_shown(program, customer_id, heir) for heir in heirs])


def get(call: Call, asked: Asked) -> Reply:
    """One beneficiary with an account that it is to have; one client wants a list of those (3.4.9)."""
    customer_id = get_customer(call.tx, asked.id_place(0)).customer_id
    beneficiary = get_beneficiary(call.tx, customer_id=customer_id, beneficiary_id=asked.id_place(1))
    program = get_program(call.tx)
    heirs = [
        one for one in list_heirs(call.tx, customer_id=customer_id) if one.beneficiary.id == beneficiary.id
    ]
    # An account that it is to have still, before those that it was to have once.
    heirs.sort(key=lambda heir: not heir.is_active)
    found = [_shown(program, customer_id, heir) for heir in heirs]
    if call.request.headers.get("user-agent", "").lower().startswith(DOT_NET):
        return ok(list(found))
    return ok(found[0] if found else None)


def add(call: Call, asked: Asked) -> Reply:
    """Name a beneficiary of an account."""
    customer_id, account_id, beneficiary_id = _ids(asked)
    with by_kind(CODES):
        add_heir(call.tx, customer_id=customer_id, account_id=account_id, beneficiary_id=beneficiary_id)
    return _made(customer_id, account_id, beneficiary_id)


def remove(call: Call, asked: Asked) -> Reply:
    """Name a beneficiary of an account no more; typed clients take no data here."""
    customer_id, account_id, beneficiary_id = _ids(asked)
    with by_kind(CODES):
        remove_heir(call.tx, customer_id=customer_id, account_id=account_id, beneficiary_id=beneficiary_id)
    return ok()


def replace(call: Call, asked: Asked) -> Reply:
    """Name these beneficiaries of an account and no others; none at all ends them all."""
    customer_id, account_id = asked.id("customerId"), asked.id("accountId")
    listed = [one.id("customerBeneficiaryId") for one in asked.children("beneficiaries")]
    ids = dict.fromkeys((*asked.ids("customerBeneficiaryIds"), *listed))
    asked.settle()
    with by_kind(CODES):
        replace_heirs(call.tx, customer_id=customer_id, account_id=account_id, beneficiary_ids=list(ids))
    program = get_program(call.tx)
    heirs = list_heirs(call.tx, customer_id=customer_id, account_id=account_id)
    return ok([_shown(program, customer_id, heir) for heir in heirs])


def _ids(asked: Asked) -> tuple[int, int, int]:
    return asked.id("customerId"), asked.id("accountId"), asked.id("customerBeneficiaryId")


def _made(customer_id: int, account_id: int, beneficiary_id: int) -> Reply:
    return ok({"accountId": account_id, "customerBeneficiaryId": beneficiary_id, "customerId": customer_id})


def _shown(program: ProgramFacts, customer_id: int, heir: Heir) -> Mapping[str, Any]:
    account, beneficiary = heir.account, heir.beneficiary
    is_clear = program.is_sensitive_info_visible
    return {
        **{wire: getattr(beneficiary, name) or None for wire, name in _TEXTS.items()},
        "accountId": account.account_id,
        "accountLegalName1": account.legal_name1 or None,
        "accountLegalName2": account.legal_name2 or None,
        "accountName": account.name,
        "accountNumber": account.account_number if is_clear else None,
        "accountNumberMasked": masked(account.account_number, ACCOUNT_STARS),
        "birthDate": day(beneficiary.birth_date),
        "customerBeneficiaryId": beneficiary.id,
        "customerId": customer_id,
        "isActive": heir.is_active and beneficiary.is_active,
        "taxId": beneficiary.tax_id or None if is_clear else None,
        "taxIdMasked": masked(beneficiary.tax_id) if beneficiary.tax_id else None,
    }


_WHO = (needed("customerId", ID), needed("accountId", ID))
_ONE = (*_WHO, needed("customerBeneficiaryId", ID))
_STANDING = (60001, 60002, 60004, 60005)
CALLS = (
    reading(
        "accountBeneficiary/list", show_all, shows=a_list(HEIR),
        takes=(placed("customerId"), placed("accountId", is_required=False)), codes=(60001,),
        text="List the beneficiaries of a customer's accounts",
    ),
    reading(
        "accountBeneficiary/get", get, shows={"anyOf": [HEIR, a_list(HEIR)]},
        takes=(placed("customerId"), placed("customerBeneficiaryId")),
        codes=(60001, 66601), text="Show the beneficiary of an account",
    ),
    writing(
        "accountBeneficiary/add", add, shows=MADE, takes=_ONE, aliases=("accountBeneficiary/edit",),
        codes=(*_STANDING, *CODES.values()), text="Name a beneficiary of an account",
    ),
    writing(
        "accountBeneficiary/remove", remove, shows=None, takes=_ONE, codes=(*_STANDING, 107701, 107702, 107703),
        text="Name a beneficiary of an account no more",
    ),
    writing(
        "accountBeneficiary/replace", replace, shows=a_list(HEIR), needs="enhanced_beneficiaries",
        takes=(
            *_WHO, given("customerBeneficiaryIds", a_list(ID), "Who is named; nobody ends all."),
            given("beneficiaries", a_list(MADE), "The same as objects."),
        ),
        codes=(*_STANDING, *CODES.values()), text="Name these beneficiaries of an account and no others",
    ),
)  # fmt: skip
