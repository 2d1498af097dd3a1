"""API users and keys: what programs are let in with, for each dialect; shown once, changed, rotated, revoked."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from shlex import quote
from typing import Any

from comptoir.console import kinds
from comptoir.console.cells import Cell, Column, badge, text, when
from comptoir.console.filters import choice, contains, exactly, present
from comptoir.console.forms import Field, Form
from comptoir.console.kinds import Kind
from comptoir.console.listing import Listing, Sort, show_list
from comptoir.console.once import shown_once
from comptoir.console.people import AREA_WORDS
from comptoir.console.places import address_of
from comptoir.console.visits import Act, Answer, Gone, Page, Shown, Visit
from comptoir.domain.errors import Invalid
from comptoir.domain.events.queries import list_events_of
from comptoir.domain.identity.api_users import create_api_user, set_api_password
from comptoir.domain.identity.errors import KeyOver
from comptoir.domain.identity.keys import create_key, revoke_key, rotate_key, update_key
from comptoir.domain.identity.models import ApiKey
from comptoir.domain.identity.permissions import (
    ALL,
    AUDIT,
    BANK,
    BOOKS,
    CATALOGUE,
    CHANGE,
    CUSTOMERS,
    MESSAGES,
    MODES,
    OWNER,
    PEOPLE,
    PERMISSIONS,
    SALES,
    SEE,
    SETTINGS,
)
from comptoir.domain.identity.queries import (
    USER_DIALECTS,
    KeyRow,
    get_key,
    get_operator,
    list_keys_among,
    list_operators,
)
from comptoir.domain.identity.scopes import READ, WRITE, granted
from comptoir.domain.tx import Tx

PASSWORD_LETTERS = 20
COREDNA, TWOCHECKOUT, COREPRO = "coredna", "twocheckout", "corepro"
DIALECTS = {
    COREDNA: "Core dna: a key",
    TWOCHECKOUT: "2Checkout: an API user with a password",
    COREPRO: "CorePro: a key with a secret",
}
# What the two parts of a key are called in each dialect that has two.
PARTS = {TWOCHECKOUT: ("User name", "Password"), COREPRO: ("Key", "Secret")}
SOME = "some"
ACCESS = {
    ALL: "Everything that its operator may",
    READ: "See everything that its operator may see, change nothing",
    SOME: "Only what is marked",
}
EVERYTHING = ({ALL}, {READ, WRITE})
# What the routes of the dialects and of the feed are about; the rest is the console's alone.
SEEN = (CATALOGUE, SALES, CUSTOMERS, BANK, BOOKS, MESSAGES, SETTINGS, AUDIT)
CHANGED = tuple(area for area in SEEN if area != AUDIT)
OFFERED = frozenset([f"{area}:{SEE}" for area in SEEN] + [f"{area}:{CHANGE}" for area in CHANGED])
GRACE = {"0": "at once", "1": "in an hour", "24": "in a day", "168": "in a week", "720": "in 30 days"}
NETWORKS = Kind(
    "textarea", lambda value, _shop: "\n".join(value or ()), lambda value, _shop: value.split(), empty=()
)


def listed_words(title: str, attribute: Any) -> Column:
    """A list of words."""
    return Column(title, lambda row, _shop: Cell(", ".join(row[0] or ())), (attribute,))


def beside(tx: Tx, ids: Sequence[int]) -> list[list[Cell]]:
    """For whom keys act, and whether they are good."""
    rows = {row.id: row for row in list_keys_among(tx, ids)}
    return [[Cell(rows[one].operator_name), Cell(state_of(rows[one], tx), "badge")] for one in ids]


def state_of(row: KeyRow, tx: Tx) -> str:
    """Whether a key is good, in a word."""
    if row.revoked_at is not None:
        return "revoked"
    if row.is_over(tx.now):
        return "expired"
    return "active" if row.replaced_by_id is None else "replaced"


KEYS = Listing(
    "keys",
    "API users and keys",
    "/keys",
    ApiKey,
    columns=(
        text("Name", ApiKey.name),
        badge("Dialect", ApiKey.dialect),
        text("Begins with", ApiKey.hint),
        listed_words("Scopes", ApiKey.scopes),
        listed_words("From", ApiKey.networks),
        when("Last used", ApiKey.last_used_at),
        when("Ends", ApiKey.expires_at),
    ),
    sorts=(Sort("newest", "newest first", ApiKey.id, falls=True), Sort("oldest", "number", ApiKey.id)),
    filters=(
        contains("name", "Name", ApiKey.name),
        choice("dialect", "Dialect", ApiKey.dialect, DIALECTS),
        present("revoked", "Revoked", ApiKey.revoked_at, yes="revoked", no="not revoked"),
        exactly("operator_id", "Operator's number", ApiKey.operator_id),
    ),
    area=PEOPLE,
    make="New API user or key",
    about="What programs come in with. Each acts for an operator, and may never more than that operator's role.",
    more_titles=("Acts for", "State"),
    more=beside,
)


def short_words(areas: Iterable[str]) -> dict[str, str]:
    """Areas with their names alone."""
    return {area: AREA_WORDS[area].partition(":")[0] for area in areas}


def operators(visit: Visit) -> list[tuple[str, str]]:
    """The operators for whom a program may act."""
    return [(str(row.id), f"{row.email}, {row.role}") for row in list_operators(visit.tx) if row.is_active]


MARKED, LIMITS = "Only what is marked", "How long, and from where"
MAY = (
    Field("scopes", "May", kinds.choice(ACCESS), required=True),
    Field("sees", "Sees", kinds.many(short_words(SEEN)), group=MARKED),
    Field("changes", "Changes", kinds.many(short_words(CHANGED)), group=MARKED),
    Field("expires_at", "Ends", kinds.MOMENT, hint="Leave it empty for one without an end.", group=LIMITS),
    Field(
        "networks",
        "From these addresses only",
        NETWORKS,
        hint="Addresses or networks such as 10.0.0.0/8, one a line; empty for everywhere.",
        group=LIMITS,
    ),
)
SECRET = Field(
    "password",
    "Password, secret or key",
    kinds.PASSWORD,
    hint="Only when the program has one already. Leave it empty, and one is made and shown once.",
    autocomplete="new-password",
)
NAME = Field(
    "name",
    "Name",
    required=True,
    hint="Of an API user the user name, of CorePro the key, of Core dna what it is for.",
)
NEW = Form(
    "new",
    (
        Field("dialect", "Dialect", kinds.choice(DIALECTS), required=True),
        NAME,
        Field("operator_id", "Acts for", kinds.choice(operators, kinds.INTEGER), required=True),
        SECRET,
        *MAY,
    ),
    "Create",
)
KEY = Form("update", (Field("name", "Name", required=True), *MAY))
API_USER = Form("update", MAY)
ROTATE = Form(
    "rotate",
    (Field("grace", "The old one ends", kinds.choice(GRACE, kinds.INTEGER), required=True), SECRET),
    "Rotate",
)


def show(visit: Visit) -> Answer:
    """One API user or key."""
    row = get_key(visit.tx, visit.id)
    address = address_of(f"/keys/{row.id}")
    may = visit.may(PEOPLE) and not row.is_over(visit.tx.now)
    role = get_operator(visit.tx, row.operator_id).role
    values = {
        "row": row,
        "title": row.name,
        "state": state_of(row, visit.tx),
        "words": DIALECTS.get(row.dialect, row.dialect),
        "role": role,
        "may": may,
        "allowed": allowed_shown(row, role),
        "filled": form_of(row).filled(visit, f"{address}/update", shown(row)) if may else None,
        "rotate": ROTATE.filled(visit, f"{address}/rotate") if may and not row.replaced_by_id else None,
        "happened": list_events_of(visit.tx, subject="api_key", subject_id=row.id),
    }
    return Shown("key.html", values)


def allowed_shown(row: KeyRow, role: str) -> list[list[Cell]]:
    """What a key may in the end, by its scopes and the role of its operator."""
    allowed = granted(tuple(row.scopes), row.dialect, role)
    modes = {area: [mode for mode in MODES if f"{area}:{mode}" in allowed] for area in SEEN}
    return [
        [Cell(AREA_WORDS[area]), Cell(" and ".join(found), "badge")] for area, found in modes.items() if found
    ]


def form_of(row: KeyRow) -> Form:
    """An API user's name is said with the password, and so stays."""
    return API_USER if row.dialect in USER_DIALECTS else KEY


def shown(row: KeyRow) -> dict[str, Any]:
    """What the form shows of a key."""
    access = next((word for word in (ALL, READ) if set(row.scopes) == {word}), SOME)
    if set(row.scopes) in EVERYTHING:
        access = ALL
    marked = granted(tuple(row.scopes), row.dialect, OWNER) if access == SOME else frozenset()
    sees = [area for area in SEEN if f"{area}:{SEE}" in marked]
    changes = [area for area in CHANGED if f"{area}:{CHANGE}" in marked]
    return {**row._asdict(), "scopes": access, "sees": sees, "changes": changes}


def scopes_of(values: Mapping[str, Any], kept: Iterable[str] = ()) -> list[str]:
    """The scopes that were chosen, with those of before that no form offers. Refuses: Invalid (scopes)."""
    if values["scopes"] != SOME:
        return [values["scopes"]]
    marked = [f"{area}:{SEE}" for area in values["sees"]] + [f"{area}:{CHANGE}" for area in values["changes"]]
    if not marked:
        raise Invalid("scopes", "needs something marked below")
    return [*marked, *(scope for scope in kept if scope in PERMISSIONS - OFFERED)]


def show_new(visit: Visit) -> Answer:
    """The empty form."""
    given = {
        "operator_id": visit.asked.said("operator_id") or visit.who.operator_id,
        "dialect": visit.asked.said("dialect"),
        "scopes": ALL,
    }
    filled = NEW.filled(visit, address_of("/keys/new"), given)
    way = [(KEYS.title, address_of("/keys"))]
    return Shown("form.html", {"title": "New API user or key", "way": way, "filled": filled})


def make(visit: Visit) -> Answer:
    """Let a program in; what it says is shown once."""
    values = NEW.read(visit)
    facts = {name: values[name] for name in ("operator_id", "name", "dialect", "expires_at", "networks")}
    facts |= {"scopes": scopes_of(values), "secret": visit.home.secret}
    given = values["password"]
    if values["dialect"] in USER_DIALECTS:
        password = given or visit.tx.ids.text(PASSWORD_LETTERS)
        made = create_api_user(visit.tx, **facts, password=password, may_update=False)
        return told_once(visit, get_key(visit.tx, made.id), made.password)
    key = as_password(lambda: create_key(visit.tx, **facts, key=given or None))
    return told_once(visit, get_key(visit.tx, key.id), key.key)


def as_password(work: Any) -> Any:
    """Do something with a key that was typed; what is wrong with it belongs to the field it was typed into."""
    try:
        return work()
    except Invalid as error:
        if error.field == "key":
            raise Invalid("password", error.problem) from error
        raise


def change(visit: Visit) -> Answer:
    """Let a program do more or less, from elsewhere, or for longer."""
    row = get_key(visit.tx, visit.id)
    form = form_of(row)
    changes = form.changes(visit, shown(row))
    if {"scopes", "sees", "changes"} & changes.keys():
        changes["scopes"] = scopes_of(form.read(visit), row.scopes)
        changes = {name: value for name, value in changes.items() if name not in {"sees", "changes"}}
    if changes:
        update_key(visit.tx, key_id=row.id, **changes)
    return Gone(address_of(f"/keys/{row.id}"), "The key was saved." if changes else "Nothing was changed.")


def rotate(visit: Visit) -> Answer:
    """Give the program another password, secret or key; the old one ends at once or a while later."""
    row = get_key(visit.tx, visit.id)
    if row.replaced_by_id is not None:
        raise KeyOver(f"{row.name} has a successor already")
    values, secret = ROTATE.read(visit), visit.home.secret
    grace, given = timedelta(hours=values["grace"]), values["password"]
    if row.dialect in USER_DIALECTS:
        if row.is_over(visit.tx.now):
            raise KeyOver(f"{row.name} is revoked or expired")
        password = given or visit.tx.ids.text(PASSWORD_LETTERS)
        made = set_api_password(
            visit.tx, name=row.name, password=password, dialect=row.dialect, secret=secret, grace=grace
        )
        return told_once(visit, get_key(visit.tx, made.id), made.password)
    key = as_password(
        lambda: rotate_key(visit.tx, key_id=row.id, secret=secret, grace=grace, key=given or None)
    )
    return told_once(visit, get_key(visit.tx, key.id), key.key)


def revoke(visit: Visit) -> Answer:
    """End it at once."""
    revoke_key(visit.tx, key_id=visit.id)
    return Gone(address_of(f"/keys/{visit.id}"), "It is revoked, and opens nothing any more.")


def told_once(visit: Visit, row: KeyRow, secret: str) -> Answer:
    """What the program has to say, and a request to try it with."""
    if row.dialect in PARTS:
        secrets: Iterable[tuple[str, str]] = zip(PARTS[row.dialect], (row.name, secret), strict=True)
    else:
        secrets = [("Key", secret)]
    return shown_once(
        title=f"{row.name}: keep this now",
        way=[(KEYS.title, address_of("/keys"))],
        about="It is shown now and never again: only a mark of it is kept, by which it is known.",
        secrets=list(secrets),
        examples=[("Try it", example(row, secret, visit.asked.base))],
        onward=address_of(f"/keys/{row.id}"),
    )


def example(row: KeyRow, secret: str, base: str) -> str:
    """A request that shows whether it works."""
    if row.dialect == TWOCHECKOUT:
        way = f"-H 'Accept: application/json' {base}/api/acct/detail_company_info"
        return f"curl -u {quote(f'{row.name}:{secret}')} {way}"
    if row.dialect == COREPRO:
        return f"curl -u {quote(f'{row.name}:{secret}')} {base}/program/get"
    return f"curl -H {quote(f'Authorization: Bearer {secret}')} -H 'Accept: application/json' {base}/products"


PAGES = (
    Page("/keys", show_list(KEYS), PEOPLE),
    Page("/keys/new", show_new, PEOPLE),
    Act("/keys/new", make, PEOPLE, show_new),
    Page("/keys/{id:digits}", show, PEOPLE),
    Act("/keys/{id:digits}/update", change, PEOPLE, show),
    Act("/keys/{id:digits}/rotate", rotate, PEOPLE, show),
    Act("/keys/{id:digits}/revoke", revoke, PEOPLE, show),
)
