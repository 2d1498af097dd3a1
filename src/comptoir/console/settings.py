"""Settings: the company, the checkout, fraud and refunds, payouts; each a form on what is known of the merchant."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache, partial
from typing import Any
from zoneinfo import available_timezones

from comptoir.console import kinds
from comptoir.console.forms import Field, Form
from comptoir.console.places import address_of
from comptoir.console.visits import Act, Answer, Gone, Page, Shown, Visit
from comptoir.domain.countries import countries
from comptoir.domain.events.queries import list_events_of
from comptoir.domain.identity.permissions import SETTINGS
from comptoir.domain.identity.shopkeeping import SHOP_ID, change_shop
from comptoir.domain.merchant.actions import SECRETS, update_merchant
from comptoir.domain.merchant.models import (
    ALWAYS,
    DIRECT_RETURN,
    HEADER_REDIRECT,
    LINKS_BACK,
    NEVER,
    PER_SALE,
)
from comptoir.domain.merchant.queries import MERCHANT_ID, get_merchant
from comptoir.domain.merchant.wording import WEEKDAYS
from comptoir.domain.payments.gateways import BUILT_IN, DistantGateway
from comptoir.domain.tx import Tx

PATH = "/settings"
CRUMB = ("Settings", address_of(PATH))
# Of the shop, beside what has a column of its own: under these names among its settings.
NAMED_SETTINGS = ("public_base", "refuse_empty_payments")
ADDRESS_PARTS = {
    "address1": "Address",
    "address2": "Address, second line",
    "city": "City",
    "state": "State",
    "postcode": "Postcode",
}


@cache
def zone_names() -> tuple[str, ...]:
    """Every time zone of this machine."""
    return tuple(sorted(available_timezones()))


def zones(_visit: Visit) -> list[tuple[str, str]]:
    """Every time zone by its name."""
    return [(name, name) for name in zone_names()]


def gateway_names(visit: Visit) -> list[tuple[str, str]]:
    """The gateways that this server can speak to, and the one that is chosen."""
    known = {name for name in BUILT_IN if not isinstance(visit.home.gateways(name), DistantGateway)}
    return [(name, name) for name in sorted({*known, get_merchant(visit.tx).gateway})]


def lands(_visit: Visit) -> list[tuple[str, str]]:
    """Every country by its three letters."""
    return list(countries().items())


def postal(kind: str, group: str) -> tuple[Field, ...]:
    """The fields of an address."""
    return (
        *(Field(f"{kind}_{part}", label, group=group) for part, label in ADDRESS_PARTS.items()),
        Field(f"{kind}_country", "Country", kinds.choice(lands), group=group),
    )


def reached(kind: str, group: str) -> tuple[Field, ...]:
    """The fields of an office."""
    return (
        Field(f"{kind}_email", "E-mail", kinds.EMAIL, group=group),
        Field(f"{kind}_phone", "Telephone", group=group),
        Field(f"{kind}_phone_ext", "Extension", group=group),
    )


SHOP = Form(
    "shop",
    (
        Field("name", "Name of the shop", required=True),
        Field("time_zone", "Time zone", kinds.choice(zones), required=True),
        Field("site_url", "Where buyers find it", kinds.ADDRESS),
        Field("cdn_url", "Where its pictures are served", kinds.ADDRESS, hint="Here, unless said otherwise."),
    ),
)
COMPANY = Form(
    "company",
    (
        Field("name", "Company", required=True),
        Field("url", "Its site", kinds.ADDRESS),
        Field("affiliate_url", "Page for affiliates", kinds.ADDRESS),
        Field("site_category", "Category of the site"),
        Field("site_title", "Title of the site"),
        Field("site_description", "What the site is about", kinds.TEXT),
        Field("soft_descriptor", "On buyers' card statements", hint="What buyers read beside the amount."),
        *reached("service", "Customer service"),
        *reached("office", "Office"),
        *postal("mailing", "Where letters go"),
        *postal("physical", "Where it is"),
    ),
)
CHECKOUT = Form(
    "checkout",
    (
        Field("vendor_id", "Seller number", kinds.INTEGER, required=True, hint="The sid of links to the checkout."),
        Field(
            "gateway", "Payments go through", kinds.choice(gateway_names), required=True,
            hint="Those that this server can speak to; Stripe's key is among the server's settings.",
        ),
        Field(
            "demo", "Demonstration", required=True,
            kind=kinds.choice({NEVER: "never", PER_SALE: "where a link asks for it", ALWAYS: "every sale"}),
            hint="A sale of a demonstration takes no money.",
        ),
        Field(
            "return_method", "How buyers come back", required=True, group="After the sale",
            kind=kinds.choice(
                {
                    LINKS_BACK: "a link on our receipt",
                    DIRECT_RETURN: "your page, shown in place of our receipt",
                    HEADER_REDIRECT: "led to your page at once",
                },
                kinds.INTEGER,
            ),
        ),
        Field("return_url", "Approved address", kinds.ADDRESS, group="After the sale"),
        Field("pending_return_url", "Address while it waits", kinds.ADDRESS, group="After the sale"),
        Field(
            "secret_word", "Secret word", kinds.PASSWORD, group="After the sale",
            hint="What is passed back is signed with it. Kept as it is when nothing is typed.",
        ),
    ),
)  # fmt: skip
API = Form(
    "api",
    (
        Field(
            "public_base", "Address in documents of the 2Checkout API", kinds.ADDRESS,
            hint="The vendor's own, unless one is given.",
        ),
        Field(
            "refuse_empty_payments", "Refuse list_payments while nothing was paid out", kinds.FLAG,
            hint="Older clients expect it so.",
        ),
    ),
)  # fmt: skip
FRAUD = Form(
    "fraud",
    (
        Field(
            "fraud_review_minutes", "A sale waits for its review", kinds.INTEGER, required=True,
            hint="Minutes. With 0, what is paid is taken at once.",
        ),
        Field(
            "refund_days", "It may be refunded for", kinds.INTEGER, required=True, hint="Days after it was paid."
        ),
    ),
)  # fmt: skip
PAYOUTS = Form(
    "payouts",
    (
        Field("payout_method", "Paid out by", required=True, hint="A word, such as ach, wire or check."),
        Field(
            "payout_weekday", "On", required=True,
            kind=kinds.choice({place: name.capitalize() for place, name in enumerate(WEEKDAYS)}, kinds.INTEGER),
        ),
        Field(
            "release_level_minor", "Once there is at least", kinds.AMOUNT, required=True,
            hint="Less waits for the next payday.",
        ),
        Field("payout_fee_minor", "For a fee of", kinds.AMOUNT, required=True),
        Field("fee_ppm", "Of each sale", kinds.PERCENT, required=True, group="Fees", hint="Rounded up."),
        Field("fee_fixed_minor", "And of each sale", kinds.AMOUNT, required=True, group="Fees"),
        Field("chargeback_fee_minor", "Of each chargeback", kinds.AMOUNT, required=True, group="Fees"),
        Field("reserve_ppm", "Held back of each sale", kinds.PERCENT, required=True, group="Reserve"),
        Field("reserve_days", "For", kinds.INTEGER, required=True, group="Reserve", hint="Days."),
    ),
)  # fmt: skip


TITLES = {
    "shop": "The shop", "company": "The company", "checkout": "Sales", "api": "The 2Checkout API",
}  # fmt: skip


@dataclass(frozen=True)
class Section:
    """One page of settings: its forms, and what is said above them."""

    name: str
    title: str
    about: str
    forms: tuple[Form, ...]

    @property
    def path(self) -> str:
        """Its address below the console."""
        return f"{PATH}/{self.name}"


SECTIONS = (
    Section("company", "Company", "Who sells, and how buyers reach you.", (SHOP, COMPANY)),
    Section("checkout", "Checkout", "How buyers pay and where they come back to.", (CHECKOUT, API)),
    Section(
        "fraud", "Fraud and refunds", "How long a sale is looked at, and how long it can be undone.", (FRAUD,)
    ),
    Section("payouts", "Payouts and fees", "What a sale costs, and when its money leaves.", (PAYOUTS,)),
)
# Settings with pages of their own, and those that belong to other rooms of the console.
ELSEWHERE = (
    (
        "Currencies and rates",
        f"{PATH}/rates",
        "What the shop's currency is worth in others, from day to day.",
    ),
    ("Taxes", f"{PATH}/taxes", "What is levied in which country or state."),
    ("Shipping", f"{PATH}/shipping", "Ways to ship, what they cost, where they go."),
    ("Payment API", f"{PATH}/payment-api", "The keys with which a shop's own pages charge cards."),
    ("Messages", "/webhooks", "Endpoints that are told what happens, INS messages among them."),
    ("Operators", "/operators", "Who works here, and what they may do."),
    ("API users and keys", "/keys", "Who speaks to the shop from programs."),
)


def show_settings(visit: Visit) -> Answer:
    """All there is to set."""
    sections = [(one.title, address_of(one.path), one.about) for one in SECTIONS]
    elsewhere = [(title, address_of(path), about) for title, path, about in ELSEWHERE]
    merchant = get_merchant(visit.tx)
    return Shown("settings.html", {"entries": [*sections, *elsewhere], "merchant": merchant})


def show_section(section: Section, visit: Visit) -> Answer:
    """A page of settings: its forms, or what they hold for those who may only look."""
    may = visit.may(SETTINGS)
    shown = []
    for form in section.forms:
        row = kept(form, visit.tx)
        if may:
            shown.append(form.filled(visit, address_of(f"{section.path}/{form.act}"), row))
        else:
            seen = {name: value for name, value in row.items() if name not in SECRETS}
            shown.append(form.filled(visit, "", seen))
    happened = [
        *list_events_of(visit.tx, subject="merchant", subject_id=MERCHANT_ID, limit=10),
        *(
            list_events_of(visit.tx, subject="shop", subject_id=SHOP_ID, limit=10)
            if SHOP in section.forms
            else ()
        ),
    ]
    titles = [TITLES.get(form.act, "") for form in section.forms]
    happened.sort(key=lambda one: one.seq, reverse=True)
    values = {
        "section": section,
        "way": [CRUMB],
        "forms": shown,
        "titles": titles,
        "may": may,
        "happened": happened[:10],
    }
    return Shown("settings_section.html", values)


def kept(form: Form, tx: Tx) -> Mapping[str, Any]:
    """What the fields of a form hold."""
    if form is SHOP:
        facts = tx.shop
        return {
            "name": facts.name, "time_zone": facts.zone.key, "site_url": facts.site_url, "cdn_url": facts.cdn_url,
        }  # fmt: skip
    if form is API:
        return {name: tx.shop.settings.get(name) for name in NAMED_SETTINGS}
    return asdict(get_merchant(tx))


def change(section: Section, form: Form, visit: Visit) -> Answer:
    """Change what differs. Refuses: Problems, ChangedMeanwhile, Invalid."""
    changes = form.changes(visit, kept(form, visit.tx))
    if changes and form is SHOP:
        change_shop(visit.tx, **changes)
    elif changes and form is API:
        change_shop(visit.tx, settings={name: value or None for name, value in changes.items()})
    elif changes:
        update_merchant(visit.tx, **changes)
    return Gone(address_of(section.path), "The settings were saved." if changes else "Nothing was changed.")


def pages_of(section: Section) -> tuple[Page | Act, ...]:
    """The addresses of a page of settings."""
    show = partial(show_section, section)
    acts = (
        Act(f"{section.path}/{form.act}", partial(change, section, form), SETTINGS, show)
        for form in section.forms
    )
    return (Page(section.path, show, SETTINGS), *acts)


PAGES = (
    Page(PATH, show_settings, SETTINGS),
    *(entry for section in SECTIONS for entry in pages_of(section)),
)
