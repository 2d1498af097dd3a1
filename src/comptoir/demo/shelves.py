"""The catalogue of the year of trade: brands, categories, products with variants, prices and stock."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from comptoir.demo.dice import Dice
from comptoir.demo.numbers import Numbers
from comptoir.demo.words import words
from comptoir.domain.money import rounded
from comptoir.domain.names import slug_of

PRODUCTS = 2_170
CENT_E4 = 100
KG_E4_PER_GRAM = 10
YEARS = timedelta(days=1100)
TAX_CLASS = "15"
FIELDS = {"Material": "What it is made of.", "Care": "How it is cleaned.", "Made in": "Where it was made."}
OPTION = {"sizes": "Size", "colours": "Colour", "glazes": "Glaze", "diameters": "Diameter", "beds": "Bed",
          "grinds": "Grind"}  # fmt: skip

Row = dict[str, Any]


class Kept(NamedTuple):
    """A variant as an order line copies it."""

    id: int
    code: str
    name: str


class Article(NamedTuple):
    """A product as an order line copies it. `tier` is a quantity and the percents given from it on."""

    id: int
    code: str
    name: str
    price_e4: int
    grams: int
    since: datetime
    option: str
    variants: tuple[Kept, ...]
    tier: tuple[int, int] | None
    category: str


@dataclass
class Shelves:
    """Everything that the catalogue is loaded from."""

    brands: list[Row] = field(default_factory=list)
    categories: list[Row] = field(default_factory=list)
    custom_fields: list[Row] = field(default_factory=list)
    products: list[Row] = field(default_factory=list)
    variants: list[Row] = field(default_factory=list)
    pricings: list[Row] = field(default_factory=list)
    articles: list[Article] = field(default_factory=list)
    stock: list[tuple[int, int, int]] = field(default_factory=list)


def draw_shelves(numbers: Numbers, now: datetime, scale: float) -> Shelves:
    """Draw the catalogue."""
    return _Drawing(numbers, now).draw(scale)


class _Drawing:
    def __init__(self, numbers: Numbers, now: datetime) -> None:
        self.dice = Dice("catalogue")
        self.numbers = numbers
        self.opened = now - YEARS
        self.made = Shelves()
        self.slugs: set[str] = set()

    def draw(self, scale: float) -> Shelves:
        made, take = self.made, self.numbers.take
        made.custom_fields += [
            {"id": take("custom_field"), "name": name, "description": f"<p>{text}</p>"}
            for name, text in FIELDS.items()
        ]
        makers: dict[str, list[int]] = {}
        for brand in words()["brand"]:
            made.brands.append(self._brand(brand))
            for department in brand["makes"]:
                makers.setdefault(department, []).append(made.brands[-1]["id"])
        made.categories += [self._category(one) for one in words()["category"]]
        shelves = list(zip(words()["category"], made.categories, strict=True))
        count = max(round(PRODUCTS * scale), len(shelves))
        # What is older has the lower id; a quarter came in within the last year.
        days = sorted(self.dice.randrange(YEARS.days - 20) for _ in range(count))
        for place, day in enumerate(days):
            shelf, category = shelves[place % len(shelves)]
            since = self.opened + timedelta(days=day, seconds=self.dice.randrange(28_800, 64_800))
            self._product(shelf, category["id"], self.dice.one_of(makers[shelf["department"]]), since)
        return made

    def _brand(self, brand: Row) -> Row:
        stem = slug_of(brand["name"])
        return {
            "id": self.numbers.take("brand"),
            "name": brand["name"],
            "description": f"<p>{brand['said']}</p>",
            "email": f"orders@{stem}.example.com",
            "phone": f"03 5550 {self.dice.randrange(10_000):04}",
            "is_published": True,
            "created_at": self.opened,
        }

    def _category(self, category: Row) -> Row:
        things = ", ".join(thing.lower() for thing in category["things"][:4])
        return {
            "id": self.numbers.take("category"),
            "name": category["name"],
            "slug": slug_of(category["name"]),
            "description": f"<p>{category['name']}: {things} and more.</p>",
            "keywords": things,
            "is_published": True,
            "status": "published",
            "created_at": self.opened,
        }

    def _product(self, shelf: Row, category_id: int, brand_id: int, since: datetime) -> None:
        dice, product_id = self.dice, self.numbers.take("product")
        said = {
            "line": dice.one_of(words()["texts"]["lines"]),
            "made_of": dice.one_of(shelf["made_of"]),
            "thing": dice.one_of(shelf["things"]),
        }
        name = "{line} {made_of} {thing}".format(**said)
        code = f"{shelf['code']}-{product_id % 1_000_000:06}"
        variants, quantity = self._stocked(product_id, code, shelf)
        row: Row = {
            "id": product_id,
            "brand_id": brand_id,
            "code": code,
            "name": name,
            "slug": self._slug(name, code),
            "created_at": since,
            "has_inventory": True,
            "is_published": dice.happens(97),
            "quantity": quantity,
            "tax_class": TAX_CLASS,
            "category_ids": [category_id],
            **self._texts(said, shelf),
            **self._prices(shelf),
            **self._measures(shelf),
        }
        self.made.products.append(row)
        tier = self._tier(product_id)
        if row["is_published"]:
            option = OPTION.get(shelf.get("kinds", ""), "")
            self.made.articles.append(_article(row, variants, option, tier, shelf["code"]))

    def _texts(self, said: dict[str, str], shelf: Row) -> Row:
        texts, dice = words()["texts"], self.dice
        low = said | {"thing": said["thing"].lower()}
        opening = dice.one_of(texts["openings"]).format(**low)
        more = f"{dice.one_of(texts['middles'])} {dice.one_of(texts['closings'])}".format(**low)
        values = (said["made_of"], dice.one_of(texts["care"]), dice.one_of(texts["origins"]))
        names = [str(one["id"]) for one in self.made.custom_fields]
        return {
            "description": f"<p>{opening} {more}</p>",
            "preview": f"<p>{opening}</p>",
            "keywords": ", ".join((said["thing"], said["made_of"], shelf["name"])).lower(),
            "custom_values": dict(zip(names, values, strict=True)),
        }

    def _measures(self, shelf: Row) -> Row:
        grams = self.dice.randrange(*shelf["grams"])
        side = 40_000 + grams * 60
        return {
            "length_e4": side,
            "width_e4": side * self.dice.randrange(5, 11) // 1000 * 100,
            "depth_e4": side * self.dice.randrange(2, 6) // 1000 * 100,
            "weight_e4": grams * KG_E4_PER_GRAM,
        }

    def _prices(self, shelf: Row) -> Row:
        """Most things lie at the lower end; prices end in .95 or .00."""
        dice, (low, high) = self.dice, shelf["price"]
        dollars = low + (high - low) * dice.randrange(1000) * dice.randrange(1000) // 1_000_000
        rrp = dollars * 10_000 - (500 if dice.happens(80) else 0)
        return {
            "price_rrp_e4": rrp,
            "price_special_e4": _percents(rrp, dice.one_of((75, 80, 85, 90))) if dice.happens(12) else 0,
            "price_cost_e4": _percents(rrp, dice.randrange(38, 62)),
        }

    def _slug(self, name: str, code: str) -> str:
        slug = slug_of(name)
        if slug in self.slugs:
            slug = slug_of(f"{name} {code}")
        self.slugs.add(slug)
        return slug

    def _stocked(self, product_id: int, code: str, shelf: Row) -> tuple[tuple[Kept, ...], int]:
        """The product's variants, and how many pieces of all there are."""
        names = words()["kinds"].get(shelf.get("kinds", ""), ())
        if not names:
            pieces = self._pieces(120)
            self.made.stock.append((product_id, 0, pieces))
            return (), pieces
        variants = []
        for place, name in enumerate(names, 1):
            own, pieces = Kept(self.numbers.take("variant"), f"{code}-{place}", name), self._pieces(60)
            self.made.variants.append(
                {"id": own.id, "product_id": product_id, "code": own.code, "name": name, "stock": pieces}
            )
            self.made.stock.append((product_id, own.id, pieces))
            variants.append(own)
        return tuple(variants), sum(pieces for _, _, pieces in self.made.stock[-len(names) :])

    def _pieces(self, most: int) -> int:
        return 0 if self.dice.happens(6) else self.dice.randrange(1, most)

    def _tier(self, product_id: int) -> tuple[int, int] | None:
        """A lower price from some quantity on, which is also offered."""
        if not self.dice.happens(18):
            return None
        quantity, percents = self.dice.one_of(((3, 5), (4, 8), (6, 10), (12, 15)))
        self.made.pricings.append(
            {
                "id": self.numbers.take("pricing"),
                "product_id": product_id,
                "name": f"From {quantity} on",
                "sign": "-",
                "price_e4": percents * 10_000,
                "modifier": "%",
                "is_published": True,
                "minimum_quantity": quantity,
            }
        )
        return quantity, percents


def _percents(price_e4: int, percents: int) -> int:
    return rounded(price_e4 * percents, 100 * CENT_E4) * CENT_E4


def _article(
    row: Row, variants: tuple[Kept, ...], option: str, tier: tuple[int, int] | None, category: str
) -> Article:
    return Article(
        id=row["id"],
        code=row["code"],
        name=row["name"],
        price_e4=row["price_special_e4"] or row["price_rrp_e4"],
        grams=row["weight_e4"] // KG_E4_PER_GRAM,
        since=row["created_at"],
        option=option,
        variants=variants,
        tier=tier,
        category=category,
    )
