"""Rules of what a card may be used for: who may be paid with it, where, how, and up to how much."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from comptoir.domain.banking.cards.errors import CardStatusRefuses, CardTagTaken, ControlDeclines
from comptoir.domain.banking.cards.models import ENDED_STATUSES, CardControl
from comptoir.domain.banking.cards.queries import CardRow, take_card
from comptoir.domain.banking.customers.queries import require_customer
from comptoir.domain.banking.program.queries import get_program, require_feature
from comptoir.domain.errors import NotFound, Problems
from comptoir.domain.tx import Tx

FEATURE = "card_controls"
ENTRY_METHODS = ("CP", "DP", "CNP", "IAP")
SOURCES = ("Customer", "Program")
HOME = "US"
RULES_MAX = 50
ITEMS_MAX = 500
CATEGORY_DIGITS = 4
TAG_MAX = 50


class CardControlNotFound(NotFound):
    """There is no such control."""

    thing = "card control"


class Rule(NamedTuple):
    """One rule. What it does not name fits everything; `limit_minor` 0 declines, None allows, else it is the most."""

    domestic: bool | None = None
    international: bool | None = None
    entry_methods: Sequence[str] = ()
    mccs: Sequence[str] = ()
    merchant_groups: Sequence[str] = ()
    states: Sequence[str] = ()
    limit_minor: int | None = None
    source: str = SOURCES[0]
    tag: str | None = None


class ControlRow(NamedTuple):
    """The rules of one control, in the order in which they are looked at."""

    id: int
    card_id: int
    tag: str | None
    rules: list[dict[str, Any]]
    archived_at: datetime | None
    created_at: datetime


class Use(NamedTuple):
    """What a card is about to be used for."""

    amount_minor: int
    category_code: str = ""
    entry_method: str = ""
    merchant: Mapping[str, str] = {}


CONTROLS = select(*[getattr(CardControl, name) for name in ControlRow._fields])
GET_CONTROL = CONTROLS.where(CardControl.id == bindparam("control_id"))
CONTROL_TAGGED = CONTROLS.where(CardControl.tag == bindparam("tag"))
CONTROLS_IN_FORCE = CONTROLS.where(
    CardControl.card_id == bindparam("card_id"), CardControl.archived_at.is_(None)
).order_by(CardControl.id)


def create_control(
    tx: Tx, *, customer_id: int, card_id: int, rules: Sequence[Rule], tag: str | None = None
) -> ControlRow:
    """Lay rules on a card.

    Refuses: NotEnabled, as require_customer, CardNotFound, CardStatusRefuses, Problems (rules), CardTagTaken.
    """
    require_feature(get_program(tx), FEATURE)
    require_customer(tx, customer_id)
    card = take_card(tx, customer_id, card_id)
    if card.status in ENDED_STATUSES:
        raise CardStatusRefuses(card_id, card.status)
    _check(rules)
    # Whoever holds the counter is alone in giving tags.
    control_id = tx.ids.next("card_control")
    if tag is not None and tx.one(CONTROL_TAGGED, tag=tag) is not None:
        raise CardTagTaken(tag)
    written = [rule._asdict() for rule in rules]
    tx.insert(
        CardControl, id=control_id, card_id=card_id, tag=tag, rules=written, archived_at=None, created_at=tx.now
    )  # fmt: skip
    tx.note("card_control.created", "card_control", control_id, after={"card_id": card_id, "rules": written})
    return ControlRow(control_id, card_id, tag, written, None, tx.now)


def get_control(tx: Tx, control_id: int) -> ControlRow:
    """One control. Refuses: NotEnabled, CardControlNotFound."""
    require_feature(get_program(tx), FEATURE)
    row = tx.one(GET_CONTROL, control_id=control_id)
    if row is None:
        raise CardControlNotFound(control_id)
    return ControlRow(*row)


def find_control_by_tag(tx: Tx, tag: str) -> ControlRow | None:
    """The control of this tag. Refuses: NotEnabled."""
    require_feature(get_program(tx), FEATURE)
    row = tx.one(CONTROL_TAGGED, tag=tag)
    return None if row is None else ControlRow(*row)


def archive_control(tx: Tx, *, customer_id: int, control: ControlRow) -> ControlRow:
    """Take rules from a card; one that is archived stays so. Refuses: as require_customer, CardNotFound."""
    require_customer(tx, customer_id)
    take_card(tx, customer_id, control.card_id)
    if control.archived_at is not None:
        return control
    tx.update(CardControl, control.id, archived_at=tx.now)
    tx.note("card_control.archived", "card_control", control.id, after={"card_id": control.card_id})
    return control._replace(archived_at=tx.now)


def refuse_controlled(tx: Tx, card: CardRow, use: Use) -> None:
    """Refuses: ControlDeclines, when the first rule that fits the use, in one of the controls, does not allow it."""
    for row in tx.all(CONTROLS_IN_FORCE, card_id=card.id):
        rules = [Rule(**rule) for rule in ControlRow(*row).rules]
        fitting = next((rule for rule in rules if fits(rule, use)), None)
        if fitting is not None and fitting.limit_minor is not None and use.amount_minor > fitting.limit_minor:
            raise ControlDeclines(card.id, "a card control does not allow this")


def fits(rule: Rule, use: Use) -> bool:
    """Whether a rule is about such a use; merchants who do not say where they are, are at home."""
    is_home = (use.merchant.get("country") or HOME).upper() in {HOME, "USA", "840"}
    if rule.domestic or rule.international:
        is_place = bool(rule.domestic and is_home) or bool(rule.international and not is_home)
    else:
        is_place = True
    return (
        is_place
        and _is_among(rule.entry_methods, use.entry_method)
        and _is_among(rule.mccs, use.category_code)
        and _is_among(rule.merchant_groups, use.merchant.get("group_code", ""))
        and _is_among(rule.states, use.merchant.get("state", ""))
    )


def _is_among(known: Sequence[str], value: str) -> bool:
    return not known or value.upper() in known


def _check(rules: Sequence[Rule]) -> None:
    problems: list[tuple[str, str]] = []
    if not 0 < len(rules) <= RULES_MAX:
        problems.append(("rules", f"must be 1 to {RULES_MAX}"))
    for number, rule in enumerate(rules):
        problems += [(f"rules[{number}].{field}", problem) for field, problem in _problems(rule)]
    tags = [rule.tag for rule in rules if rule.tag is not None]
    if len(tags) != len(set(tags)):
        problems.append(("rules", "have the same tag twice"))
    if problems:
        raise Problems(problems)


def _problems(rule: Rule) -> list[tuple[str, str]]:
    problems = []
    if rule.limit_minor is not None and rule.limit_minor < 0:
        problems.append(("limit", "must not be below 0"))
    if not set(rule.entry_methods) <= set(ENTRY_METHODS):
        problems.append(("entry_methods", f"are among {', '.join(ENTRY_METHODS)}"))
    if not all(len(code) == CATEGORY_DIGITS and code.isascii() and code.isdigit() for code in rule.mccs):
        problems.append(("mccs", "are of four digits each"))
    if not all(len(state) == 2 and state.isascii() and state.isalpha() for state in rule.states):
        problems.append(("states", "are of two letters each"))
    if rule.source not in SOURCES:
        problems.append(("source", f"must be one of {', '.join(SOURCES)}"))
    if max(len(rule.mccs), len(rule.states), len(rule.merchant_groups), len(rule.entry_methods)) > ITEMS_MAX:
        problems.append(("rules", f"name more than {ITEMS_MAX} things"))
    return problems
