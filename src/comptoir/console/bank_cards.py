"""Cards: listed, ordered, and shown with their accounts, limits, rules and payments; their numbers stay masked."""

from collections.abc import Sequence
from typing import Any

from comptoir.console import bank_card_acts as acts
from comptoir.console.bank_card_alerts import alerts_section, is_alerting, set_factors, stop_alerts
from comptoir.console.bank_card_pins import BY_CODE, PIN, change_pin, verify_printed
from comptoir.console.bank_card_trying import (
    follow,
    is_tried,
    tell_decline,
    tell_fraud,
    try_out,
    trying_section,
)
from comptoir.console.bank_card_wallets import bring_to_apple, bring_to_google, is_carried, wallets_section
from comptoir.console.bank_parts import (
    AskedForm,
    Button,
    Fact,
    Leaf,
    Section,
    Way,
    at,
    customer_by,
    fact,
    forms,
    moment,
    money,
    page,
    state,
    thing,
    to,
    what,
    yes_no,
)
from comptoir.console.cells import Cell, Column, badge, text, when
from comptoir.console.filters import choice, exactly, spelled
from comptoir.console.listing import Listing, newest_first, show_list
from comptoir.console.places import address_of
from comptoir.console.visits import Act, Answer, Page, Visit
from comptoir.domain.banking.beside import (
    list_controls_of,
    list_moves_by_card,
    names_of,
    owners_of_cards,
    places_among,
)
from comptoir.domain.banking.cards.limits import FEATURE as LIMITS_FEATURE
from comptoir.domain.banking.cards.limits import limits_of_card
from comptoir.domain.banking.cards.models import (
    CARD_STATUSES,
    ENDED_STATUSES,
    LASTING_REASONS,
    NETWORKS,
    UNLOCKED,
    VERIFIABLE_STATUSES,
    Card,
)
from comptoir.domain.banking.cards.queries import CardRow, list_ties
from comptoir.domain.banking.program.queries import get_program
from comptoir.domain.identity.permissions import BANK

PATH, WAY = acts.PATH, acts.WAY


def on_card(row: Sequence[Any], _shop: Any) -> Cell:
    """The name on it."""
    return Cell(f"{row[0]} {row[1]}".strip())


def expiry(row: Sequence[Any], _shop: Any) -> Cell:
    """The last month in which it is good."""
    return Cell(f"{row[0]}-{row[1]:02}" if row[0] and row[1] else "")


CARDS = Listing(
    "cards",
    "Cards",
    PATH,
    Card,
    columns=(
        Column("Card", lambda row, _shop: Cell(f"{row[0]} …{row[1]}"), (Card.network, Card.last_four)),
        Column("Name on it", on_card, (Card.first_name, Card.last_name)),
        badge("Status", Card.status),
        Column("Good until", expiry, (Card.expire_year, Card.expire_month)),
        text("Called", Card.nick_name),
        when("Ordered", Card.created_at),
    ),
    sorts=newest_first(Card.id),
    filters=(
        choice("status", "Status", Card.status, CARD_STATUSES),
        choice("network", "Network", Card.network, NETWORKS),
        spelled("ending", "Last four digits", Card.last_four),
        spelled("tag", "Tag", Card.tag),
        exactly("customer", "Customer no.", Card.customer_id),
        exactly("account", "Account no.", Card.primary_account_id),
    ),
    area=BANK,
    make="Order a card",
    more_titles=("Customer",),
    more=customer_by(owners_of_cards),
)


def show_card(visit: Visit) -> Answer:
    """One card."""
    card = acts.card_of(visit)
    leaf = Leaf(
        f"Card {card.network} …{card.last_four}", WAY, facts_of(visit, card), subject=("card", card.id)
    )
    if card.lock_type != UNLOCKED:
        why = {**acts.LOSSES, **acts.LOCKS}.get(card.lock_reason, card.lock_reason)
        leaf.warning = f"The card is locked ({why})."
    has_limits = LIMITS_FEATURE in get_program(visit.tx).features
    leaf.sections = [accounts_section(visit, card)]
    if has_limits:
        leaf.sections.append(limits_section(visit, card))
    leaf.sections.append(controls_section(visit, card))
    if is_alerting(visit, card):
        leaf.sections.append(alerts_section(visit, card))
    leaf.sections.append(payments_section(visit, card))
    if is_carried(visit, card):
        leaf.sections.append(wallets_section(visit, card))
    if is_tried(visit) and card.status not in ENDED_STATUSES:
        leaf.sections.append(trying_section(visit, card))
    if visit.may(BANK) and card.status not in ENDED_STATUSES:
        leaf.buttons = buttons_of(card)
        leaf.sections.append(Section("What can be done", forms=forms(visit, *asked_of(card))))
    return page(visit, leaf)


def facts_of(visit: Visit, card: CardRow) -> list[Fact]:
    """What is known of it: never its number, its code nor its PIN."""
    shop, names = visit.shop, names_of(visit.tx, [card.customer_id, card.holder_customer_id])
    return [
        state("Status", card.status), fact("Number", f"…{card.last_four}"), fact("Network", card.network),
        fact("Name on it", " ".join(filter(None, (card.first_name, card.middle_name, card.last_name)))),
        thing("Customer", "bank_customer", card.customer_id, names[card.customer_id].text),
        thing("Holder", "bank_customer", card.holder_customer_id, names[card.holder_customer_id].text),
        fact("Called", card.nick_name), fact("Tag", card.tag),
        fact("Good until", expiry((card.expire_year, card.expire_month), shop).text),
        yes_no("Digital only", card.is_digital_only), yes_no("Digital and plastic", card.is_dual_issuance),
        moment(shop, "PIN was set", card.pin_set_at), moment(shop, "Ordered", card.created_at),
        moment(shop, "Taken into use", card.verified_at), moment(shop, "Issued again", card.reissued_at),
        fact("because of", card.reissue_reason), moment(shop, "Archived", card.archived_at),
        moment(shop, "Ended", card.expired_at), moment(shop, "Denied", card.denied_at),
    ]  # fmt: skip


def accounts_section(visit: Visit, card: CardRow) -> Section:
    """The accounts that it draws on."""
    ties, path = list_ties(visit.tx, card.id), f"{PATH}/{card.id}"
    places = places_among(visit.tx, [one.account_id for one in ties])
    rows = [
        [
            to("bank_account", one.account_id, places[one.account_id].name), Cell(one.category),
            Cell(str(one.priority), "number"),
            Cell("primary" if one.account_id == card.primary_account_id else "", "badge"),
        ]
        for one in ties
    ]  # fmt: skip
    may = visit.may(BANK) and card.status not in ENDED_STATUSES
    others = [one for one in ties if one.account_id != card.primary_account_id] if may else []
    buttons = []
    for one in others:
        name, values = places[one.account_id].name, {"account": str(one.account_id)}
        buttons += [
            Button(f"{path}/first", f"Draw on {name} first", values=values),
            Button(f"{path}/untie", f"Take {name} off the card", values=values),
        ]
    asked = forms(visit, ("Let it draw on another account", acts.TIE, f"{path}/tie", None)) if may else ()
    titles = ("Account", "Category", "Place", "")
    return Section("Draws on", titles=titles, rows=rows, buttons=buttons, forms=asked)


def limits_section(visit: Visit, card: CardRow) -> Section:
    """What it may spend and draw in a day."""
    shop, found, path = visit.shop, limits_of_card(visit.tx, card), f"{PATH}/{card.id}"
    layers = (
        ("In force today", found.effective), ("For today only", found.temporary), ("Its own", found.override),
        ("The program's", found.default), ("At most", found.ceiling),
    )  # fmt: skip
    rows = [
        [Cell(label), money(shop, one.purchase_minor), money(shop, one.withdrawal_minor)]
        for label, one in layers
        if one is not None
    ]
    may = visit.may(BANK) and card.status not in ENDED_STATUSES
    asked = forms(
        visit, ("Give it limits of its own", acts.LIMITS, f"{path}/limits", None),
        ("Raise them for today", acts.TODAY, f"{path}/today", None),
    ) if may else ()  # fmt: skip
    buttons = [Button(f"{path}/reset", "Back to the program's limits")] if may and found.override else ()
    return Section(
        "Limits of a day", titles=("Limit", "Purchases", "Cash"), rows=rows, forms=asked, buttons=buttons
    )


def controls_section(visit: Visit, card: CardRow) -> Section:
    """Rules of what it may be used for."""
    path, found = f"{PATH}/{card.id}", list_controls_of(visit.tx, card.id)
    rows = [
        [
            Cell(str(one.id)),
            Cell(rule_said(rule)),
            most_said(visit, rule),
            Cell(one.tag or ""),
            at(visit.shop, one.created_at),
        ]
        for one in found
        for rule in one.rules
    ]
    may = visit.may(BANK) and card.status not in ENDED_STATUSES
    return Section(
        "Rules",
        titles=("No.", "When it is used", "It may", "Tag", "Since"),
        rows=rows,
        empty="It may be used everywhere and for everything.",
        forms=forms(visit, ("Lay a rule on it", acts.CONTROL, f"{path}/control", None)) if may else (),
        buttons=[
            Button(f"{path}/drop-control", f"Drop rule {one.id}", values={"control": str(one.id)})
            for one in found
        ]
        if may
        else (),
    )


def rule_said(rule: dict[str, Any]) -> str:
    """Of which uses a rule is."""
    parts = []
    if rule.get("domestic"):
        parts.append("at home")
    if rule.get("international"):
        parts.append("abroad")
    parts += [acts.METHODS.get(one, one) for one in rule.get("entry_methods", ())]
    parts += [f"category {one}" for one in rule.get("mccs", ())]
    parts += [f"group {one}" for one in rule.get("merchant_groups", ())]
    parts += list(rule.get("states", ()))
    return ", ".join(parts) or "always"


def most_said(visit: Visit, rule: dict[str, Any]) -> Cell:
    """What a rule allows."""
    minor = rule.get("limit_minor")
    if minor is None:
        return Cell("pay any amount")
    return Cell("not pay") if not minor else money(visit.shop, minor)


def payments_section(visit: Visit, card: CardRow) -> Section:
    """The last authorisations and payments."""
    rows = [
        [
            to("bank_transfer", one.transfer_id, what(one.type_code)), Cell(one.description),
            money(visit.shop, one.amount_minor, ("transfer", one.transfer_id, "amount")),
            Cell(one.status, "badge"), at(visit.shop, one.created_at),
        ]
        for one in list_moves_by_card(visit.tx, card.id)
    ]  # fmt: skip
    more = [Way("All payments by it", address_of(f"/bank/transfers?card={card.id}"))] if rows else ()
    titles = ("Payment", "Where", "Amount", "Status", "When")
    return Section("Last payments", titles=titles, rows=rows, empty="It was not used yet.", ways=more)


def buttons_of(card: CardRow) -> list[Button]:
    """What a click does."""
    path, found = f"{PATH}/{card.id}", []
    if card.lock_type != UNLOCKED and card.lock_reason not in LASTING_REASONS:
        found.append(Button(f"{path}/unlock", "Unlock"))
    if card.is_digital_only:
        found.append(Button(f"{path}/plastic", "Order the plastic"))
    found.append(Button(f"{path}/archive", "Archive", confirm="End this card for good?", is_danger=True))
    return found


def asked_of(card: CardRow) -> list[AskedForm]:
    """What needs to be filled in."""
    path, found = f"{PATH}/{card.id}", list[AskedForm]()
    if card.status in VERIFIABLE_STATUSES:
        found += [
            ("Take it into use", acts.VERIFY, f"{path}/verify", None),
            ("Take it into use by its security code", BY_CODE, f"{path}/verify-code", None),
        ]
    found.append(("Change", acts.CHANGE, f"{path}/change", card._asdict()))
    if card.lock_type == UNLOCKED:
        found += [
            ("Give it another PIN", PIN, f"{path}/pin", None),
            ("Lock", acts.LOCK, f"{path}/lock", None),
        ]
    found += [
        ("Report it lost, stolen or misused", acts.HOTLIST, f"{path}/hotlist", None),
        ("Issue it again", acts.REISSUE, f"{path}/reissue", None),
        ("Decide about its renewal", acts.RENEWAL, f"{path}/renewal", None),
    ]
    return found


ONE = f"{PATH}/{{id:digits}}"
ACTS = {
    "verify": acts.verify, "change": acts.change, "lock": acts.lock, "unlock": acts.unlock, "hotlist": acts.hotlist,
    "reissue": acts.reissue, "plastic": acts.plastic, "archive": acts.archive, "tie": acts.tie, "untie": acts.untie,
    "first": acts.put_first, "limits": acts.limits, "today": acts.raise_today, "reset": acts.reset,
    "control": acts.control, "drop-control": acts.drop_control, "renewal": acts.renewal,
    "verify-code": verify_printed, "pin": change_pin, "alerts": stop_alerts, "risk": set_factors,
    "apple": bring_to_apple, "google": bring_to_google, "try": try_out, "follow": follow, "decline": tell_decline,
    "suspect": tell_fraud,
}  # fmt: skip
PAGES: tuple[Page | Act, ...] = (
    Page(PATH, show_list(CARDS), BANK),
    Page(ONE, show_card, BANK),
    *(Act(f"{ONE}/{name}", act, BANK, show_card) for name, act in ACTS.items()),
)
