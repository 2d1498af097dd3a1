"""Tools of the bank: whose a routing number is, also on the way to an account there; what was encrypted rightly."""

from base64 import b64encode
from typing import Any

import pytest
from sqlalchemy import select, update

from comptoir.dialects.edge import ServedShop
from comptoir.domain.banking.external.models import ExternalAccount
from comptoir.domain.banking.files.routing import check_digit
from comptoir.domain.banking.program.deciphering import digest_named, encipher
from comptoir.domain.banking.program.models import Program
from comptoir.domain.banking.program.queries import pin_key_of
from comptoir.domain.shop import Shop
from comptoir.domain.tx import OpenShop
from tests.console.visiting import Visitor, signed_in
from tests.domain.banking.clearing.bank import Bank, open_bank

PATH = "/bank/tools"
UNKNOWN = "12000000" + check_digit("12000000")
ALGORITHM = "RSA-OAEP-SHA256-MGF1"


@pytest.fixture
def bank(shop: OpenShop) -> Bank:
    return open_bank(shop)


def sealed(bank: Bank, text: str, algorithm: str = ALGORITHM) -> str:
    """A text, encrypted as its senders do."""
    pem, digest = bank.shop.read(pin_key_of), digest_named(algorithm)
    assert pem is not None
    assert digest is not None
    return b64encode(encipher(pem, text.encode(), digest)).decode()


def test_a_known_number_is_answered_with_its_bank(bank: Bank, visitor: Visitor) -> None:
    page = visitor.get(f"{PATH}?number=123456789")
    assert "123456789 is the number of COREPRO SANDBOX BANK, Des Moines, IA." in page.main
    assert "5155550100" in page.main
    assert "CPSBUS44" in page.main
    assert page.problems == []


def test_a_right_number_of_an_unknown_bank_is_told_apart(bank: Bank, visitor: Visitor) -> None:
    page = visitor.get(f"{PATH}?number=%20{UNKNOWN}%20")
    assert "The number is a right one; whose it is, is not known here." in page.main
    assert page.problems == []


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        ("12345678", "must be 9 digits long"),
        ("1234567890", "must be 9 digits long"),
        ("12345678a", "must be numeric"),
        ("%D9%A1%D9%A2", "must be numeric"),
        ("%00", "must be numeric"),
        ("%3Cb%3E", "must be numeric"),
        ("091000018", "is not a valid routing number"),
        ("991234567", "lookup failed: no bank has numbers like 991234567"),
        ("9" * 5_000, "must be 9 digits long"),
    ],
)
def test_what_is_no_routing_number_is_said_so(
    bank: Bank, visitor: Visitor, number: str, problem: str
) -> None:
    page = visitor.get(f"{PATH}?number={number}")
    assert page.status == 200
    assert page.problems == [problem]
    assert "<b>" not in page.text
    assert "Take in an account there" not in page.main


def test_an_account_is_taken_in_where_the_number_leads(bank: Bank, visitor: Visitor) -> None:
    page = visitor.get(f"{PATH}?number=123456789")
    (way,) = [link for link in page.links() if "routing=" in link]
    form = visitor.get(way)
    assert "At COREPRO SANDBOX BANK, Des Moines, IA." in form.main
    answer = visitor.fill(
        form, "/external-accounts/new", customer_id=str(bank.customer_id), type="Checking", account_number="98765",
        first_name="Ada", last_name="Lovelace", how="at once",
    )  # fmt: skip
    taken = visitor.follow(answer)
    assert "The account was taken in. It is at COREPRO SANDBOX BANK, Des Moines, IA." in taken.main
    (number,) = [link for link in taken.links() if "/bank/tools" in link]
    assert visitor.get(number).status == 200
    query = select(ExternalAccount.routing_number).order_by(ExternalAccount.id.desc()).limit(1)
    assert bank.shop.read(lambda tx: tx.value(query)) == "123456789"


@pytest.mark.parametrize("routing", ["", "12", "%00", "%3Cb%3E", "991234567"])
def test_a_wrong_number_is_not_filled_in(bank: Bank, visitor: Visitor, routing: str) -> None:
    form = visitor.get(f"/bank/external-accounts/new?routing={routing}")
    assert form.status == 200
    assert form.form("/external-accounts/new").fields["routing_number"] == ""
    assert "At " not in form.main.split("Customer")[0]


def test_what_was_encrypted_rightly_is_read_in_a_sandbox(bank: Bank, visitor: Visitor) -> None:
    page = visitor.fill(PATH, "/decrypt", algorithm=ALGORITHM, sealed=sealed(bank, "<i>8163</i>"))
    assert page.status == 200
    assert "Decryption succeeded" in page.main
    assert "<i>8163</i>" in page.main
    assert "<i>8163" not in page.text


def test_where_money_is_real_only_that_it_can_be_read_is_told(bank: Bank, visitor: Visitor) -> None:
    bank.shop.write(lambda tx: tx.run(update(Shop).values(is_sandbox=False, version=Shop.version + 1)))
    page = visitor.fill(PATH, "/decrypt", algorithm=ALGORITHM, sealed=sealed(bank, "read by nobody"))
    assert "Decryption succeeded" in page.main
    assert "read by nobody" not in page.text


@pytest.mark.parametrize("how", ["RSA-OAEP-SHA512-MGF1", "elsewhere"])
def test_what_was_encrypted_wrongly_is_not_read(bank: Bank, visitor: Visitor, how: str) -> None:
    text = b64encode(bytes(256)).decode() if how == "elsewhere" else sealed(bank, "8163", how)
    page = visitor.fill(PATH, "/decrypt", algorithm=ALGORITHM, sealed=text)
    assert page.status == 200
    assert "Decryption failed" in page.main


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"sealed": ""}, "must not be empty"),
        ({"sealed": "<b>!"}, "is not base64"),
        ({"sealed": "\N{LATIN SMALL LETTER E WITH ACUTE}"}, "is not base64"),
        ({"sealed": "A" * 4_001}, "must have at most 4000 letters"),
        ({"algorithm": "ROT13"}, "must be one of the choices"),
    ],
)
def test_what_cannot_be_tried_is_refused(
    bank: Bank, visitor: Visitor, wrong: dict[str, Any], problem: str
) -> None:
    values: dict[str, Any] = {"algorithm": ALGORITHM, "sealed": "AAAA", **wrong}
    answer = visitor.fill(PATH, "/decrypt", **values)
    assert answer.status == 422
    assert problem in answer.problems
    assert "<b>" not in answer.text


def test_without_a_key_nothing_is_tried(bank: Bank, visitor: Visitor) -> None:
    csrf = visitor.get(PATH).form("/sign-out").fields["csrf"]
    bank.shop.write(lambda tx: tx.run(update(Program).values(pin_key=None)))
    assert "/decrypt" not in visitor.get(PATH).text
    answer = visitor.post(f"/console{PATH}/decrypt", {"csrf": csrf, "algorithm": ALGORITHM, "sealed": "AAAA"})
    assert answer.status == 422


def test_numbers_are_looked_up_where_there_is_no_bank_yet(shop: OpenShop, visitor: Visitor) -> None:
    assert "COREPRO SANDBOX BANK" in visitor.get(f"{PATH}?number=123456789").main


def test_who_may_only_see_looks_numbers_up_and_decrypts_nothing(bank: Bank, home: ServedShop) -> None:
    reader = signed_in(home, "read-only")
    page = reader.get(f"{PATH}?number=123456789")
    assert "COREPRO SANDBOX BANK" in page.main
    assert "/decrypt" not in page.text
    assert "Take in an account there" not in page.main
    csrf = page.form("/sign-out").fields["csrf"]
    assert reader.post(f"/console{PATH}/decrypt", {"csrf": csrf}).status == 403
    assert signed_in(home, "support").get(PATH).status == 403
