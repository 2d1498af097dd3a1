"""Documents of the bank's customers: filed, decided on, downloaded as files only; and those the bank publishes."""

from typing import Any

import pytest

from comptoir.dialects.edge import ServedShop
from comptoir.domain.banking.documents.queries import list_all_disclosures, list_documents
from comptoir.domain.tx import OpenShop
from tests.console.visiting import Paper, Visitor, signed_in
from tests.domain.banking.accounts.people import found_bank, make_customer

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


def test_who_may_only_see_files_nothing(ada: int, visitor: Visitor, home: ServedShop) -> None:
    made = filed(ada, visitor).location.rpartition("/")[2]
    reader = signed_in(home, "read-only")
    page = reader.get(f"/bank/documents/{made}")
    assert page.status == 200
    csrf = page.form("/sign-out").fields["csrf"]
    for path in (f"{made}/approve", f"{made}/reject", f"{made}/withdraw", "new", "publish"):
        assert reader.post(f"/console/bank/documents/{path}", {"csrf": csrf}).status == 403, path
