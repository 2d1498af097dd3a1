"""Operators: who may come in, with which role; passwords, second factors and sessions, seen from outside."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from comptoir.console import kinds
from comptoir.console.cells import Cell, badge, flag, text, when
from comptoir.console.editing import Editing
from comptoir.console.filters import choice, contains
from comptoir.console.filters import flag as flag_filter
from comptoir.console.forms import Field, Form
from comptoir.console.listing import Listing, by_number
from comptoir.console.once import shown_once
from comptoir.console.places import address_of, link_to
from comptoir.console.proving import CURRENT, PASSWORDS, prove
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
# One's own: nobody does it at a desk that was left.
OWN_RESET = Form("password", (CURRENT, replace(PASSWORD, label="New password")), "Set the password")
OWN_FACTOR_OFF = Form("factor-off", (replace(CURRENT, name="proof"),), "Take the second factor off")


def shown(tx: Tx, operator_id: int) -> dict[str, Any]:
    """What the form shows. Refuses: OperatorNotFound."""
    return get_operator(tx, operator_id)._asdict()


def is_own(visit: Visit) -> bool:
    """Whether an operator looks at themselves."""
    return visit.id == visit.who.operator_id


def beside(visit: Visit, _row: Mapping[str, Any]) -> dict[str, Any]:
    """What else there is to know of an operator."""
    address = address_of(f"/operators/{visit.id}")
    return {
        "factor": get_factor(visit.tx, visit.id),
        "sessions": list_sessions(visit.tx, operator_id=visit.id),
        "keys": keys_shown(visit.tx, visit.id),
        "may": visit.may(PEOPLE),
        "reset": (OWN_RESET if is_own(visit) else RESET).filled(visit, f"{address}/password"),
        "own_factor_off": OWN_FACTOR_OFF.filled(visit, f"{address}/factor-off") if is_own(visit) else None,
        "path": f"/operators/{visit.id}",
        "is_self": is_own(visit),
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
    typed = values.pop("password")
    chosen = typed or made_password(visit.tx)
    operator_id = create_operator(visit.tx, **values, password=chosen, passwords=PASSWORDS)
    return told_once(visit.tx, operator_id, "The operator was created.", "" if typed else chosen)


def reset(visit: Visit) -> Answer:
    """Give an operator another password; the sessions end. Who gives it to themselves gives the one of now as well.

    Their own session stays.
    """
    typed = (OWN_RESET if is_own(visit) else RESET).read(visit)["password"]
    if is_own(visit):
        prove(visit)
    kept = visit.who.id if is_own(visit) else None

    def work(tx: Tx) -> Answer:
        chosen = typed or made_password(tx)
        set_password(tx, operator_id=visit.id, password=chosen, passwords=PASSWORDS, kept_session_id=kept)
        return told_once(tx, visit.id, "The operator has another password.", "" if typed else chosen)

    return visit.write(work)


def told_once(tx: Tx, operator_id: int, said: str, password: str) -> Answer:
    """What was done; with the password, when nobody has typed it."""
    here = address_of(f"/operators/{operator_id}")
    if not password:
        return Gone(here, said)
    row = get_operator(tx, operator_id)
    return shown_once(
        title=said,
        way=[("Operators", address_of("/operators")), (row.name, here)],
        about=f"{row.name} signs in with this password. It is shown now and never again.",
        secrets=[("E-mail address", row.email), ("Password", password)],
        onward=here,
    )


def made_password(tx: Tx) -> str:
    """A password that nobody has thought of."""
    return tx.ids.text(PASSWORD_LETTERS)


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
    """Ask for the password alone again; who asks it for themselves gives it now."""
    if is_own(visit):
        prove(visit, "proof")
    visit.write(lambda tx: remove_totp(tx, operator_id=visit.id))
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
    Act("/operators/{id:digits}/password", reset, PEOPLE, EDITING.show, alone=True),
    Act("/operators/{id:digits}/keep-out", keep_out, PEOPLE, EDITING.show),
    Act("/operators/{id:digits}/let-in", let_in, PEOPLE, EDITING.show),
    Act("/operators/{id:digits}/end-sessions", sign_out_everywhere, PEOPLE, EDITING.show),
    Act("/operators/{id:digits}/factor-off", take_factor_off, PEOPLE, EDITING.show, alone=True),
)
