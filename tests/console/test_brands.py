"""Brands: listed, made, changed, pictured, removed; what is wrong is said beside its field."""

from io import BytesIO
from typing import Any

from PIL import Image

from comptoir.domain.catalogue.brands import create_brand, update_brand
from comptoir.domain.tx import OpenShop
from tests.console.visiting import Visitor, signed_in


def picture() -> bytes:
    file = BytesIO()
    Image.new("RGB", (200, 100), (10, 120, 90)).save(file, "PNG")
    return file.getvalue()


def test_a_brand_is_made_found_changed_and_removed(visitor: Visitor) -> None:
    page = visitor.done(
        "/brands/new", "/brands/new", name="Tamaribuchi", is_published="1", email="hi@example.com"
    )
    assert "The brand was created." in page.main
    assert visitor.get("/brands?name=buchi").rows[0][:3] == ["Tamaribuchi", "published", "hi@example.com"]
    assert visitor.get("/brands?name=nothing").main.endswith("Keep")
    page = visitor.done("/brands/1", "/update", name="Tamari", is_published=None)
    assert "The brand was saved." in page.main
    assert "brand updated" in page.main
    assert visitor.get("/brands").rows[0][:2] == ["Tamari", "hidden"]
    assert visitor.done("/brands/1", "/remove").main.endswith("Nothing here yet.")
    assert visitor.get("/brands/1").status == 404


def test_what_cannot_be_taken_is_said_beside_its_field_and_changes_nothing(visitor: Visitor) -> None:
    answer = visitor.fill("/brands/new", "/brands/new", name="", email="x@example.com")
    assert (answer.status, answer.problems) == (422, ["Please look at what is marked.", "must not be empty"])
    assert answer.form("/brands/new").fields["email"] == "x@example.com"
    assert visitor.get("/brands").rows == []


def test_the_second_of_two_tabs_is_told_what_the_first_one_changed(shop: OpenShop, visitor: Visitor) -> None:
    shop.write(lambda tx: create_brand(tx, name="One", email="old@example.com"))
    mine = visitor.get("/brands/1")
    shop.write(lambda tx: update_brand(tx, brand_id=1, email="new@example.com"))
    told = visitor.fill(mine, "/update", name="Mine")
    assert told.status == 422
    assert "somebody else changed this" in told.problems[0].lower()
    assert told.form("/update").fields["name"] == "Mine"


def test_a_form_that_is_sent_twice_is_carried_out_once(visitor: Visitor) -> None:
    page = visitor.get("/brands/new")
    first, second = (visitor.fill(page, "/brands/new", name="Once") for _ in range(2))
    assert (first.status, second.status, first.location) == (303, 303, second.location)
    assert len(visitor.get("/brands").rows) == 1
    changed = visitor.fill(page, "/brands/new", name="Twice")
    assert changed.status == 422
    assert "sent before" in changed.problems[0]


def test_pictures_are_put_up_and_taken_away(shop: OpenShop, visitor: Visitor) -> None:
    shop.write(lambda tx: create_brand(tx, name="One"))
    sent = visitor.fill("/brands/1", "/pictures", files={"image1": [("a.png", "image/png", picture())]})
    page = visitor.follow(sent)
    (shown,) = page.tree.xpath("//figure//img/@src")
    assert visitor.ask("GET", shown).status == 200
    wrong = visitor.fill(page, "/pictures", files={"image2": [("a.png", "image/png", b"no picture")]})
    assert wrong.status == 422
    assert wrong.problems
    assert visitor.done(page, "/unpicture").tree.xpath("//figure") == []


def test_a_list_as_csv_is_whole_and_harmless(shop: OpenShop, visitor: Visitor) -> None:
    def many(tx: Any) -> None:
        for number in range(120):
            create_brand(tx, name=f"=cmd|{number}")

    shop.write(many)
    lines = visitor.get("/brands?format=csv").text.splitlines()
    assert lines[0] == "id,Name,Published,E-mail,Changed"
    assert len(lines) == 121
    assert lines[1].startswith("1,'=cmd|0,hidden")


def test_a_list_is_walked_page_by_page_and_back(shop: OpenShop, visitor: Visitor) -> None:
    def many(tx: Any) -> None:
        for number in range(120):
            create_brand(tx, name=f"Brand {number}")

    shop.write(many)
    seen = []
    page = visitor.get("/brands?sort=newest")
    for _ in range(3):
        seen.append([row[0] for row in page.rows])
        (following,) = page.tree.xpath("//a[@rel='next']/@href") or [""]
        page = visitor.get(following) if following else page
    assert [name for part in seen for name in part] == [f"Brand {number}" for number in range(119, -1, -1)]
    (before,) = page.tree.xpath("//a[@rel='prev']/@href")
    assert [row[0] for row in visitor.get(before).rows] == seen[1]


def test_who_may_only_see_is_shown_no_forms_and_may_post_none(home: Any, visitor: Visitor) -> None:
    visitor.done("/brands/new", "/brands/new", name="One")
    reader = signed_in(home, "read-only")
    page = reader.get("/brands/1")
    assert page.status == 200
    assert "/console/brands/1" not in " ".join(form.action or "" for form in page.tree.forms)
    csrf = page.form("/sign-out").fields["csrf"]
    assert reader.post("/console/brands/1/update", {"csrf": csrf, "name": "Two"}).status == 403
    assert visitor.get("/brands").rows[0][0] == "One"


def test_a_form_without_our_mark_is_refused(visitor: Visitor) -> None:
    assert visitor.post("/console/brands/new", {"name": "Forged"}).status == 403
    elsewhere = {"Sec-Fetch-Site": "cross-site", "Content-Type": "application/x-www-form-urlencoded"}
    csrf = visitor.get("/brands").form("/sign-out").fields["csrf"]
    forged = visitor.ask(
        "POST", "/console/brands/new", body=f"name=F&csrf={csrf}".encode(), headers=elsewhere
    )
    assert forged.status == 403
    assert visitor.get("/brands").rows == []
