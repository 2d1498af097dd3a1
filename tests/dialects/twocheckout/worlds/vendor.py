"""A shop whose merchant has said everything that the account calls show (reference 3.1 and 3.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comptoir.domain.merchant.actions import update_merchant

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop, Tx


def load(shop: OpenShop) -> None:
    """Say who sells."""
    shop.write(_introduce)


def _introduce(tx: Tx) -> None:
    update_merchant(
        tx,
        vendor_id=1817037,
        level_id=3,
        name="Fake Company & Söhne",
        url="www.fake-company.com",
        affiliate_url="http://www.fake-company.com",
        site_category="Electronics",
        site_description='All <b>that</b> is "fake"',
        site_title="Fake Company's",
        soft_descriptor="Test",
        secret_word="tango",
        demo="P",
        return_method=1,
        return_url="https://www.fake-company.com/return",
        pending_return_url="https://www.fake-company.com/pending",
        service_email="service@fake-company.com",
        service_phone="555-555-5555",
        service_phone_ext="42",
        office_email="office@fake-company.com",
        office_phone="555-555-5556",
        office_phone_ext="43",
        mailing_id=11,
        mailing_address1="123 Main St",
        mailing_address2="Suite 5",
        mailing_city="Columbus",
        mailing_state="OH",
        mailing_postcode="43228",
        mailing_country="USA",
        physical_id=12,
        physical_address1="124 Main St",
        physical_address2="",
        physical_city="Columbus",
        physical_state="OH",
        physical_postcode="43229",
        physical_country="USA",
    )  # fmt: skip
