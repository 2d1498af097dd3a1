"""In a real browser, a picture is dropped onto a product, and a product is made and found with keys alone."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from comptoir.dialects.edge import ServedShop
from comptoir.domain.catalogue.products import create_product
from tests.console.test_brands import picture
from tests.console.visiting import signed_in
from tests.storefront.browsing import browser, running

DROP = """(place, content) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const files = new DataTransfer();
  files.items.add(new File([bytes], "lamp.png", { type: "image/png" }));
  for (const kind of ["dragover", "drop"]) {
    place.dispatchEvent(new DragEvent(kind, { dataTransfer: files, bubbles: true, cancelable: true }));
  }
}"""


@contextmanager
def opened(home: ServedShop, path: str) -> Iterator[Any]:
    """A page of the console in a browser, whose complaints are kept."""
    (name, cookie), *_ = signed_in(home).cookies.items()
    with browser() as chromium, running(home) as address:
        context = chromium.new_context()
        context.add_cookies([{"name": name, "value": cookie, "url": f"{address}/console"}])
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(f"{address}/console{path}")
        yield page
        assert complaints == []


def test_a_picture_is_dropped_onto_a_product(home: ServedShop) -> None:
    home.shop.write(lambda tx: create_product(tx, name="Lamp", code="lamp"))
    with opened(home, "/products/1/pictures") as page:
        page.locator(".drop").nth(1).evaluate(DROP, b64encode(picture()).decode())
        page.get_by_role("button", name="Put up").click()
        page.get_by_text("The pictures were put up.").wait_for()
        shown = page.get_by_alt_text("Picture 2 of Lamp")
        assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 150


def test_a_product_is_made_and_found_with_keys_alone(home: ServedShop) -> None:
    with opened(home, "/products") as page:
        page.keyboard.press("c")
        page.get_by_role("textbox", name="Name", exact=False).wait_for()
        page.get_by_role("textbox", name="Name", exact=False).focus()
        page.keyboard.type("Lamp <b>of brass</b>")
        page.keyboard.press("Enter")
        page.get_by_text("The product was created.").wait_for()
        assert page.get_by_role("heading", level=1).inner_text() == "Lamp <b>of brass</b>"
        page.keyboard.press("g")
        page.keyboard.press("p")
        page.get_by_role("link", name="Lamp <b>of brass</b>").wait_for()
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.get_by_role("heading", level=1, name="Lamp <b>of brass</b>").wait_for()
