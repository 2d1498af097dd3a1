"""Which rule is about which use of a card, and what the rules in their order allow."""

from __future__ import annotations

from typing import Any

import pytest

from comptoir.domain.banking.cards.controls import Rule, Use, create_control, fits
from comptoir.domain.banking.cards.errors import ControlDeclines
from comptoir.domain.tx import OpenShop
from tests.domain.banking.cards.given import CardBank

AMES = {"country": "US", "state": "IA"}
PARIS = {"country": "FR"}


@pytest.mark.parametrize(
    ("rule", "use", "is_fitting"),
    [
        ({}, {}, True),
        ({"domestic": True}, {"merchant": AMES}, True),
        ({"domestic": True}, {"merchant": {}}, True),
        ({"domestic": True}, {"merchant": {"country": "840"}}, True),
        ({"domestic": True}, {"merchant": PARIS}, False),
        ({"international": True}, {"merchant": PARIS}, True),
        ({"international": True}, {"merchant": AMES}, False),
        ({"domestic": True, "international": True}, {"merchant": PARIS}, True),
        ({"domestic": False}, {"merchant": PARIS}, True),
        ({"mccs": ["5411"]}, {"category_code": "5411"}, True),
        ({"mccs": ["5411"]}, {"category_code": "5412"}, False),
        ({"mccs": ["5411"]}, {}, False),
        ({"merchant_groups": ["CASH"]}, {"merchant": {"group_code": "cash"}}, True),
        ({"states": ["IA"]}, {"merchant": AMES}, True),
        ({"states": ["CA"]}, {"merchant": AMES}, False),
        ({"entry_methods": ["CP", "DP"]}, {"entry_method": "DP"}, True),
        ({"entry_methods": ["CP", "DP"]}, {"entry_method": "CNP"}, False),
        ({"mccs": ["5411"], "states": ["CA"]}, {"category_code": "5411", "merchant": AMES}, False),
    ],
)
def test_what_a_rule_names_must_be_so(rule: dict[str, Any], use: dict[str, Any], is_fitting: bool) -> None:
    assert fits(Rule(**rule), Use(1, **use)) is is_fitting


def test_the_first_rule_that_fits_decides_and_every_control_must_allow(shop: OpenShop) -> None:
    bank = CardBank(shop)

    def lay(*rules: Rule) -> None:
        shop.write(
            lambda tx: create_control(tx, customer_id=bank.customer_id, card_id=bank.card_id, rules=rules)
        )

    def is_allowed(minor: int, **said: Any) -> bool:
        try:
            bank.authorised(minor, **said)
        except ControlDeclines:
            return False
        return True

    lay(Rule(mccs=["5411"]), Rule(international=True, limit_minor=0), Rule(limit_minor=5_000))
    assert is_allowed(9_000, category_code="5411", merchant=PARIS)
    assert not is_allowed(1, merchant=PARIS)
    assert is_allowed(5_000)
    assert not is_allowed(5_001)
    lay(Rule(mccs=["5411"], limit_minor=100))
    assert not is_allowed(101, category_code="5411")
    assert is_allowed(100, category_code="5411")
    # What brings money, and what has happened, is not asked.
    bank.posted(1, merchant=PARIS, processing_code="200000")
    bank.posted(1, merchant=PARIS, is_advice=True)
