"""What an operator keeps for the next time: filters of lists, light or dark."""

from comptoir.domain.catalogue.brands import create_brand
from comptoir.domain.tx import OpenShop
from tests.console.visiting import Visitor


def test_a_filter_is_kept_followed_and_forgotten(shop: OpenShop, visitor: Visitor) -> None:
    shop.write(lambda tx: [create_brand(tx, name=name) for name in ("Fish", "Fowl")])
    page = visitor.done("/brands?name=fow", "/filters/save", name="Birds")
    assert [row[0] for row in page.rows] == ["Fowl"]
    (address,) = visitor.get("/brands").tree.xpath("//a[text()='Birds']/@href")
    assert address == "/console/brands?name=fow"
    again = visitor.done(visitor.get("/brands?name=fish"), "/filters/save", name="Birds")
    assert again.tree.xpath("//a[text()='Birds']/@href") == ["/console/brands?name=fish"]
    assert "Birds" not in visitor.done("/brands", "/forget").main


def test_a_page_to_go_back_to_is_one_of_ours(visitor: Visitor) -> None:
    form = visitor.get("/brands").form("/theme")
    for back in ("//evil.example.com", "https://evil.example.com/console/", "/console/\r\nX: y", "/other"):
        sent = visitor.post(form.action, {"csrf": form.fields["csrf"], "back": back, "theme": "dark"})
        assert sent.location == "/console"


def test_light_or_dark_is_remembered(visitor: Visitor) -> None:
    form = visitor.get("/brands").form("/theme")
    visitor.post(form.action, {"csrf": form.fields["csrf"], "back": "/console/brands", "theme": "dark"})
    assert visitor.get("/brands").tree.get("data-theme") == "dark"
