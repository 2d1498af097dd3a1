"""The vendor's company and contact information (reference 3.1 and 3.2)."""

from comptoir.dialects.edge import Call, Reply
from comptoir.dialects.twocheckout.calls import reading
from comptoir.dialects.twocheckout.replies import ok
from comptoir.dialects.twocheckout.shapes import ID, TEXT, an_object, or_null
from comptoir.domain.merchant.models import DEMO_MODES, RETURN_METHODS
from comptoir.domain.merchant.queries import get_merchant

# The API is spoken in English, whatever the shop's own language is.
LOCALE = "en_US"

COMPANY = an_object({
    "affiliate_url": or_null(TEXT),
    "currency_code": TEXT,
    "currency_name": TEXT,
    "currency_symbol": TEXT,
    "demo": {"type": "string", "enum": list(DEMO_MODES)},
    "pending_return_url": or_null(TEXT),
    "return_method": {"type": "string", "enum": [str(method) for method in RETURN_METHODS]},
    "return_url": or_null(TEXT),
    "secret_word": TEXT,
    "site_category": or_null(TEXT),
    "site_description": or_null(TEXT),
    "site_title": or_null(TEXT),
    "soft_descriptor": or_null(TEXT),
    "url": TEXT,
    "vendor_id": ID,
    "vendor_name": TEXT,
})  # fmt: skip
CONTACT = an_object({
    "2co_account_level_id": ID,
    "customer_service_email": TEXT,
    "customer_service_phone": TEXT,
    "customer_service_phone_ext": or_null(TEXT),
    "mailing_address_1": TEXT,
    "mailing_address_2": TEXT,
    "mailing_address_id": ID,
    "mailing_city": TEXT,
    "mailing_country_code": TEXT,
    "mailing_postal_code": TEXT,
    "mailing_state": TEXT,
    "office_email": TEXT,
    "office_phone": TEXT,
    "office_phone_ext": or_null(TEXT),
    "physical_address_1": TEXT,
    "physical_address_2": TEXT,
    "physical_address_id": ID,
    "physical_city": TEXT,
    "physical_country_code": TEXT,
    "physical_postal_code": TEXT,
    "physical_state": TEXT,
    "vendor_id": ID,
})  # fmt: skip


def detail_company_info(call: Call) -> Reply:
    """Who sells, in which currency, and how buyers come back; the secret word is part of it."""
    merchant, currency = get_merchant(call.tx), call.tx.shop.currency
    return ok(
        "company info retrieved",
        vendor_company_info={
            "affiliate_url": merchant.affiliate_url or None,
            "currency_code": currency,
            "currency_name": currency_name(currency),
            "currency_symbol": currency_symbol(currency),
            "demo": merchant.demo,
            "pending_return_url": merchant.pending_return_url or None,
            "return_method": str(merchant.return_method),
            "return_url": merchant.return_url or None,
            "secret_word": merchant.secret_word,
            "site_category": merchant.site_category or None,
            "site_description": merchant.site_description or None,
            "site_title": merchant.site_title or None,
            "soft_descriptor": merchant.soft_descriptor or None,
            "url": merchant.url,
            "vendor_id": str(merchant.vendor_id),
            "vendor_name": merchant.name,
        },
    )


def detail_contact_info(call: Call) -> Reply:
    """Where the vendor is, and how to ask."""
    merchant = get_merchant(call.tx)
    return ok(
        "contact info retrieved",
        vendor_contact_info={
            "2co_account_level_id": str(merchant.level_id),
            "customer_service_email": merchant.service_email,
            "customer_service_phone": merchant.service_phone,
            "customer_service_phone_ext": merchant.service_phone_ext or None,
            "mailing_address_1": merchant.mailing_address1,
            "mailing_address_2": merchant.mailing_address2,
            "mailing_address_id": str(merchant.mailing_id),
            "mailing_city": merchant.mailing_city,
            "mailing_country_code": merchant.mailing_country,
            "mailing_postal_code": merchant.mailing_postcode,
            "mailing_state": merchant.mailing_state,
            "office_email": merchant.office_email,
            "office_phone": merchant.office_phone,
            "office_phone_ext": merchant.office_phone_ext or None,
            "physical_address_1": merchant.physical_address1,
            "physical_address_2": merchant.physical_address2,
            "physical_address_id": str(merchant.physical_id),
            "physical_city": merchant.physical_city,
            "physical_country_code": merchant.physical_country,
            "physical_postal_code": merchant.physical_postcode,
            "physical_state": merchant.physical_state,
            "vendor_id": str(merchant.vendor_id),
        },
    )


def currency_name(currency: str) -> str:
    """A currency's name as the API writes it: `US Dollars`."""
    from babel.numbers import get_currency_name  # noqa: PLC0415 - loaded when it is first asked for

    name = get_currency_name(currency, 2, locale=LOCALE)
    return " ".join(f"{word[:1].upper()}{word[1:]}" for word in name.split())


def currency_symbol(currency: str) -> str:
    """A currency's sign, which tells it from all others."""
    from babel.numbers import get_currency_symbol  # noqa: PLC0415 - loaded when it is first asked for

    return get_currency_symbol(currency, LOCALE)


CALLS = (
    reading(
        "acct/detail_company_info", detail_company_info, shows={"vendor_company_info": COMPANY},
        text="Show the company and how its buyers come back",
    ),
    reading(
        "acct/detail_contact_info", detail_contact_info, shows={"vendor_contact_info": CONTACT},
        text="Show where the company is and how to ask",
    ),
)  # fmt: skip
