"""Who belongs to a customer: beneficiaries, what people are to businesses, and whom they recommended the bank to."""

from comptoir.console.bank_beneficiaries import add_heir, heirs_section
from comptoir.console.bank_choices import CUSTOMER, TAG, line
from comptoir.console.bank_customer_acts import PATH, back
from comptoir.console.bank_customer_parts import leaf_of
from comptoir.console.bank_parts import Section, at, forms, page
from comptoir.console.bank_relations import apply_, relate, relations_section
from comptoir.console.cells import Cell
from comptoir.console.forms import Field, Form
from comptoir.console.visits import Act, Answer, Page, Visit
from comptoir.domain.banking.customers.queries import get_customer
from comptoir.domain.banking.customers.referrals import create_referral, list_referrals
from comptoir.domain.errors import Invalid
from comptoir.domain.identity.permissions import BANK

OWN = range(1, 6)
REFERRAL = Form(
    "referral",
    (
        Field("referred_id", "A customer of the bank", CUSTOMER, hint="Their number; or say who it is:"),
        Field("first_name", "First name", line(64)),
        Field("last_name", "Last name", line(128)),
        Field("email", "E-mail", line()),
        Field("tag", "Tag", TAG),
        *(Field(f"custom{one}", f"Own field {one}", line(50), group="Own fields") for one in OWN),
    ),
    "Write it down",
)


def show_relations(visit: Visit) -> Answer:
    """Beneficiaries, what people are to businesses, and referrals."""
    customer = get_customer(visit.tx, visit.id)
    leaf, may = leaf_of(visit, customer, "/relations"), visit.may(BANK)
    leaf.sections = [
        heirs_section(visit, customer.customer_id, may=may),
        relations_section(visit, customer),
        referrals_section(visit, customer.customer_id, may=may),
    ]
    return page(visit, leaf)


def referrals_section(visit: Visit, customer_id: int, *, may: bool) -> Section:
    """Whom they recommended the bank to."""
    rows = [
        [
            Cell(f"{one.first_name} {one.last_name}".strip() or f"customer {one.referred_id}"),
            Cell(one.email),
            Cell(one.tag or ""),
            Cell(", ".join(filter(None, one.custom))),
            at(visit.shop, one.created_at),
        ]
        for one in list_referrals(visit.tx, customer_id)
    ]
    asked = ("Write a recommendation down", REFERRAL, f"{PATH}/{customer_id}/referral", None)
    titles = ("Whom", "E-mail", "Tag", "Own fields", "When")
    return Section(
        "Recommended the bank to", titles=titles, rows=rows, empty="Nobody.",
        forms=forms(visit, asked) if may else (),
    )  # fmt: skip


def refer(visit: Visit) -> Answer:
    """Write down whom a customer recommended the bank to. Refuses: Invalid, and what the verb does."""
    typed = REFERRAL.read(visit)
    if typed["referred_id"] is not None and any(typed[name] for name in ("first_name", "last_name", "email")):
        raise Invalid("referred_id", "is enough: the rest is known of a customer")
    own = [typed.pop(f"custom{one}") for one in OWN]
    create_referral(visit.tx, customer_id=visit.id, custom=own, **typed)
    return back(visit, "The recommendation was written down.", "/relations")


ONE = f"{PATH}/{{id:digits}}"
PAGES = (
    Page(f"{ONE}/relations", show_relations, BANK),
    Act(f"{ONE}/beneficiary", add_heir, BANK, show_relations),
    Act(f"{ONE}/relation", relate, BANK, show_relations),
    Act(f"{ONE}/apply", apply_, BANK, show_relations),
    Act(f"{ONE}/referral", refer, BANK, show_relations),
)
