"""Webhooks: the addresses that are told what happens, what they want to know, and the secrets they know it by."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from comptoir.console import kinds
from comptoir.console.cells import Cell, Column, flag, text
from comptoir.console.deliveries import cells_of_deliveries
from comptoir.console.forms import Field, Form
from comptoir.console.listing import Listing, Sort, show_list
from comptoir.console.once import shown_once
from comptoir.console.places import address_of, link_to
from comptoir.console.rendering import in_words
from comptoir.console.visits import Act, Answer, Gone, Page, Shown, Visit
from comptoir.domain.errors import Invalid
from comptoir.domain.events.kinds import KINDS
from comptoir.domain.events.queries import list_events_of
from comptoir.domain.identity.permissions import AUDIT, MESSAGES
from comptoir.domain.shop import ShopFacts
from comptoir.domain.tx import Tx
from comptoir.domain.webhooks.endpoints import (
    GRACE,
    GRACE_MAX,
    create_endpoint,
    remove_endpoint,
    rotate_secret,
    update_endpoint,
)
from comptoir.domain.webhooks.models import INS, MESSAGE_TYPES, STANDARD, Endpoint
from comptoir.domain.webhooks.queries import EndpointRow, get_endpoint, list_deliveries, standing_of
from comptoir.domain.webhooks.resending import ping

HOUR = timedelta(hours=1)
RECENT = 10
COUNTED = 1000
SENT = {STANDARD: "signed webhook", INS: "INS messages"}


def kind_of(row: Sequence[Any], _shop: ShopFacts) -> Cell:
    """What is sent to it."""
    return Cell(SENT.get(row[0], row[0]))


def wanted(row: Sequence[Any], _shop: ShopFacts) -> Cell:
    """What it wants to know."""
    return Cell(", ".join(row[0]) or "everything")


def standings(tx: Tx, keys: Sequence[int]) -> list[list[Cell]]:
    """How much waits for each, how much of it failed before, and how much was given up."""
    return [
        [Cell(counted(one), "number", str(one)) for one in standing_of(tx, key, limit=COUNTED)]
        for key in keys
    ]


def counted(number: int) -> str:
    """A number that was counted no further than a limit."""
    return f"{number:,}" if number < COUNTED else f"{COUNTED:,} or more"


WEBHOOKS = Listing(
    "webhooks",
    "Webhooks",
    "/webhooks",
    Endpoint,
    columns=(
        text("Address", Endpoint.url),
        Column("Sends", kind_of, (Endpoint.kind,)),
        Column("Wants", wanted, (Endpoint.kinds,)),
        flag("State", Endpoint.is_active, "active", "paused"),
        text("Note", Endpoint.description),
    ),
    sorts=(Sort("oldest", "number", Endpoint.id),),
    area=AUDIT,
    make="New webhook",
    about="Addresses that are told what happens, as it happens: by signed webhooks, or by INS messages.",
    empty="Nobody is told anything yet.",
    more_titles=("Waiting", "Retried", "Given up"),
    more=standings,
)

URL = Field(
    "url",
    "Address",
    kinds.ADDRESS,
    required=True,
    hint="Where messages are sent, such as https://example.com/told.",
)
NOTE = Field("description", "Note", hint="To yourselves.")
WHOLE = tuple(
    Field(
        f"whole_{title.lower()}",
        title,
        kinds.many({f"{word}.*": name for word, name in names.items()}),
        group="Tell what happens to",
    )
    for title, names in KINDS.items()
)
SINGLE = Field(
    "kinds",
    "Single kinds",
    kinds.TEXT,
    rows=3,
    group="Tell what happens to",
    hint="One on each line, such as order.placed. When nothing is marked or written, everything is told.",
)
TYPES = Field(
    "messages",
    "Messages",
    kinds.many({one: in_words(one).lower() for one in MESSAGE_TYPES}),
    hint="Mark nothing, and all are sent.",
)
SECRET = Field(
    "secret",
    "Secret",
    kinds.PASSWORD,
    hint="whsec_ and 24 to 64 bytes in Base64. Leave it empty, and one is made and shown once.",
    autocomplete="new-password",
)
SIGNED = (URL, NOTE, *WHOLE, SINGLE)
UNSIGNED = (URL, NOTE, TYPES)
FORMS = {STANDARD: Form("update", SIGNED), INS: Form("update", UNSIGNED)}
NEW = {STANDARD: Form("new", (*SIGNED, SECRET), "Create"), INS: Form("new-ins", UNSIGNED, "Create")}
ROTATE = Form(
    "rotate",
    (
        Field(
            "grace",
            "Hours",
            kinds.INTEGER,
            required=True,
            hint="For so long, messages are signed with the old secret as well.",
        ),
    ),
    "Make a new secret",
)


def chosen(values: Mapping[str, Any]) -> list[str]:
    """The kinds that were marked and typed."""
    whole = [word for field in WHOLE for word in values.get(field.name, ())]
    lines = [line.strip() for line in values.get("kinds", "").splitlines()]
    return list(dict.fromkeys([*whole, *values.get("messages", ()), *filter(None, lines)]))


def shown(endpoint: EndpointRow) -> dict[str, Any]:
    """What the form shows of an endpoint."""
    whole = {
        field.name: [f"{word}.*" for word in names if f"{word}.*" in endpoint.kinds]
        for field, names in zip(WHOLE, KINDS.values(), strict=True)
    }
    offered = {one for marked in whole.values() for one in marked}
    return {
        "url": endpoint.url,
        "description": endpoint.description,
        **whole,
        "kinds": "\n".join(one for one in endpoint.kinds if one not in offered),
        "messages": endpoint.kinds,
    }


def show_new(visit: Visit) -> Answer:
    """The empty form of a signed webhook."""
    return _new(visit, STANDARD, "New webhook")


def show_new_ins(visit: Visit) -> Answer:
    """The empty form of an address for INS messages."""
    return _new(visit, INS, "New address for INS messages")


def _new(visit: Visit, kind: str, title: str) -> Answer:
    filled = NEW[kind].filled(visit, address_of(f"/webhooks/{NEW[kind].act}"))
    way = [("Webhooks", address_of("/webhooks"))]
    return Shown(
        "webhook_new.html", {"title": title, "way": way, "filled": filled, "is_signed": kind == STANDARD}
    )


def make(visit: Visit) -> Answer:
    """Tell an address from now on; a secret that was made is shown once."""
    values = NEW[STANDARD].read(visit)
    own = values["secret"] or None
    made = create_endpoint(
        visit.tx,
        kind=STANDARD,
        url=values["url"],
        kinds=chosen(values),
        description=values["description"],
        secret=own,
    )
    said = "The webhook was created."
    return (
        Gone(address_of(f"/webhooks/{made.id}"), said)
        if own
        else told_once(visit, made.id, made.secret, said)
    )


def make_ins(visit: Visit) -> Answer:
    """Send an address INS messages from now on."""
    values = NEW[INS].read(visit)
    made = create_endpoint(
        visit.tx, kind=INS, url=values["url"], kinds=chosen(values), description=values["description"]
    )
    return Gone(address_of(f"/webhooks/{made.id}"), "INS messages are sent there from now on.")


def told_once(visit: Visit, endpoint_id: int, secret: str, said: str) -> Answer:
    """What was done, with the secret."""
    endpoint = get_endpoint(visit.tx, endpoint_id)
    here = address_of(f"/webhooks/{endpoint_id}")
    return shown_once(
        title=said,
        way=[("Webhooks", address_of("/webhooks")), (endpoint.url, here)],
        about="Messages are signed with this secret. It is shown now and never again.",
        secrets=[("Address", endpoint.url), ("Secret", secret)],
        onward=here,
    )


def show(visit: Visit) -> Answer:
    """One endpoint: what it wants, what it was sent last, and what happened to it."""
    endpoint = get_endpoint(visit.tx, visit.id)
    address = address_of(f"/webhooks/{visit.id}")
    may = visit.may(AUDIT)
    is_signed = endpoint.kind == STANDARD
    rotate = {"grace": GRACE // HOUR}
    values = {
        "endpoint": endpoint,
        "kind": SENT.get(endpoint.kind, endpoint.kind),
        "is_signed": is_signed,
        "standing": [counted(one) for one in standing_of(visit.tx, visit.id, limit=COUNTED)],
        "may": may,
        "filled": FORMS[endpoint.kind].filled(visit, f"{address}/update", shown(endpoint)) if may else None,
        "rotate": ROTATE.filled(visit, f"{address}/rotate", rotate) if may and is_signed else None,
        "path": f"/webhooks/{visit.id}",
        "way": [("Webhooks", address_of("/webhooks"))],
        "deliveries": cells_of_deliveries(
            list_deliveries(visit.tx, endpoint_id=visit.id, limit=RECENT), visit.shop
        ),
        "all_deliveries": f"{address_of('/deliveries')}?endpoint={visit.id}",
        "happened": list_events_of(visit.tx, subject="endpoint", subject_id=visit.id),
    }
    return Shown("webhook.html", values)


def change(visit: Visit) -> Answer:
    """Change where it is told, and what."""
    endpoint = get_endpoint(visit.tx, visit.id)
    form = FORMS[endpoint.kind]
    values = form.read(visit)
    form.refuse_stale(visit, shown(endpoint))
    wants = chosen(values)
    if set(wants) == set(endpoint.kinds):
        wants = endpoint.kinds
    update_endpoint(
        visit.tx, endpoint_id=visit.id, url=values["url"], description=values["description"], kinds=wants
    )
    return Gone(address_of(f"/webhooks/{visit.id}"), "The webhook was saved.")


def pause(visit: Visit) -> Answer:
    """Tell it nothing for a while."""
    update_endpoint(visit.tx, endpoint_id=visit.id, is_active=False)
    return Gone(
        address_of(f"/webhooks/{visit.id}"),
        "It is told nothing until you resume it; what waits goes on waiting.",
    )


def resume(visit: Visit) -> Answer:
    """Tell it again what happens."""
    update_endpoint(visit.tx, endpoint_id=visit.id, is_active=True)
    return Gone(address_of(f"/webhooks/{visit.id}"), "It is told what happens again.")


def rotate(visit: Visit) -> Answer:
    """Give it a new secret, shown once."""
    hours = ROTATE.read(visit)["grace"]
    if not 0 <= hours <= GRACE_MAX // HOUR:
        raise Invalid("grace", f"must be 0 to {GRACE_MAX // HOUR} hours")
    secret = rotate_secret(visit.tx, endpoint_id=visit.id, grace=hours * HOUR)
    return told_once(visit, visit.id, secret, "The webhook has a new secret.")


def remove(visit: Visit) -> Answer:
    """Tell it nothing more."""
    ended = remove_endpoint(visit.tx, endpoint_id=visit.id)
    what = "message that waited for it is" if ended == 1 else "messages that waited for it are"
    said = f" {ended:,} {what} given up." if ended else ""
    return Gone(address_of("/webhooks"), f"The webhook was removed.{said}")


def test(visit: Visit) -> Answer:
    """Send it a message that says nothing."""
    delivery_id = ping(visit.tx, endpoint_id=visit.id)
    said = "A test message goes out within seconds; look at this page again to see what was answered."
    return Gone(link_to("delivery", delivery_id) or "", said)


# A webhook is told everything that happens: so much must whoever sets one up be allowed to see.
PAGES = (
    Page("/webhooks", show_list(WEBHOOKS), MESSAGES),
    Page("/webhooks/new", show_new, AUDIT),
    Act("/webhooks/new", make, AUDIT, show_new),
    Page("/webhooks/new-ins", show_new_ins, AUDIT),
    Act("/webhooks/new-ins", make_ins, AUDIT, show_new_ins),
    Page("/webhooks/{id:digits}", show, MESSAGES),
    Act("/webhooks/{id:digits}/update", change, AUDIT, show),
    Act("/webhooks/{id:digits}/pause", pause, AUDIT, show),
    Act("/webhooks/{id:digits}/resume", resume, AUDIT, show),
    Act("/webhooks/{id:digits}/rotate", rotate, AUDIT, show),
    Act("/webhooks/{id:digits}/ping", test, AUDIT, show),
    Act("/webhooks/{id:digits}/remove", remove, AUDIT, show),
)
