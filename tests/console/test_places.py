"""Where things are shown: every kind of thing that has an address has a page there."""

from __future__ import annotations

import pytest

from comptoir.console.places import PLACES, link_to
from tests.console.whole.walking import kind_of


@pytest.mark.parametrize("kind", PLACES)
def test_every_kind_of_thing_has_a_page(kind: str) -> None:
    address = link_to(kind, 1)
    assert address is not None
    assert kind_of(address) is not None, address


def test_what_is_no_thing_leads_nowhere() -> None:
    assert link_to("nothing of ours", 1) is None
    assert link_to("order", None) is None
