"""Lines taken by hand: priced as the catalogue has it, of the variant that is meant, or of the product itself."""

import pytest

from comptoir.domain.catalogue.pricings import create_pricing
from comptoir.domain.catalogue.products import create_product
from comptoir.domain.catalogue.variants import create_variant
from comptoir.domain.errors import Invalid
from comptoir.domain.orders.quoting import ITSELF, WantedLine, offer_of, quote_line
from comptoir.domain.tx import Tx
from tests.domain.orders.given import e4


def a_shirt(tx: Tx) -> dict[str, int]:
    """A shirt in four kinds, of which two share a code and one has none."""
    shirt = create_product(tx, name="Shirt", code="SH", price_rrp_e4=e4("20"), price_special_e4=e4("15"))
    create_pricing(
        tx, product_id=shirt, name="Many", sign="-", price_e4=e4("5"), modifier="", minimum_quantity=10,
        is_published=True,
    )  # fmt: skip
    kinds = (("Red", "SH-R"), ("Blue", "SH-B"), ("Navy", "sh-b"), ("Plain", ""))
    return {"Shirt": shirt} | {
        name: create_variant(tx, product_id=shirt, code=code, name=name) for name, code in kinds
    }


def meant(tx: Tx, variant: str, product: str = "sh") -> int | None:
    return quote_line(tx, WantedLine(product, variant)).get("variant_id")


def test_a_variant_is_meant_by_its_code_or_by_its_number(tx: Tx) -> None:
    ids = a_shirt(tx)
    assert meant(tx, "sh-r") == ids["Red"]
    assert [meant(tx, f"#{ids[name]}") for name in ("Red", "Navy", "Plain")] == [
        ids["Red"], ids["Navy"], ids["Plain"],
    ]  # fmt: skip
    assert meant(tx, ITSELF) is None
    line = quote_line(tx, WantedLine(str(ids["Shirt"]), "SH-R", quantity=10))
    assert (line["variant_name"], line["variant_code"], line["unit_price_e4"]) == ("Red", "SH-R", e4("10"))


@pytest.mark.parametrize(
    ("word", "problem"),
    [
        ("", "must be chosen: Shirt comes in several kinds"),
        ("SH-B", "must be chosen: several variants of Shirt have the code SH-B"),
        ("Red", "Shirt has no variant Red"),
        ("#", "Shirt has no variant #"),
        ("#-1", "Shirt has no variant #-1"),
        ("##1", "Shirt has no variant ##1"),
        ("#9999", "Shirt has no variant #9999"),
        ("#" + "9" * 30, "Shirt has no variant #" + "9" * 30),
        ("#\N{ARABIC-INDIC DIGIT ONE}", "Shirt has no variant #\N{ARABIC-INDIC DIGIT ONE}"),
    ],
)
def test_what_names_no_variant_is_refused(tx: Tx, word: str, problem: str) -> None:
    a_shirt(tx)
    with pytest.raises(Invalid) as refused:
        meant(tx, word)
    assert (refused.value.field, refused.value.problem) == ("variant", problem)


def test_the_word_of_every_offered_variant_means_that_variant(tx: Tx) -> None:
    ids = a_shirt(tx)
    offer = offer_of(tx, "SH", 10)
    assert (offer.product_id, offer.price_e4, offer.may_be_itself) == (ids["Shirt"], e4("10"), True)
    assert [word for word, _ in offer.variants] == [
        "SH-R",
        f"#{ids['Blue']}",
        f"#{ids['Navy']}",
        f"#{ids['Plain']}",
    ]
    assert all(meant(tx, word) == one.id for word, one in offer.variants)


def test_what_comes_in_one_kind_needs_no_word(tx: Tx) -> None:
    mug = create_product(tx, name="Mug", code="MUG", price_rrp_e4=e4("5"))
    create_variant(tx, product_id=mug, code="MUG-OLD", name="Old", is_published=False)
    assert meant(tx, "", "MUG") is None
    assert meant(tx, "MUG-OLD", "MUG") is not None, "what is hidden may still be sold by hand"
    with pytest.raises(Invalid) as refused:
        offer_of(tx, "CUP")
    assert refused.value.field == "product"
