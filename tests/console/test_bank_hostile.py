"""Hostile input on every page and act of the bank: refused in words, never a fault of ours."""

import re
from typing import Any

import pytest

from comptoir.console.bank_pages import PAGES
from comptoir.console.visits import Act, Page
from comptoir.dialects.edge import ServedShop
from comptoir.domain.tx import OpenShop
from tests.console.visiting import signed_in
from tests.domain.banking.clearing.bank import open_bank

WRONG = (
    "\0",
    "\ud800",
    "9" * 30,
    "-1",
    "1e400",
    "NaN",
    "' OR 1=1 --",
    "<script>",
    "2026-13-40",
    "0001-01-01",
    "x" * 3_000,
)
NAMES = (
    "who", "name", "number", "tag", "status", "customer", "product", "type", "way", "day_from", "day_to", "amount_from",
    "amount_to", "made_from", "made_to", "external", "card", "file", "kind", "year", "month", "ending", "of", "sort",
    "past", "before", "balance", "from",
)  # fmt: skip
FIELDS = (
    "customer_id", "account_id", "from_id", "to_id", "other_id", "amount_minor", "how", "day", "code", "name", "tag",
    "target_on", "target_minor", "lock_type", "close_to_id", "reason", "priority", "limit", "stop", "birth_date",
    "at", "text", "kind", "related_id", "amount1", "amount2", "year", "month", "type", "sample", "control", "account",
    "beneficiary", "purchase_minor", "mccs", "document_type", "effective_on", "fee_type_id", "beneficiary_ids",
    "person_id", "person", "entitlement", "product_id", "from_account_id", "boost_account_id", "pin", "again", "base",
    "override", "starts_at", "ends_at", "security_code", "expire_year", "expire_month", "contribution_type",
    "contribution_minor", "contribution_external_account_id", "contribution_starts_on", "primary_customer_id",
    "account_number", "entry_class", "effective_entry_date", "receiver_type", "requesting_customer_id", "to_tag",
    "ownership_percent", "relationship_type", "control_person_id", "control_type", "control_percent", "referred_id",
    "first_name", "last_name", "email", "payment", "then", "use", "category_code", "q1", "q2", "q3", "industry_code",
    "custom1", "foreign_number", "formed_on", "merchant_groups", "bin_id",
)  # fmt: skip
DIGITS = re.compile(r"\{\w+:digits\}")
SEEN = frozenset({200, 303, 403, 404, 409, 422})


def quoted(value: str) -> str:
    return "".join(f"%{byte:02x}" for byte in value.encode("utf-8", "surrogatepass"))


def filled(path: str, ids: dict[str, Any]) -> str:
    for kind, key in ids.items():
        if path.startswith(f"/bank/{kind}/"):
            path = path.replace("{id:digits}", str(key))
    return DIGITS.sub("1", path).replace("{format}", "pdf")


@pytest.fixture
def ids(shop: OpenShop) -> dict[str, Any]:
    bank = open_bank(shop)
    transfer_id = bank.push(1_000)
    return {
        "accounts": bank.account_id,
        "customers": bank.customer_id,
        "external-accounts": bank.external_id,
        "transfers": transfer_id,
    }


def test_pages_answer_whatever_is_asked(ids: dict[str, Any], home: ServedShop) -> None:
    visitor = signed_in(home)
    for entry in PAGES:
        if isinstance(entry, Page):
            path = filled(entry.path, ids)
            for wrong in WRONG:
                query = "&".join(f"{name}={quoted(wrong)}" for name in NAMES)
                assert visitor.get(f"{path}?{query}").status in SEEN, (path, wrong)


def test_acts_refuse_whatever_is_posted(ids: dict[str, Any], home: ServedShop) -> None:
    visitor = signed_in(home)
    csrf = visitor.get("/bank").form("/sign-out").fields["csrf"]
    for entry in PAGES:
        if isinstance(entry, Act):
            path = filled(entry.path, ids)
            for wrong in WRONG[:6]:
                body = "&".join([f"csrf={csrf}", *(f"{name}={quoted(wrong)}" for name in FIELDS)]).encode()
                kind = {"Content-Type": "application/x-www-form-urlencoded"}
                answer = visitor.ask("POST", f"/console{path}", body=body, headers=kind)
                assert answer.status in SEEN, (path, wrong)
