"""Every amount of the demo's year is explained, and adds up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.domain.explaining.given import prove_everything, prove_kept

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop


def test_every_amount_of_a_year_is_explained(demo: OpenShop) -> None:
    assert demo.read(lambda tx: prove_everything(tx, every=1)) > 500
    demo.read(prove_kept)
