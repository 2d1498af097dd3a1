"""What is in an order: its lines, what is charged on top, and what it comes to; prices include a tenth of tax."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from comptoir.demo.dice import Dice, Loaded
from comptoir.demo.numbers import Numbers
from comptoir.demo.shelves import Article
from comptoir.domain.money import rounded
from comptoir.domain.orders.amounts import Charges, OrderAmounts, adopt_order
from comptoir.domain.orders.lines import LineFields, price_of

CENT_E4 = 100
# Of an amount with tax, one part in eleven is the tax.
TAXED = 11
FREE_FROM_E4 = 1_200_000
STANDARD_E4, EXPRESS_E4, HEAVY_E4 = 99_500, 149_500, 249_500
HEAVY_GRAMS = 12_000
INSURANCE_E4 = 25_000
CURRENCY = "AUD"
COUNTS = Loaded([(1, 46), (2, 27), (3, 14), (4, 8), (5, 4), (7, 1)])
PIECES = Loaded([(1, 78), (2, 16), (3, 4), (4, 2)])
POPULAR = 400


class Basket(NamedTuple):
    """Lines, and what an order of them comes to."""

    lines: list[LineFields]
    charges: Charges
    method: str
    total_e4: int
    tax_e4: int

    @property
    def totals(self) -> dict[str, int]:
        """The amounts as an order has them."""
        return {**self.charges._asdict(), "total_e4": self.total_e4, "tax_e4": self.tax_e4}

    def amounts(self) -> OrderAmounts:
        """What each line comes to, as the importing verb will find it."""
        return adopt_order(
            [price_of(line) for line in self.lines],
            self.charges,
            tax_e4=self.tax_e4,
            total_e4=self.total_e4,
            currency=CURRENCY,
            tax_included=True,
        )


class Baskets:
    """Fills baskets from the shelves; a few articles sell far better than the others."""

    def __init__(self, dice: Dice, numbers: Numbers, articles: Sequence[Article]) -> None:
        self._dice = dice
        self._numbers = numbers
        ranked = dice.sample(articles, len(articles))
        self._drawn = Loaded(
            (article, 10_000 // (place + POPULAR // 10) + 5) for place, article in enumerate(ranked)
        )

    def fill(self, at: datetime) -> Basket:
        """A basket of what was on the shelves then."""
        dice, grams, lines = self._dice, 0, []
        chosen: dict[int, Article] = {}
        for _ in range(COUNTS.draw(dice)):
            article = self._drawn.draw(dice)
            if article.since < at or not chosen:
                chosen[article.id] = article
        is_promoted = dice.happens(8)
        for article in chosen.values():
            quantity = self._quantity(article)
            grams += quantity * article.grams
            lines.append(self.line(article, quantity, discount_percents=10 if is_promoted else 0))
        goods = goods_of(lines)
        discount = 0
        if not is_promoted and dice.happens(7):
            discount = rounded(goods, 10 * CENT_E4) * CENT_E4 if dice.happens(60) else min(100_000, goods)
        method, delivery = self._shipping(goods, grams)
        insurance = INSURANCE_E4 if delivery and dice.happens(4) else 0
        return summed(lines, Charges(delivery, insurance, 0, discount), method)

    def one(self, article: Article, price_e4: int) -> Basket:
        """A basket of one piece, sent for nothing."""
        line = self.line(article, 1)
        line["unit_price_e4"] = price_e4
        line["tax_e4"] = rounded(price_e4, TAXED)
        return summed([line], Charges(), "Subscription")

    def line(self, article: Article, quantity: int, *, discount_percents: int = 0) -> LineFields:
        """An order line, at the price for that many."""
        price = article.price_e4
        if article.tier is not None and quantity >= article.tier[0]:
            price = rounded(price * (100 - article.tier[1]), 100 * CENT_E4) * CENT_E4
        discount = rounded(price * discount_percents, 100 * CENT_E4) * CENT_E4
        line: LineFields = {
            "id": self._numbers.take("order_line"),
            "type": "product",
            "product_id": article.id,
            "code": article.code,
            "name": article.name,
            "quantity": quantity,
            "unit_price_e4": price,
            "discount_e4": discount,
            "tax_e4": rounded(price - discount, TAXED),
        }
        if article.variants:
            variant = self._dice.one_of(article.variants)
            line["variant_id"] = variant.id
            line["variant_code"] = variant.code
            line["variant_name"] = variant.name
            line["options"] = {article.option: variant.name}
        return line

    def _quantity(self, article: Article) -> int:
        dice = self._dice
        if article.tier is not None and dice.happens(10):
            return article.tier[0]
        return PIECES.draw(dice)

    def _shipping(self, goods_e4: int, grams: int) -> tuple[str, int]:
        dice = self._dice
        if dice.happens(6):
            return "Click and collect", 0
        if dice.happens(12):
            return "Express", EXPRESS_E4
        if grams > HEAVY_GRAMS:
            return "Heavy goods", HEAVY_E4
        return "Standard", 0 if goods_e4 >= FREE_FROM_E4 else STANDARD_E4


def goods_of(lines: Sequence[LineFields]) -> int:
    """What lines cost before the order's own discount."""
    return sum(price_of(line).amount_e4 for line in lines)


def summed(lines: list[LineFields], charges: Charges, method: str) -> Basket:
    """A basket with its total and the tax in it."""
    total = goods_of(lines) + sum(charges[:3]) - charges.discount_e4
    return Basket(lines, charges, method, total, rounded(total, TAXED * CENT_E4) * CENT_E4)


def copied(numbers: Numbers, line: LineFields) -> LineFields:
    """The same line, for a child order."""
    again: dict[str, Any] = {**line, "id": numbers.take("order_line")}
    return again  # type: ignore[return-value]
