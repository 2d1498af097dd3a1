"""Rules of what a card may be used for (reference 3.10.2, cardControl)."""

from collections.abc import Mapping, Sequence
from typing import Any

from comptoir.dialects.corepro.asked import Asked
from comptoir.dialects.corepro.calls import reading, writing
from comptoir.dialects.corepro.refusals import Refusals, saying
from comptoir.dialects.corepro.replies import money, ok
from comptoir.dialects.corepro.shapes import (
    ASKED_MONEY,
    BIG_ID,
    FLAG,
    ID,
    MONEY,
    TAG,
    TEXT,
    a_list,
    an_object,
    given,
    needed,
    one_of,
    placed,
    queried,
)
from comptoir.dialects.corepro.words import INT64
from comptoir.dialects.edge import Call, Reply
from comptoir.domain.banking.cards import controls
from comptoir.domain.banking.cards.controls import ControlRow, Rule
from comptoir.domain.banking.cards.errors import CardNotFound, CardTagTaken
from comptoir.domain.banking.cards.queries import get_card
from comptoir.domain.banking.customers.queries import get_customer

CODE_MAX = 50
UNKNOWN = 59956
WORDS: Refusals = {CardTagTaken: 150204}

_RULE = {
    "domestic": FLAG, "entryMethods": a_list(one_of(controls.ENTRY_METHODS)), "international": FLAG,
    "limit": MONEY, "mccs": a_list(TEXT), "merchantGroups": a_list(TEXT), "source": one_of(controls.SOURCES),
    "states": a_list(TEXT), "tag": TAG,
}  # fmt: skip
RULE = an_object(_RULE)
CONTROL = an_object(
    {"cardControlId": BIG_ID, "cardId": ID, "isActive": FLAG, "rules": a_list(RULE), "tag": TAG},
    always=("cardControlId", "cardId", "isActive", "rules"),
)


def create(call: Call, asked: Asked) -> Reply:
    """Lay rules on a card."""
    customer_id, card_id, tag = asked.id("customerId"), asked.id("cardId"), asked.tag()
    rules = [_rule(child) for child in asked.children("rules")]
    asked.settle()
    with saying(WORDS):
        control = controls.create_control(
            call.tx, customer_id=customer_id, card_id=card_id, rules=rules, tag=tag
        )
    return _reply(control)


def _rule(asked: Asked) -> Rule:
    def texts(*names: str) -> list[str]:
        said = [text.strip().upper() for name in names for text in asked.texts(name, most=CODE_MAX)]
        return list(dict.fromkeys(said))

    return Rule(
        domestic=asked.flag("domestic"),
        international=asked.flag("international"),
        # The published pages have some of these names in another number.
        entry_methods=texts("entryMethods", "entryMethod"),
        mccs=texts("mccs"),
        merchant_groups=texts("merchantGroups"),
        states=texts("states", "usStates"),
        limit_minor=asked.money("limit"),
        source=asked.choice("source", controls.SOURCES) or controls.SOURCES[0],
        tag=asked.tag(),
    )


def get(call: Call, asked: Asked) -> Reply:
    """One control; the customer may be left out of the path."""
    customer_id, place = (asked.id_place(0), 1) if asked.has_place(1) else (None, 0)
    control = controls.get_control(call.tx, asked.id_place(place))
    if customer_id is not None:
        _refuse_strangers(call, customer_id, control)
    return _reply(control)


def get_by_tag(call: Call, asked: Asked) -> Reply:
    """The control of a tag; nothing where there is none. The customer may be left out of the path.

    A tag with slashes may begin like a customer: the whole path is looked for first.
    """
    customer_id = asked.id_place(0)
    tags = asked.spellings("tag", place=1) if customer_id else ()
    whole = asked.spellings("tag") if asked.has_place(1) or not tags else ()
    control = _tagged(call, whole)
    if control is None and tags:
        get_customer(call.tx, customer_id)
        control = _tagged(call, tags)
        if control is not None and not _is_known(call, customer_id, control):
            control = None
    return ok(None) if control is None else _reply(control)


def _tagged(call: Call, tags: Sequence[str]) -> ControlRow | None:
    found = (controls.find_control_by_tag(call.tx, tag) for tag in tags)
    return next((control for control in found if control is not None), None)


def archive(call: Call, asked: Asked) -> Reply:
    """Take rules from a card."""
    control = controls.get_control(call.tx, asked.id("cardControlId", most=INT64))
    return _archived(call, asked, control)


def archive_by_tag(call: Call, asked: Asked) -> Reply:
    """The same by the tag."""
    tag = asked.tag() or ""
    control = controls.find_control_by_tag(call.tx, tag)
    if control is None:
        raise controls.CardControlNotFound(tag)
    return _archived(call, asked, control)


def _archived(call: Call, asked: Asked, control: ControlRow) -> Reply:
    customer_id = asked.id("customerId")
    asked.settle()
    return _reply(controls.archive_control(call.tx, customer_id=customer_id, control=control))


def _refuse_strangers(call: Call, customer_id: int, control: ControlRow) -> None:
    get_customer(call.tx, customer_id)
    if not _is_known(call, customer_id, control):
        raise controls.CardControlNotFound(control.id)


def _is_known(call: Call, customer_id: int, control: ControlRow) -> bool:
    """Whether the customer has to do with the card that a control is about."""
    try:
        get_card(call.tx, customer_id, control.card_id)
    except CardNotFound:
        return False
    return True


def _reply(control: ControlRow) -> Reply:
    return ok(
        {
            "cardControlId": control.id,
            "cardId": control.card_id,
            "isActive": control.archived_at is None,
            "rules": [_shown(Rule(**rule)) for rule in control.rules],
            "tag": control.tag,
        }
    )


def _shown(rule: Rule) -> Mapping[str, Any]:
    return {
        "domestic": rule.domestic,
        "entryMethods": list(rule.entry_methods) or None,
        "international": rule.international,
        "limit": money(rule.limit_minor),
        "mccs": list(rule.mccs) or None,
        "merchantGroups": list(rule.merchant_groups) or None,
        "source": rule.source,
        "states": list(rule.states) or None,
        "tag": rule.tag,
    }


CALLS = (
    writing(
        "cardControl/create", create, shows=CONTROL, needs=controls.FEATURE, text="Lay rules on a card",
        takes=(
            needed("customerId", ID), needed("cardId", ID), given("tag", TAG),
            needed("rules", a_list({"type": "object", "properties": {**_RULE, "limit": ASKED_MONEY}})),
        ),
        codes=(UNKNOWN, 60001, 150204, 150502, 154101),
    ),
    reading(
        "cardControl/get", get, shows=CONTROL, needs=controls.FEATURE, codes=(UNKNOWN, 60001), text="Show one control",
        takes=(placed("customerId", is_required=False), placed("cardControlId", BIG_ID)),
    ),
    reading(
        "cardControl/getByTag", get_by_tag, shows=CONTROL, needs=controls.FEATURE, text="Show the control of a tag",
        takes=(placed("customerId", is_required=False), placed("tag", TAG, is_required=False), queried("tag", TAG)),
        codes=(60001,),
    ),
    writing(
        "cardControl/archive", archive, shows=CONTROL, needs=controls.FEATURE, text="Take rules from a card",
        takes=(needed("customerId", ID), needed("cardControlId", BIG_ID)), codes=(UNKNOWN, 60001, 154101),
    ),
    writing(
        "cardControl/archiveByTag", archive_by_tag, shows=CONTROL, needs=controls.FEATURE,
        takes=(needed("customerId", ID), needed("tag", TAG)), codes=(UNKNOWN, 60001, 154101),
        text="Take the rules of a tag from a card",
    ),
)  # fmt: skip
