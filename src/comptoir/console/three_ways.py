"""See it three ways: a thing as each dialect would answer for it, with the request to paste."""

from functools import partial
from typing import NamedTuple

import msgspec

from comptoir.console.places import address_of, link_to
from comptoir.console.ports import Way
from comptoir.console.visits import Answer, Page, Shown, Visit
from comptoir.domain.identity.permissions import BANK, BOOKS, CATALOGUE, CUSTOMERS, SALES

PATH = "/three-ways"
DIALECTS = {"coredna": "Core dna", "twocheckout": "2Checkout", "corepro": "CorePro"}
FORMATS = {"": "as it comes", "json": "JSON", "xml": "XML", "xoxo": "XOXO"}
# So much of an answer is shown; a client gets all of it.
SHOWN_MAX = 200_000


class Thing(NamedTuple):
    """A kind of thing that can be seen three ways: what people call it, and where one must be allowed to look."""

    noun: str
    area: str


THINGS = {
    "order": Thing("order", SALES),
    "refund": Thing("refund", SALES),
    "enrolment": Thing("subscription", SALES),
    "coupon": Thing("coupon", SALES),
    "product": Thing("product", CATALOGUE),
    "customer": Thing("customer", CUSTOMERS),
    "payout": Thing("payout", BOOKS),
    "transfer": Thing("transfer", BOOKS),
    "bank_account": Thing("bank account", BANK),
    "external_account": Thing("external account", BANK),
}


class Told(NamedTuple):
    """A way as it is shown."""

    way: Way
    body: str
    is_cut: bool


def show_ways(kind: str, visit: Visit) -> Answer:
    """The page of one thing. Refuses: NotFound (the thing)."""
    form = visit.asked.said("form")
    assert visit.ports.three_ways is not None, "it is put in where the application is joined"
    ways = visit.ports.three_ways.ways(
        visit.home, visit.tx, kind, visit.id, base=visit.asked.base, form=form if form in FORMATS else ""
    )
    told: dict[str, list[Told]] = {name: [] for name in DIALECTS}
    for way in ways:
        told[way.dialect].append(told_of(way))
    place = link_to(kind, visit.id)
    return Shown(
        "three_ways.html",
        {
            "thing": THINGS[kind],
            "back": place or address_of(""),
            "formats": [
                (label, visit.asked.again(form=name or None), name == form) for name, label in FORMATS.items()
            ],
            "told": [(DIALECTS[name], ways) for name, ways in told.items()],
        },
    )


def told_of(way: Way) -> Told:
    """A way with its answer laid out for people."""
    body = laid_out(way.content_type, way.body)
    return Told(way, body[:SHOWN_MAX], len(body) > SHOWN_MAX)


def laid_out(content_type: str, body: str) -> str:
    """An answer with a line for each member; what cannot be laid out stays as it is."""
    if "json" in content_type:
        try:
            return msgspec.json.format(body, indent=2)
        except msgspec.DecodeError:
            return body
    # It is large, and few look at XML.
    from lxml import etree  # noqa: PLC0415

    try:
        if body:
            parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=True)
            tree = etree.fromstring(body.encode(), parser)
            etree.indent(tree)
            return etree.tostring(tree, encoding="unicode")
    except (etree.XMLSyntaxError, ValueError):
        return body
    return body


PAGES = tuple(
    Page(f"{PATH}/{kind}/{{id:digits}}", partial(show_ways, kind), thing.area)
    for kind, thing in THINGS.items()
)
