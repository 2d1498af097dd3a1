"""Operators: who may come in, with which role; passwords, second factors and sessions, seen from outside."""

from collections.abc import Mapping
from typing import Any

from comptoir.console import kinds
from comptoir.console.cells import Cell, badge, flag, text, when
from comptoir.console.editing import Editing
from comptoir.console.filters import choice, contains
from comptoir.console.filters import flag as flag_filter
from comptoir.console.forms import Field, Form
from comptoir.console.listing import Listing, by_number
from comptoir.console.places import address_of, link_to
from comptoir.console.rendering import written_when
from comptoir.console.visits import Act, Answer, Gone, Page, Shown, Visit
from comptoir.domain.identity.actions import (
    activate,
    create_operator,
    deactivate,
    set_password,
    update_operator,
)
from comptoir.domain.identity.models import Operator
from comptoir.domain.identity.passwords import Passwords
from comptoir.domain.identity.permissions import CHANGE, PEOPLE, ROLES, TABLE
from comptoir.domain.identity.queries import get_operator, list_keys
from comptoir.domain.identity.second_factor import get_factor, remove_totp
from comptoir.domain.identity.sessions import end_sessions_of, list_sessions
from comptoir.domain.tx import Tx

PASSWORD_LETTERS = 16
ROLE_HINT = (
    "An owner may do everything; a manager all but let people and programs in; support changes sales, customers and "
    "messages; an accountant the books and the bank; who is read-only changes nothing."
)
AREA_WORDS = {
    "catalogue": "Catalogue: products, prices, stock, coupons",
    "sales": "Sales: orders, refunds, payments, subscriptions",
    "customers": "Customers",
    "bank": "Bank: customers, accounts, transfers, cards",
    "books": "Books: ledger and payouts",
    "messages": "Messages: deliveries and notifications",
    "files": "Files: import, export, media",
    "audit": "Events: what happened, and the webhooks that tell it",
    "settings": "Settings",
    "people": "Operators, API users and keys",
    "sandbox": "Sandbox: clock and snapshots",
}
PASSWORDS = Passwords()

OPERATORS = Listing(
    "operators",
    "Operators",
    "/operators",
    Operator,
    columns=(
        text("Name", Operator.name),
        text("E-mail", Operator.email),
        badge("Role", Operator.role),
        flag("State", Operator.is_active, "active", "kept out"),
        flag("Second factor", Operator.totp_confirmed_at, "on", "off"),
        when("Since", Operator.created_at),
    ),
    sorts=by_number(Operator.id),
    filters=(
        contains("name", "Name", Operator.name),
        contains("email", "E-mail", Operator.email),
        choice("role", "Role", Operator.role, ROLES),
        flag_filter("active", "Active", Operator.is_active),
    ),
    area=PEOPLE,
    make="New operator",
    about="The people who work here. What a role may do rules the keys of its operators as well.",
)
WHO = (
    Field("name", "Name", required=True),
    Field("email", "E-mail address", kinds.EMAIL, required=True, hint="It is signed in with."),
    Field("role", "Role", kinds.choice({role: role for role in ROLES}), required=True, hint=ROLE_HINT),
)
PASSWORD = Field(
    "password",
    "Password",
    kinds.PASSWORD,
    hint="Leave it empty, and one is made and shown once.",
    autocomplete="new-password",
)
OPERATOR = Form("update", WHO)
NEW = Form("new", (*WHO, PASSWORD), "Let in")
RESET = Form("password", (PASSWORD,), "Set the password")


def shown(tx: Tx, operator_id: int) -> dict[str, Any]:
    """What the form shows. Refuses: OperatorNotFound."""
    return get_operator(tx, operator_id)._asdict()


def beside(visit: Visit, row: Mapping[str, Any]) -> dict[str, Any]:
    """What else there is to know of an operator."""
    address = address_of(f"/operators/{visit.id}")
    return {
        "factor": get_factor(visit.tx, visit.id),
        "sessions": list_sessions(visit.tx, operator_id=visit.id),
        "keys": keys_shown(visit.tx, visit.id),
        "may": visit.may(PEOPLE),
        "reset": RESET.filled(visit, f"{address}/password"),
        "path": f"/operators/{visit.id}",
        "is_self": visit.who.operator_id == row["id"],
    }


def keys_shown(tx: Tx, operator_id: int) -> list[list[Cell]]:
    """The living keys of an operator as rows."""
    return [
        [
            Cell(row.name, link=link_to("api_key", row.id)),
            Cell(row.dialect),
            Cell(", ".join(row.scopes)),
            Cell(written_when(row.last_used_at, tx.shop), "when"),
        ]
        for row in list_keys(tx, operator_id=operator_id)
        if not row.is_over(tx.now)
    ]


def show_new(visit: Visit) -> Answer:
    """The empty form."""
    filled = NEW.filled(visit, address_of("/operators/new"), {"role": "support"})
    way = [("Operators", address_of("/operators"))]
    return Shown("form.html", {"title": "New operator", "way": way, "filled": filled})


def make(visit: Visit) -> Answer:
    """Let somebody in; a password that was made is shown once."""
    values = NEW.read(visit)
    chosen = values.pop("password") or made_password(visit)
    operator_id = create_operator(visit.tx, **values, password=chosen, passwords=PASSWORDS)
    return told_once(visit, operator_id, chosen, "The operator was created.")


def reset(visit: Visit) -> Answer:
    """Give an operator another password; the sessions end, but the one in which an operator does it for themselves."""
    chosen = RESET.read(visit)["password"] or made_password(visit)
    kept = visit.who.id if visit.id == visit.who.operator_id else None
    set_password(visit.tx, operator_id=visit.id, password=chosen, passwords=PASSWORDS, kept_session_id=kept)
    return told_once(visit, visit.id, chosen, "The operator has another password.")


def told_once(visit: Visit, operator_id: int, password: str, said: str) -> Answer:
    """What was done; with the password, when nobody has typed it."""
    if visit.asked.posted("password").strip():
        return Gone(address_of(f"/operators/{operator_id}"), said)
    row = get_operator(visit.tx, operator_id)
    values = {
        "title": said,
        "way": [("Operators", address_of("/operators")), (row.name, address_of(f"/operators/{row.id}"))],
        "about": f"{row.name} signs in with this password. It is shown now and never again.",
        "secrets": [("E-mail address", row.email), ("Password", password)],
        "examples": [],
        "onward": address_of(f"/operators/{row.id}"),
    }
    return Shown("shown_once.html", values)


def made_password(visit: Visit) -> str:
    """A password that nobody has thought of."""
    return visit.tx.ids.text(PASSWORD_LETTERS)


def keep_out(visit: Visit) -> Answer:
    """Keep the operator out."""
    deactivate(visit.tx, operator_id=visit.id)
    return Gone(address_of(f"/operators/{visit.id}"), "The operator is kept out; sessions have ended.")


def let_in(visit: Visit) -> Answer:
    """Let the operator in again."""
    activate(visit.tx, operator_id=visit.id)
    return Gone(address_of(f"/operators/{visit.id}"), "The operator is let in again.")


def sign_out_everywhere(visit: Visit) -> Answer:
    """End the operator's sessions, but for the one in which it is asked for."""
    get_operator(visit.tx, visit.id)
    ended = end_sessions_of(visit.tx, operator_id=visit.id, kept_id=visit.who.id)
    return Gone(address_of(f"/operators/{visit.id}"), f"{ended} sessions have ended.")


def take_factor_off(visit: Visit) -> Answer:
    """Ask for the password alone again."""
    remove_totp(visit.tx, operator_id=visit.id)
    return Gone(address_of(f"/operators/{visit.id}"), "The second factor is off.")


def show_roles(_visit: Visit) -> Answer:
    """What each role may do, area by area."""
    words = {CHANGE: "change", "see": "see", "": "nothing"}
    rows = [
        [Cell(AREA_WORDS[area]), *(Cell(words[cell], "badge" if cell else "text") for cell in cells)]
        for area, cells in TABLE.items()
    ]
    return Shown("roles.html", {"titles": ["Area", *ROLES], "rows": rows})


EDITING = Editing(
    "operator", "operator", OPERATORS, OPERATOR, shown, update=update_operator, key="operator_id",
    more=beside, template="operator.html",
)  # fmt: skip
PAGES = (
    *EDITING.pages(),
    Page("/operators/roles", show_roles, PEOPLE),
    Page("/operators/new", show_new, PEOPLE),
    Act("/operators/new", make, PEOPLE, show_new),
    Act("/operators/{id:digits}/password", reset, PEOPLE, EDITING.show),
    Act("/operators/{id:digits}/keep-out", keep_out, PEOPLE, EDITING.show),
    Act("/operators/{id:digits}/let-in", let_in, PEOPLE, EDITING.show),
    Act("/operators/{id:digits}/end-sessions", sign_out_everywhere, PEOPLE, EDITING.show),
    Act("/operators/{id:digits}/factor-off", take_factor_off, PEOPLE, EDITING.show),
)
