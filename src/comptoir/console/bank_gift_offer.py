"""Which gift codes are sold, with their terms; what is sold is loaded from a file."""

from decimal import Decimal

from comptoir.console import kinds
from comptoir.console.bank import in_use, text_of
from comptoir.console.bank_gift_codes import FEATURE, PATH, WAY
from comptoir.console.bank_parts import Leaf, Section, Way, amount, day, fact, forms, money, page, to, yes_no
from comptoir.console.cells import Cell
from comptoir.console.forms import Field, Form
from comptoir.console.places import address_of
from comptoir.console.visits import Act, Answer, Gone, Page, Sent, Visit
from comptoir.domain.banking.ecodes.errors import ProductNotFound
from comptoir.domain.banking.ecodes.offering import offer_ecodes, read_offer, sample_offer
from comptoir.domain.banking.ecodes.queries import (
    ProductDocument,
    ProductRow,
    documents_of,
    get_ecode_product,
    list_ecode_products,
)
from comptoir.domain.banking.program.queries import get_program, require_feature
from comptoir.domain.errors import Invalid
from comptoir.domain.identity.permissions import BANK

SAMPLE = "sample"
OFFER = Form(
    "offer",
    (
        Field("sample", "The sample", kinds.choice({SAMPLE: "a bookshop's and a coffee house's"})),
        Field("offer", "Or an offer of your own, as TOML", kinds.FILE, hint="As `comptoir bank ecodes` takes it."),
    ),
    "Sell exactly these",
)  # fmt: skip


def percent(e2: int) -> str:
    """A share as people write it."""
    return f"{(Decimal(e2) / 100).normalize():f} %"


def name_of(product: ProductRow) -> str:
    """What it is called in English, or in the first of its languages."""
    return product.names.get("en-US") or next(iter(product.names.values()), product.product_code)


def show_offer(visit: Visit) -> Answer:
    """What is sold now."""
    shop = visit.shop
    rows = [
        [
            to("ecode_product", one.id, one.product_code), Cell(name_of(one)),
            Cell(one.category), money(shop, one.minimum_minor), money(shop, one.maximum_minor),
            Cell(percent(one.percent_to_customer_e2), "number"), in_use(one.is_active),
        ]
        for one in list_ecode_products(visit.tx)
    ]  # fmt: skip
    leaf = Leaf("Gift codes that are sold", WAY)
    leaf.ways = [Way("Gift codes that were bought", address_of(PATH))]
    note = "What the file leaves out is sold no longer; what was bought of it stays."
    asked = forms(visit, ("Sell other gift codes", OFFER, f"{PATH}/offer", None)) if visit.may(BANK) else ()
    leaf.sections = [
        Section(
            "What is sold", titles=("Product", "Name", "Category", "From", "to", "Comes back", "State"), rows=rows,
            empty="Nothing is sold.", forms=asked, note=note if asked else "",
        )
    ]  # fmt: skip
    return page(visit, leaf)


def show_product(visit: Visit) -> Answer:
    """One of them, with what goes with it."""
    one, shop = get_ecode_product(visit.tx, visit.id), visit.shop
    leaf = Leaf(one.product_code, [*WAY, ("What is sold", address_of(f"{PATH}/offer"))])
    leaf.facts = [
        *(fact(f"Name ({culture})", name) for culture, name in one.names.items()),
        fact("Category", one.category), fact("Type", one.type), amount(shop, "From", one.minimum_minor),
        amount(shop, "to", one.maximum_minor), fact("Comes back", percent(one.percent_to_customer_e2)),
        yes_no("Can be replaced", one.is_reissue_supported), yes_no("Can be cancelled", one.is_cancel_supported),
        yes_no("Sold now", one.is_active),
    ]  # fmt: skip
    rows = [row_of(visit.id, document) for document in documents_of(one)]
    leaf.sections = [
        Section("Terms", titles=("What", "Language", "From", "Until"), rows=rows, empty="It has none.")
    ]
    leaf.ways = [Way("Those that were bought", address_of(f"{PATH}?product={one.id}"))]
    leaf.subject = ("ecode_product", one.id)
    return page(visit, leaf)


def row_of(product_id: int, one: ProductDocument) -> list[Cell]:
    """A document of a product, as a file to keep."""
    link = address_of(f"{PATH}/offer/{product_id}/terms/{one.document_id}")
    starts, ends = (day("", at).text for at in (one.effective_on, one.expires_on))
    return [Cell(one.document_type, link=link), Cell(one.culture), Cell(starts, "when"), Cell(ends, "when")]


def send_terms(visit: Visit) -> Answer:
    """A document of a product. Refuses: ProductNotFound."""
    for one in documents_of(get_ecode_product(visit.tx, visit.id)):
        if one.document_id == visit.ids["document"]:
            return Sent("text/html; charset=utf-8", one.html.encode(), f"terms-{visit.id}-{one.culture}.html")
    raise ProductNotFound(visit.id)


def offer(visit: Visit) -> Answer:
    """Sell exactly what a file says. Refuses: NotEnabled, Invalid, Problems."""
    require_feature(get_program(visit.tx), FEATURE)
    typed = OFFER.read(visit)
    if typed["offer"] is None and not typed["sample"]:
        raise Invalid("offer", "must be chosen, or the sample")
    chosen = typed["offer"]
    offered = sample_offer() if chosen is None else read_offer(text_of(chosen.content, "offer"))
    offer_ecodes(visit.tx, offered)
    return Gone(address_of(f"{PATH}/offer"), "These gift codes are sold now.")


ONE = f"{PATH}/offer/{{id:digits}}"
PAGES: tuple[Page | Act, ...] = (
    Page(f"{PATH}/offer", show_offer, BANK),
    Act(f"{PATH}/offer", offer, BANK, show_offer),
    Page(ONE, show_product, BANK),
    Page(f"{ONE}/terms/{{document:digits}}", send_terms, BANK),
)
