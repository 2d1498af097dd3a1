"""Documents of the bank's customers: filed, decided on, downloaded as files only; and those the bank publishes."""

from typing import Any

import pytest

from comptoir.dialects.edge import ServedShop
from comptoir.domain.banking.documents.queries import list_all_disclosures, list_documents
from comptoir.domain.tx import OpenShop
from tests.console.visiting import Paper, Visitor, signed_in
from tests.domain.banking.accounts.people import add_external, found_bank, make_customer

PAGE = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture
def ada(shop: OpenShop) -> int:
    shop.write(found_bank)
    return shop.write(lambda tx: make_customer(tx, "Ada"))


def filed(ada: int, visitor: Visitor, content: bytes = PAGE, name: str = "bill.pdf", **values: Any) -> Paper:
    said = {"document_type": "UtilityBill", "name": "<i>Bill</i>"} | values
    path = f"/bank/documents/new?customer={ada}"
    return visitor.fill(path, "/documents/new", files={"file": [(name, "text/html", content)]}, **said)


def test_a_document_is_filed_decided_on_and_downloaded(
    home: ServedShop, shop: OpenShop, ada: int, visitor: Visitor
) -> None:
    page = visitor.follow(filed(ada, visitor))
    assert "The document was filed." in page.main
    assert "<i>Bill</i>" not in page.text
    (kept,) = shop.read(lambda tx: list_documents(tx, ada))
    assert (kept.content_type, kept.status) == ("application/pdf", "inReview")
    answer = visitor.get(f"/bank/documents/{kept.id}/download").answer
    assert answer.content == PAGE
    assert answer.headers["content-disposition"] == f'attachment; filename="document-{kept.id}.pdf"'
    reader = signed_in(home, "read-only")
    assert "Download" not in reader.get(f"/bank/documents/{kept.id}").main
    assert reader.get(f"/bank/documents/{kept.id}/download").status == 403
    page = visitor.done(page, "/approve")
    assert "The document is approved." in page.main
    csrf = page.form("/sign-out").fields["csrf"]
    assert visitor.post(f"/console/bank/documents/{kept.id}/reject", {"csrf": csrf}).status == 422
    (row,) = visitor.get("/bank/documents?status=approved").rows
    assert (row[0], row[-1]) == ("<i>Bill</i>", "Ada Fry")
    assert visitor.get("/bank/documents?status=inReview").rows == []


def test_what_is_no_document_is_refused(shop: OpenShop, ada: int, visitor: Visitor) -> None:
    for content, name in ((b"<html>", "a.html"), (b"", "a.pdf"), (PAGE, "a.jpg")):
        wrong = filed(ada, visitor, content, name)
        assert wrong.status == 422, name
        assert wrong.problems, name
    assert filed(ada, visitor, document_type="Nonsense").status == 422
    nobody = filed(4711, visitor)
    assert nobody.status in {404, 422}
    none = visitor.fill(f"/bank/documents/new?customer={ada}", "/documents/new", document_type="UtilityBill")
    assert none.status == 422
    assert shop.read(lambda tx: list_documents(tx, ada)) == []


def test_a_document_is_published_and_withdrawn(shop: OpenShop, ada: int, visitor: Visitor) -> None:
    files = {"file": [("terms.pdf", "application/pdf", PAGE)]}
    form = {"document_type": "TermsAndConditions", "title": "Terms <b>2026</b>"}
    early = form | {"effective_on": "2026-05-01", "expires_on": "2026-04-01"}
    assert visitor.fill("/bank/documents/publish", "/publish", files=files, **early).status == 422
    page = visitor.follow(visitor.fill("/bank/documents/publish", "/publish", files=files, **form))
    assert "<b>2026</b>" not in page.text
    assert visitor.get(page.tree.xpath("//a[contains(@href, '/download')]/@href")[0]).answer.content == PAGE
    assert "The document holds no longer." in visitor.done(page, "/withdraw").main
    (kept,) = shop.read(list_all_disclosures)
    assert kept.expires_at is not None
    assert len(visitor.get("/bank/documents?of=bank").rows) == 1
    assert ada


def test_documents_are_found_by_their_tag(shop: OpenShop, ada: int, visitor: Visitor) -> None:
    external = shop.write(lambda tx: add_external(tx, ada))
    about: dict[str, Any] = {"document_type": "BankStatement", "external_account_id": str(external)}
    for tag, more in (("<i>May</i>", {}), ("other", {}), ("<i>May</i>", about), (None, {})):
        assert filed(ada, visitor, **{"tag": tag or ""} | more).status == 303, tag
    found = visitor.get("/bank/documents?tag=%3Ci%3EMay%3C/i%3E")
    assert "<i>May</i>" not in found.text
    assert sorted(row[1] for row in found.rows) == ["BankStatement", "UtilityBill"]
    assert len(visitor.get("/bank/documents?tag=other&status=inReview").rows) == 1
    for nothing in ("may", "%00", "%ED%A0%80", "x" * 300):
        assert visitor.get(f"/bank/documents?tag={nothing}").rows == [], nothing
    assert len(visitor.get(f"/bank/documents?external={external}").rows) == 1
    assert len(visitor.get("/bank/documents?type=UtilityBill").rows) == 3
    assert len(visitor.get("/bank/documents?tag=").rows) == 4
    written = visitor.get("/bank/documents?format=csv&tag=other").answer.text
    assert len(written.splitlines()) == 2


def test_own_fields_are_kept_and_shown(shop: OpenShop, ada: int, visitor: Visitor) -> None:
    page = visitor.follow(filed(ada, visitor, custom1="Shelf <7>", custom5="blue"))
    assert "Shelf <7>, blue" in page.main
    (kept,) = shop.read(lambda tx: list_documents(tx, ada))
    assert kept.custom == ["Shelf <7>", "", "", "", "blue"]
    assert "must have at most 50 letters" in filed(ada, visitor, custom2="x" * 51).problems


def test_what_customers_accept_now_is_told_by_language(ada: int, visitor: Visitor) -> None:
    files = {"file": [("terms.pdf", "application/pdf", PAGE)]}
    form = {"document_type": "TermsAndConditions", "title": "Terms of today", "culture": "es-US"}
    later = form | {"title": "Terms to come", "effective_on": "2999-01-01"}
    for one in (form, later):
        assert visitor.fill("/bank/documents/publish", "/publish", files=files, **one).status == 303
    page = visitor.get("/bank/documents/now")
    english, spanish = page.main.split("Spanish")
    assert "Nothing is published." in english
    assert "Terms of today" in spanish
    assert "Terms to come" not in page.main
    assert len(visitor.get("/bank/documents?language=es-US").rows) == 2
    assert visitor.get("/bank/documents?language=en-US").rows == []


def test_who_may_only_see_files_nothing(ada: int, visitor: Visitor, home: ServedShop) -> None:
    made = filed(ada, visitor).location.rpartition("/")[2]
    reader = signed_in(home, "read-only")
    page = reader.get(f"/bank/documents/{made}")
    assert page.status == 200
    csrf = page.form("/sign-out").fields["csrf"]
    for path in (f"{made}/approve", f"{made}/reject", f"{made}/withdraw", "new", "publish"):
        assert reader.post(f"/console/bank/documents/{path}", {"csrf": csrf}).status == 403, path
