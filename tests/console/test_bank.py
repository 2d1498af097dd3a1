"""The bank's program: none yet, loaded from a sample or a file, shown, and only changed so in a sandbox."""

from comptoir.dialects.edge import ServedShop
from comptoir.domain.banking.beside import standings_of
from comptoir.domain.banking.program.plan import sample_plan, sample_text
from comptoir.domain.banking.program.queries import get_program, list_products, program_account_of
from comptoir.domain.banking.settlement import open_bank
from comptoir.domain.identity.shopkeeping import change_shop
from comptoir.domain.shop import Shop
from comptoir.domain.tx import OpenShop, Tx
from tests.console.visiting import Visitor, signed_in

SAMPLE = sample_text("example1")


def begin(shop: OpenShop, *, is_sandbox: bool) -> None:
    def work(tx: Tx) -> None:
        change_shop(tx, currency="USD")
        open_bank(tx, sample_plan("example1"))

    shop.write(work)
    shop.write(lambda tx: tx.update(Shop, 1, is_sandbox=is_sandbox, version=tx.shop.version + 1))


def test_without_a_program_the_page_says_how_to_get_one(shop: OpenShop, visitor: Visitor) -> None:
    page = visitor.get("/bank")
    assert "There is no bank in this shop yet." in page.main
    for path in (
        "customers",
        "accounts",
        "transfers",
        "external-accounts",
        "cards",
        "files",
        "statements",
        "documents",
    ):
        assert visitor.get(f"/bank/{path}").status == 200, path
    for path in ("accounts/new", "transfers/new", "customers/new", "external-accounts/new", "cards/new"):
        assert visitor.get(f"/bank/{path}").status in {200, 403}, path
    page = visitor.done(page, "/load", sample="example1")
    assert "Example1 is the program of this shop." in page.main
    assert len(shop.read(list_products)) > 1


def test_a_program_is_loaded_from_a_file_or_refused_whole(shop: OpenShop, visitor: Visitor) -> None:
    nothing = visitor.fill("/bank", "/load", sample="")
    assert (nothing.status, nothing.problems[-1]) == (422, "must be chosen, or a sample")
    wrong = SAMPLE.replace('customers = "Any"', 'customers = "Nonsense"', 1)
    assert wrong != SAMPLE
    for content in (b"no [ toml", b"\xff", b"a = 1", b"name = '\0'", wrong.encode()):
        refused = visitor.fill(
            "/bank", "/load", sample="", files={"plan": [("p.toml", "text/plain", content)]}
        )
        assert refused.status == 422, content[:20]
        assert refused.problems
    assert "There is no bank in this shop yet." in visitor.get("/bank").main
    named = SAMPLE.replace('name = "Example1"', "name = 'Mine <b>bold</b>'", 1)
    assert named != SAMPLE
    sent = visitor.fill(
        "/bank", "/load", sample="", files={"plan": [("p.toml", "text/plain", named.encode())]}
    )
    page = visitor.follow(sent)
    assert "Mine <b>bold</b>" in page.main
    assert "<b>bold</b>" not in page.text
    assert shop.read(get_program).name == "Mine <b>bold</b>"


def test_a_program_at_work_is_changed_by_a_click_in_a_sandbox_only(shop: OpenShop, home: ServedShop) -> None:
    begin(shop, is_sandbox=False)
    visitor = signed_in(home)
    page = visitor.get("/bank")
    assert not [one for one in page.tree.forms if (one.action or "").endswith("/load")]
    csrf = page.form("/sign-out").fields["csrf"]
    refused = visitor.post("/console/bank/load", {"csrf": csrf, "sample": "prepaid"})
    assert refused.status == 422
    assert "This shop is no sandbox" in refused.main
    assert shop.read(get_program).name == "Example1"
    shop.write(lambda tx: tx.update(Shop, 1, is_sandbox=True, version=tx.shop.version + 1))
    other = visitor.fill("/bank", "/load", sample="prepaid")
    assert (other.status, other.problems[0]) == (422, "Product checking is Checking, and stays so.")
    assert "Example1 is the program of this shop." in visitor.done("/bank", "/load", sample="example1").main


def test_the_program_is_shown_with_what_it_offers(shop: OpenShop, home: ServedShop) -> None:
    begin(shop, is_sandbox=True)
    visitor = signed_in(home)
    page = visitor.get("/bank")
    for words in (
        "ProgramReserve",
        "Sample Savings",
        "448590",
        "Returned item",
        "Purpose of the account",
        "stop pay",
    ):
        assert words in page.main, words
    product = visitor.get(next(link for link in page.links() if "/bank/products/" in link))
    assert product.status == 200
    assert "Limits" in product.main
    assert visitor.get("/bank/products/999").status == 404


def test_money_is_brought_in_to_an_account_of_the_program(shop: OpenShop, home: ServedShop) -> None:
    begin(shop, is_sandbox=True)
    visitor = signed_in(home)

    def reserve(tx: Tx) -> int:
        account_id = program_account_of(tx, "ProgramReserve")
        assert account_id is not None
        return standings_of(tx, [account_id])[account_id].balance_minor

    before = shop.read(reserve)
    assert (
        "The money was brought in."
        in visitor.done("/bank", "/fund", type="ProgramReserve", amount_minor="12.34").main
    )
    assert shop.read(reserve) == before + 1_234
    for wrong in ("0", "-1", "1.001", "much", "9" * 30):
        refused = visitor.fill("/bank", "/fund", type="ProgramReserve", amount_minor=wrong)
        assert refused.status == 422, wrong
    assert shop.read(reserve) == before + 1_234


def test_who_may_only_see_loads_and_brings_in_nothing(shop: OpenShop, home: ServedShop) -> None:
    begin(shop, is_sandbox=True)
    reader = signed_in(home, "read-only")
    page = reader.get("/bank")
    assert page.status == 200
    csrf = page.form("/sign-out").fields["csrf"]
    for verb in ("load", "fund"):
        assert reader.post(f"/console/bank/{verb}", {"csrf": csrf}).status == 403
