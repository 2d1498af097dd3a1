"""Customers: the list of those who buy, somebody new, and the profile with what may be done to it."""

from collections.abc import Mapping, Sequence
from typing import Any

from comptoir.console import kinds
from comptoir.console.cells import Cell, Column, badge, text, when
from comptoir.console.customer_tabs import framed, named
from comptoir.console.filters import contains, days, spelled
from comptoir.console.forms import Field, Form
from comptoir.console.listing import Listing, Sort, by_name, newest_first, show_list
from comptoir.console.places import address_of, explain_at, link_to
from comptoir.console.rendering import written_minor
from comptoir.console.visits import Act, Answer, Gone, Page, Shown, Visit
from comptoir.domain.banking.accounts.queries import BankAccountRow, list_bank_accounts
from comptoir.domain.banking.customers.errors import CustomerNotFound as NoBankCustomer
from comptoir.domain.banking.customers.naming import update_customer
from comptoir.domain.banking.customers.queries import get_customer as get_bank_customer
from comptoir.domain.banking.documents.queries import list_documents
from comptoir.domain.customers.actions import (
    register_customer,
    remove_customer,
    rename_customer,
    set_customer_status,
)
from comptoir.domain.customers.groups import add_member, remove_member
from comptoir.domain.customers.membership import groups_of, list_group_names
from comptoir.domain.customers.models import ACTIVE, ROLES, Customer
from comptoir.domain.customers.queries import get_customer
from comptoir.domain.errors import Invalid
from comptoir.domain.events.queries import list_events_of
from comptoir.domain.identity.permissions import BANK, CUSTOMERS, SEE
from comptoir.domain.shop import ShopFacts
from comptoir.storage.schema import Attribute

SUSPENDED = "suspended"
DIGITS_SHOWN = 4


def whole_name(row: Sequence[Any], _shop: ShopFacts) -> Cell:
    """The name, or the username of somebody who gave none."""
    return Cell(" ".join(filter(None, row[:2])) or row[2])


def other_name(row: Sequence[Any], _shop: ShopFacts) -> Cell:
    """The username, where it is not the e-mail address."""
    return Cell("" if row[0] == row[1] else row[0])


COLUMNS = (
    Column("Name", whole_name, (Customer.first_name, Customer.last_name, Customer.username)),
    text("E-mail", Customer.email),
    Column("Username", other_name, (Customer.username, Customer.email)),
    text("Company", Customer.company),
    badge("Status", Customer.status),
    when("Since", Customer.created_at),
)
CONTAINED = (
    contains("last_name", "Last name", Customer.last_name),
    contains("first_name", "First name", Customer.first_name),
    contains("email", "E-mail", Customer.email),
    contains("username", "Username", Customer.username),
)
STANDING = spelled("status", "Status", Customer.status)


def _listing(by: Attribute[Any]) -> Listing:
    return Listing(
        "customers",
        "Customers",
        "/customers",
        Customer,
        columns=COLUMNS,
        sorts=(
            *newest_first(by),
            *by_name(Customer.name_key, "by last name"),
            Sort("username", "by username", Customer.username_key),
            Sort("email", "by e-mail", Customer.email_key),
        ),
        filters=(*CONTAINED, STANDING, days("since", "Since", Customer.created_at)),
        area=CUSTOMERS,
        make="New customer",
    )


# The list is walked by when they came; where parts of names or a status are looked for, by the number, which their
# own indexes hold.
PLAIN, BY_NUMBER = show_list(_listing(Customer.created_at)), show_list(_listing(Customer.id))


def show_customers(visit: Visit) -> Answer:
    """The list."""
    is_narrow = any(visit.asked.said(one.name).strip() for one in (*CONTAINED, STANDING))
    return (BY_NUMBER if is_narrow else PLAIN)(visit)


FIELDS = (
    Field("name_title", "Title", group="Name"),
    Field("first_name", "First name", group="Name"),
    Field("last_name", "Last name", group="Name"),
    Field("nickname", "Nickname", group="Name"),
    Field("gender", "Gender", group="Name"),
    Field("birth_date", "Born on", kinds.DAY, group="Name"),
    Field("email", "E-mail", kinds.EMAIL, group="Contact"),
    Field("phone_day", "Telephone by day", group="Contact"),
    Field("phone_evening", "Telephone in the evening", group="Contact"),
    Field("phone_fax", "Fax", group="Contact"),
    Field("url", "Web site", group="Contact"),
    Field("address1", "Address", group="Address"),
    Field("address2", "Address, second line", group="Address"),
    Field("address3", "Address, third line", group="Address"),
    Field("unit", "Unit", group="Address"),
    Field("suburb", "Suburb", group="Address"),
    Field("city", "City", group="Address"),
    Field("postcode", "Postcode", group="Address"),
    Field("state_id", "State", group="Address"),
    Field("country_id", "Country", group="Address"),
    Field("company", "Company", group="Work"),
    Field("business_category", "Line of business", group="Work"),
    Field("job_department", "Department", group="Work"),
    Field("occupation", "Occupation", group="Work"),
    Field("custom1", "Custom field 1", kinds.TEXT, group="Custom fields", rows=2),
    Field("custom2", "Custom field 2", kinds.TEXT, group="Custom fields", rows=2),
    Field("custom3", "Custom field 3", kinds.TEXT, group="Custom fields", rows=2),
    Field("custom4", "Custom field 4", kinds.TEXT, group="Custom fields", rows=2),
    Field("custom5", "Custom field 5", kinds.TEXT, group="Custom fields", rows=2),
    Field("comment", "Comment", kinds.TEXT, group="Notes"),
)
USERNAME = Field("username", "Username", hint="Without one it is the e-mail address.", group="Name")
PROFILE = Form("update", FIELDS)
NEW = Form("new", (USERNAME, *FIELDS), "Create")
RENAME = Form("rename", (Field("username", "Username", required=True),), "Rename")
STATUS = Form(
    "status",
    (Field("status", "Status", required=True, hint="Active, suspended, or a word of your own."),),
    "Set",
)


def some_groups(visit: Visit) -> list[tuple[str, str]]:
    """The groups that one may join."""
    return [(str(key), name) for key, name in list_group_names(visit.tx)]


JOIN = Form(
    "join",
    (
        Field("group_id", "Group", kinds.choice(some_groups, kinds.INTEGER), required=True),
        Field("role", "As", kinds.choice({role: role for role in ROLES}), required=True),
    ),
    "Put in",
)


def show_new(visit: Visit) -> Answer:
    """The empty form."""
    filled = NEW.filled(visit, address_of("/customers/new"))
    way = [("Customers", address_of("/customers"))]
    return Shown("form.html", {"title": "New customer", "way": way, "filled": filled})


def make(visit: Visit) -> Answer:
    """Take somebody on."""
    made = register_customer(visit.tx, **NEW.read(visit))
    return Gone(address_of(f"/customers/{made}"), "The customer was created.")


def show(visit: Visit) -> Answer:
    """The profile."""
    row = get_customer(visit.tx, visit.id)
    address = address_of(f"/customers/{visit.id}")
    may = visit.may(CUSTOMERS)
    values = {
        **framed(visit, "", row),
        "row": row,
        "may": may,
        "is_active": row["status"] == ACTIVE,
        "filled": PROFILE.filled(visit, f"{address}/update", row) if may else None,
        "shown": [] if may else [one for one in PROFILE.filled(visit, "", row).fields if one.value],
        "rename": RENAME.filled(visit, f"{address}/rename", row) if may else None,
        "status": STATUS.filled(visit, f"{address}/status", row) if may else None,
        "join": JOIN.filled(visit, f"{address}/join", {"role": "member"}) if may else None,
        "groups_in": groups_of(visit.tx, customer_id=visit.id),
        "bank": bank_of(visit),
        "happened": list_events_of(visit.tx, subject="customer", subject_id=visit.id, limit=10),
    }
    return Shown("customer.html", values)


def bank_of(visit: Visit) -> dict[str, Any] | None:
    """What the bank knows of the customer, for those who may see it."""
    if not visit.may(BANK, SEE):
        return None
    try:
        banked = get_bank_customer(visit.tx, visit.id)
    except NoBankCustomer:
        return None
    documents = list_documents(visit.tx, visit.id)
    return {
        "customer": banked,
        "accounts": [cells_of_account(one, visit.shop) for one in list_bank_accounts(visit.tx, visit.id)],
        "documents": [
            [
                Cell(one.title or one.name, link=link_to("bank_document", one.id)),
                Cell(one.document_type),
                Cell(one.status, "badge"),
            ]
            for one in documents
        ],
    }


def cells_of_account(account: BankAccountRow, shop: ShopFacts) -> list[Cell]:
    """An account as a row; of its number the last digits."""
    number = account.account_number
    return [
        Cell(account.name or "account", link=link_to("bank_account", account.account_id)),
        Cell(f"…{number[-DIGITS_SHOWN:]}" if number else ""),
        Cell(account.status, "badge"),
        *(
            Cell(
                written_minor(minor, shop.currency),
                "number",
                link=explain_at("bank_account", account.account_id, what),
            )
            for what, minor in (("balance", account.balance_minor), ("available", account.available_minor))
        ),
    ]


def change(visit: Visit) -> Answer:
    """Change what differs."""
    changes: Mapping[str, Any] = PROFILE.changes(visit, get_customer(visit.tx, visit.id))
    if changes:
        update_customer(visit.tx, customer_id=visit.id, **changes)
    return back(visit, "The customer was saved." if changes else "Nothing was changed.")


def rename(visit: Visit) -> Answer:
    """Give the customer another username."""
    changes = RENAME.changes(visit, get_customer(visit.tx, visit.id))
    if changes:
        rename_customer(visit.tx, customer_id=visit.id, username=changes["username"])
    return back(visit, "The customer has another username." if changes else "Nothing was changed.")


def set_status(visit: Visit) -> Answer:
    """Give the customer another status."""
    changes = STATUS.changes(visit, get_customer(visit.tx, visit.id))
    if changes:
        set_customer_status(visit.tx, customer_id=visit.id, status=changes["status"])
    return back(visit, "The status was set." if changes else "Nothing was changed.")


def suspend(visit: Visit) -> Answer:
    """Suspend the customer."""
    set_customer_status(visit.tx, customer_id=visit.id, status=SUSPENDED)
    return back(visit, "The customer is suspended.")


def activate(visit: Visit) -> Answer:
    """Make the customer active again."""
    set_customer_status(visit.tx, customer_id=visit.id, status=ACTIVE)
    return back(visit, "The customer is active.")


def remove(visit: Visit) -> Answer:
    """Take the customer out of every list; orders keep the number."""
    row = get_customer(visit.tx, visit.id)
    remove_customer(visit.tx, customer_id=visit.id)
    return Gone(address_of("/customers"), f"{named(row)} was removed.")


def join(visit: Visit) -> Answer:
    """Put the customer in a group."""
    get_customer(visit.tx, visit.id)
    values = JOIN.read(visit)
    add_member(visit.tx, customer_id=visit.id, **values)
    return back(visit, "The customer is in the group.")


def leave(visit: Visit) -> Answer:
    """Take the customer out of a group. Refuses: CustomerNotFound, Invalid (group_id, role)."""
    get_customer(visit.tx, visit.id)
    written, role = visit.asked.posted("group_id"), visit.asked.posted("role")
    places = {(str(one.group_id), one.role) for one in groups_of(visit.tx, customer_id=visit.id)}
    if (written, role) not in places:
        raise Invalid("group_id", "The customer is not in this group any more.")
    remove_member(visit.tx, group_id=int(written), customer_id=visit.id, role=role)
    return back(visit, "The customer is no longer in the group.")


def back(visit: Visit, said: str) -> Gone:
    """The profile again."""
    return Gone(address_of(f"/customers/{visit.id}"), said)


PAGES = (
    Page("/customers", show_customers, CUSTOMERS),
    Page("/customers/new", show_new, CUSTOMERS),
    Act("/customers/new", make, CUSTOMERS, show_new),
    Page("/customers/{id:digits}", show, CUSTOMERS),
    Act("/customers/{id:digits}/update", change, CUSTOMERS, show),
    Act("/customers/{id:digits}/rename", rename, CUSTOMERS, show),
    Act("/customers/{id:digits}/status", set_status, CUSTOMERS, show),
    Act("/customers/{id:digits}/suspend", suspend, CUSTOMERS, show),
    Act("/customers/{id:digits}/activate", activate, CUSTOMERS, show),
    Act("/customers/{id:digits}/remove", remove, CUSTOMERS, show),
    Act("/customers/{id:digits}/join", join, CUSTOMERS, show),
    Act("/customers/{id:digits}/leave", leave, CUSTOMERS, show),
)
