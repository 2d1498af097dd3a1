"""What is given back: now and then a piece, the shipping, or all of it."""

from datetime import datetime, timedelta

from comptoir.demo.baskets import Basket
from comptoir.demo.dice import Dice, Loaded
from comptoir.demo.numbers import Numbers
from comptoir.demo.sale import Sale
from comptoir.demo.words import words
from comptoir.domain.payments.models import SUCCESS
from comptoir.domain.refunds.importing import ItemImport, RefundImport
from comptoir.domain.refunds.models import DRAFT, ERROR, PRODUCT, SHIPPING

CENT_E4 = 100
OPERATOR = 1000558
PIECE, DELIVERY, ALL = "piece", "delivery", "all"
EXTENTS = Loaded([(PIECE, 64), (DELIVERY, 14), (ALL, 22)])
PERCENT = 2
UNFINISHED = timedelta(days=12)


class Returns:
    """Draws refunds."""

    def __init__(self, dice: Dice, numbers: Numbers, now: datetime) -> None:
        self._dice = dice
        self._numbers = numbers
        self._now = now

    def maybe(self, sale: Sale, basket: Basket, gateway: str, received: datetime) -> None:
        """A refund for some, a while after they received their parcel."""
        at = received + timedelta(minutes=self._dice.randrange(600, 30_000))
        if not self._dice.happens(PERCENT) or at > self._now:
            return
        items = self._items(basket, EXTENTS.draw(self._dice))
        if self._now - at < UNFINISHED and self._dice.happens(50):
            sale.refunds.append(
                self._refund(sale.order["id"], items, at, self._dice.one_of((DRAFT, DRAFT, DRAFT, ERROR)))
            )
        else:
            self._give(sale, items, gateway, at)

    def all_of(self, sale: Sale, basket: Basket, gateway: str, at: datetime) -> None:
        """Everything that was paid."""
        self._give(sale, self._items(basket, ALL), gateway, at)

    def _items(self, basket: Basket, extent: str) -> list[ItemImport]:
        amounts = basket.amounts()
        worth = [line.refundable_minor(tax_included=True) for line in amounts.lines]
        shipping: list[ItemImport] = []
        if amounts.charges_minor > 0:
            shipping = [{"type": SHIPPING, "quantity": 1, "amount_e4": amounts.charges_minor * CENT_E4}]
        if extent == DELIVERY and shipping:
            return shipping
        places = [place for place, minor in enumerate(worth) if minor > 0]
        if extent != ALL and places:
            place = self._dice.one_of(places)
            bought = basket.lines[place].get("quantity", 1)
            pieces = self._dice.randrange(1, bought + 1)
            return [_item(basket, place, pieces, worth[place] * pieces // bought)]
        wholes = [
            _item(basket, place, basket.lines[place].get("quantity", 1), worth[place]) for place in places
        ]
        return wholes + shipping

    def _give(self, sale: Sale, items: list[ItemImport], gateway: str, at: datetime) -> None:
        payment_id = self._numbers.take("payment")
        refund = self._refund(sale.order["id"], items, at, SUCCESS)
        refund["transaction_id"] = payment_id
        refund["transaction_identifier"] = f"{gateway[:3].upper()}-{payment_id}"
        refund["refunded_at"] = at
        sale.refunds.append(refund)
        sale.payments.append(
            {
                "id": payment_id,
                "order_id": sale.order["id"],
                "date": at,
                "status": SUCCESS,
                "amount_e4": -refund["total_e4"],
                "gateway": gateway,
                "identifier": refund["transaction_identifier"],
                "response": {"gw_Message": "refunded"},
            }
        )

    def _refund(self, order_id: int, items: list[ItemImport], at: datetime, status: str) -> RefundImport:
        shipping = sum(item["amount_e4"] for item in items if item["type"] == SHIPPING)
        goods = sum(item["amount_e4"] for item in items if item["type"] == PRODUCT)
        return {
            "id": self._numbers.take("refund"),
            "order_id": order_id,
            "user_id": OPERATOR,
            "status": status,
            "created_at": at - timedelta(minutes=2),
            "notes": self._dice.one_of(words()["trade"]["refund_notes"]),
            "items": items,
            "items_e4": goods,
            "shipping_e4": shipping,
            "total_e4": goods + shipping,
        }


def _item(basket: Basket, place: int, pieces: int, minor: int) -> ItemImport:
    return {
        "type": PRODUCT,
        "order_line_id": basket.lines[place]["id"],
        "quantity": pieces,
        "amount_e4": minor * CENT_E4,
    }
