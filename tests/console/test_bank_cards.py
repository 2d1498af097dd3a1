"""Cards: ordered, taken into use, limited, ruled, locked, lost, issued again, archived; numbers are never shown."""

from typing import Any

import pytest
from sqlalchemy import select

from comptoir.dialects.edge import ServedShop
from comptoir.domain.banking.beside import list_controls_of
from comptoir.domain.banking.cards.limits import CardLimits, limits_of_card
from comptoir.domain.banking.cards.queries import list_ties
from comptoir.domain.events.models import Event
from comptoir.domain.tx import OpenShop
from tests.console.visiting import Visitor, signed_in
from tests.domain.banking.cards.given import CardBank


@pytest.fixture
def world(shop: OpenShop) -> CardBank:
    return CardBank(shop, is_sandbox=True)


@pytest.fixture
def path(world: CardBank) -> str:
    return f"/bank/cards/{world.card_id}"


def limits(world: CardBank) -> CardLimits:
    card = world.shown()
    return world.shop.read(lambda tx: limits_of_card(tx, card))


def events(world: CardBank, kind: str) -> list[tuple[Any, ...]]:
    query = select(Event.actor, Event.dialect).where(Event.kind == kind)
    return [tuple(row) for row in world.shop.read(lambda tx: tx.all(query))]


def test_cards_are_listed_and_narrowed(world: CardBank, visitor: Visitor) -> None:
    (row,) = visitor.get("/bank/cards").rows
    card = world.shown()
    assert row[:3] == [f"VS …{card.last_four}", "Ada Lovelace", "Verified"]
    assert row[-1] == "Ada Lovelace"
    assert visitor.get("/bank/cards?status=Archived").rows == []
    assert len(visitor.get(f"/bank/cards?ending={card.last_four}").rows) == 1
    assert visitor.get("/bank/cards?format=csv").text.startswith(
        "id,Card,Name on it,Status,Good until,Called,Ordered"
    )


def test_a_card_is_ordered_and_taken_into_use(world: CardBank, visitor: Visitor) -> None:
    form = f"/bank/cards/new?customer={world.customer_id}"
    wrong = visitor.fill(form, "/cards/new", primary_account_id="99999", first_name="Ada", last_name="L")
    assert wrong.status in {404, 422}
    page = visitor.done(
        form, "/cards/new", primary_account_id=str(world.account_id), first_name="Ada", last_name="Byron",
        nick_name="Travel", tag="travel",
    )  # fmt: skip
    assert "The card was ordered." in page.main
    card_id = int(page.tree.xpath("//form[contains(@action, '/verify')]/@action")[0].split("/")[4])
    card = world.shown(card_id)
    assert (card.nick_name, card.tag, card.status) == ("Travel", "travel", "PendingVerification")
    missed = visitor.fill(page, "/verify", last_four="0000", birth_date="1815-12-10")
    assert missed.status == 422
    born = visitor.fill(page, "/verify", last_four=card.last_four, birth_date="soon")
    assert born.problems[-1] == "must be a day such as 2026-01-31"


def test_a_card_is_locked_unlocked_and_lost(world: CardBank, path: str, visitor: Visitor) -> None:
    page = visitor.done(path, "/lock", reason="TMP")
    assert "The card is locked (for a while)." in page.main
    visitor.done(page, "/unlock")
    assert world.shown().lock_type == "UNL"
    page = visitor.done(path, "/hotlist", reason="LST")
    assert world.shown().status == "HotListed"
    assert not [one for one in page.tree.forms if "/bank/cards/" in (one.action or "")]
    csrf = page.form("/sign-out").fields["csrf"]
    assert visitor.post(f"/console{path}/unlock", {"csrf": csrf}).status == 422
    assert events(world, "card.locked") == [("Ada", "console")]


def test_a_card_is_changed_issued_again_and_archived(world: CardBank, path: str, visitor: Visitor) -> None:
    visitor.done(path, "/change", nick_name="<i>Blue</i>", tag="blue")
    assert (world.shown().nick_name, world.shown().tag) == ("<i>Blue</i>", "blue")
    assert "<i>Blue</i>" not in visitor.get(path).text
    before = world.shown().last_four
    visitor.done(path, "/reissue", reason="LST")
    assert world.shown().reissue_reason == "LST"
    assert before
    page = visitor.done(path, "/archive")
    assert "The card is archived." in page.main
    assert world.shown().status == "Archived"


def test_a_card_draws_on_other_accounts(world: CardBank, path: str, visitor: Visitor) -> None:
    other = world.account("Other")
    page = visitor.done(path, "/tie", account_id=str(other))
    assert [row[0] for row in page.rows] == ["Daily", "Other"]
    twice = visitor.fill(page, "/tie", account_id=str(other))
    assert twice.status == 422
    page = visitor.done(path, "/first")
    assert world.shown().primary_account_id == other
    visitor.done(page, "/untie")
    ties = world.shop.read(lambda tx: list_ties(tx, world.card_id))
    assert [one.account_id for one in ties] == [other]


def test_limits_are_set_raised_and_reset(world: CardBank, path: str, visitor: Visitor) -> None:
    refused = visitor.fill(path, "/limits", classification="lowrisk", purchase_minor="999999")
    assert refused.status == 422
    page = visitor.done(
        path, "/limits", classification="lowrisk", purchase_minor="3000", withdrawal_minor="600"
    )
    found = limits(world)
    assert found.override is not None
    assert (found.effective.purchase_minor, found.effective.withdrawal_minor) == (300_000, 60_000)
    visitor.done(page, "/reset")
    assert limits(world).override is None
    visitor.done(path, "/today", purchase_minor="4000", comment="Furniture")
    found = limits(world)
    assert found.effective.purchase_minor == 400_000


def test_rules_are_laid_on_a_card_and_taken_from_it(world: CardBank, path: str, visitor: Visitor) -> None:
    page = visitor.done(path, "/control", where="international", limit_minor="0", mccs="7995 5921")
    assert "abroad, category 7995, category 5921" in page.main
    assert "not pay" in page.main
    (kept,) = world.shop.read(lambda tx: list_controls_of(tx, world.card_id))
    assert kept.rules[0]["limit_minor"] == 0
    wrong = visitor.fill(page, "/control", mccs="no digits")
    assert wrong.status == 422
    visitor.done(page, "/drop-control")
    assert world.shop.read(lambda tx: list_controls_of(tx, world.card_id)) == []
    other = world.card()
    csrf = page.form("/sign-out").fields["csrf"]
    answer = visitor.post(
        f"/console/bank/cards/{other}/drop-control", {"csrf": csrf, "control": str(kept.id)}
    )
    assert answer.status == 404


def test_payments_are_shown(world: CardBank, path: str, visitor: Visitor) -> None:
    world.authorised(1_250, description="<script>cafe</script>")
    page = visitor.get(path)
    assert "12.50 USD" in page.main
    assert "<script>cafe" not in page.text
    assert len(visitor.get(f"/bank/transfers?card={world.card_id}").rows) == 1


def test_who_may_only_see_changes_nothing(world: CardBank, path: str, home: ServedShop) -> None:
    reader = signed_in(home, "read-only")
    page = reader.get(path)
    assert page.status == 200
    assert [one.action for one in page.tree.forms if "/bank/" in (one.action or "")] == []
    csrf = page.form("/sign-out").fields["csrf"]
    verbs = (
        "verify", "change", "lock", "unlock", "hotlist", "reissue", "plastic", "archive", "tie", "untie", "first",
        "limits", "today", "reset", "control", "drop-control", "renewal",
    )  # fmt: skip
    for verb in verbs:
        assert reader.post(f"/console{path}/{verb}", {"csrf": csrf}).status == 403, verb
    assert reader.get("/bank/cards/4711").status == 404
