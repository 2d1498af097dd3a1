"""What persons may do with the account of a business: shown, granted, changed and taken, in the business's name."""

from collections.abc import Iterable

from comptoir.console import kinds
from comptoir.console.bank_account_acts import back, numbered, told
from comptoir.console.bank_choices import Choices
from comptoir.console.bank_parts import AskedForm, Button, Section, forms, to
from comptoir.console.cells import Cell
from comptoir.console.forms import Field, Form
from comptoir.console.visits import Answer, Visit
from comptoir.domain.banking.accounts.entitling import (
    ADMINISTRATE,
    TRANSACT,
    VIEW,
    Asker,
    EntitlementRow,
    disentitle,
    entitle,
    entitlements_of,
)
from comptoir.domain.banking.accounts.errors import EntitlementRefused
from comptoir.domain.banking.accounts.queries import BankAccountRow, get_bank_account
from comptoir.domain.banking.beside import names_of
from comptoir.domain.banking.customers.relationships import list_relationships
from comptoir.domain.banking.program.queries import get_product, get_program, require_feature

FEATURE = "entitlements"
RIGHTS = {
    VIEW: "may look",
    TRANSACT: "may look and move money",
    ADMINISTRATE: "may do all, and let others act too",
}
# Where a refusal by its kind belongs on a form, and what it says there.
REFUSED = {
    "target": ("person_id", "may not be entitled: a business, or the one who asks"),
    "target_customer": ("person_id", "is no customer"),
    "relationship": ("person_id", "does not belong to the business"),
    "onboarding": ("person_id", "is not fully taken on yet"),
    "present": ("person_id", "may act already: change it instead"),
    "missing": ("person_id", "may not act yet"),
    "unknown": ("entitlement", "must be one of the choices"),
}


def named(visit: Visit, ids: Iterable[int]) -> Choices:
    """People by their names."""
    known = list(ids)
    names = names_of(visit.tx, known)
    return [(str(one), names[one].text if one in names else f"customer {one}") for one in known]


def candidates(visit: Visit) -> Choices:
    """The people of the business who may not act on the account yet."""
    account = get_bank_account(visit.tx, visit.id)
    entitled = {one.customer_id for one in entitlements_of(visit.tx, visit.id)}
    people = {
        one.related_id for one in list_relationships(visit.tx, account.customer_id) if one.is_active
    } - entitled
    return named(visit, sorted(people))


def entitled(visit: Visit) -> Choices:
    """Those who may."""
    return named(visit, (one.customer_id for one in entitlements_of(visit.tx, visit.id)))


RIGHT = Field("entitlement", "What they may do", kinds.choice(RIGHTS), required=True)
GRANT = Form(
    "entitle",
    (Field("person_id", "Person of the business", kinds.choice(candidates, kinds.INTEGER), required=True), RIGHT),
    "Let them act",
)  # fmt: skip
CHANGE = Form(
    "entitlement",
    (Field("person_id", "Who", kinds.choice(entitled, kinds.INTEGER), required=True), RIGHT),
    "Change it",
)


def is_entitling(visit: Visit, account: BankAccountRow) -> bool:
    """Whether people may act on the account because they belong to the business."""
    is_offered = FEATURE in get_program(visit.tx).features
    return is_offered and get_product(visit.tx, account.product_id).is_business


def entitlements_section(visit: Visit, account: BankAccountRow, *, may: bool) -> Section:
    """Who may do what, with what grants, changes and takes it."""
    found = entitlements_of(visit.tx, account.account_id)
    names = dict(named(visit, (one.customer_id for one in found)))
    path = f"/bank/accounts/{account.account_id}"
    asked: list[AskedForm] = [("Let somebody of the business act on it", GRANT, f"{path}/entitle", None)]
    if found:
        asked.append(("Change what somebody may do", CHANGE, f"{path}/entitlement", None))
    return Section(
        "Who may act for the business",
        titles=("Person", "Entitlement", ""),
        rows=[row_of(one, names[str(one.customer_id)]) for one in found],
        empty="Nobody but the business itself.",
        forms=forms(visit, *asked) if may else (),
        buttons=[
            Button(
                f"{path}/disentitle", f"Take it from {names[str(one.customer_id)]}",
                values={"person": str(one.customer_id)},
            )
            for one in found
        ] if may else (),
    )  # fmt: skip


def row_of(one: EntitlementRow, name: str) -> list[Cell]:
    """One entitlement in the table."""
    return [
        to("bank_customer", one.customer_id, name),
        Cell(one.entitlement, "badge"),
        Cell(RIGHTS.get(one.entitlement, "")),
    ]


def asker(visit: Visit, person_id: int) -> Asker:
    """The business asks, which may always. Refuses: NotEnabled, BankAccountNotFound."""
    require_feature(get_program(visit.tx), FEATURE)
    return Asker(get_bank_account(visit.tx, visit.id).customer_id, person_id, visit.id)


def grant(visit: Visit) -> Answer:
    """Let somebody act on the account."""
    return give(visit, GRANT, is_new=True)


def change_grant(visit: Visit) -> Answer:
    """Let somebody who may act do something else."""
    return give(visit, CHANGE, is_new=False)


def give(visit: Visit, form: Form, *, is_new: bool) -> Answer:
    """Write an entitlement down."""
    typed = form.read(visit)
    try:
        entitle(
            visit.tx, asker(visit, typed["person_id"]), entitlement=typed["entitlement"], is_new=is_new
        )  # fmt: skip
    except EntitlementRefused as error:
        raise told(error, REFUSED) from error
    return back(
        visit, "They may act on the account now." if is_new else "What they may do was changed.", "/rules"
    )


def take_grant(visit: Visit) -> Answer:
    """Let somebody act on the account no more."""
    disentitle(visit.tx, asker(visit, numbered(visit, "person")))
    return back(visit, "They may act on the account no more.", "/rules")
