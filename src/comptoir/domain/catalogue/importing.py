"""Taking over a catalogue from elsewhere: ids, codes, slugs and times as they are given, many at once.

Each verb takes rows of columns by name, of which only the needed ones must be there, and tells for each row
what is wrong with it, or None. The wrong ones are left out, the others kept. Images are given by file name.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Select, select

from comptoir.domain.catalogue.brands import NEW_BRAND
from comptoir.domain.catalogue.categories import NEW_CATEGORY
from comptoir.domain.catalogue.errors import CodeTaken, SlugTaken
from comptoir.domain.catalogue.models import (
    Brand,
    Category,
    CustomField,
    Option,
    OptionOfProduct,
    Pricing,
    Product,
    ProductCategory,
    ProductCustomField,
    Variant,
)
from comptoir.domain.catalogue.options import links_of
from comptoir.domain.catalogue.pricings import NEW_PRICING, PERCENT_MAX_E4
from comptoir.domain.catalogue.products import CODE_LENGTH, NEW_PRODUCT
from comptoir.domain.errors import Invalid
from comptoir.domain.names import key_of, order_key, slug_of
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among
from comptoir.storage.schema import Record

Row = Mapping[str, Any]
Columns = dict[str, Any]
Check = Callable[[Columns], None]
Problem = Invalid | None

CATEGORY_STATUSES = ("", "for_approval", "approved", "published", "archived")
CUSTOM_FIELD_STATUSES = ("", "active")
PRODUCT_STATUSES = ("", "in_stock", "out_of_stock")
PRICING_SIGNS = ("", "+", "-")
PRICING_MODIFIERS = ("$", "%")
NEW_VARIANT: Columns = {"code": "", "name": "", "description": "", "is_published": True, "stock": 0}
NO_IMAGE = ""
SLUG_STEM_MAX = 240
# What the event of an imported record says of it; the rest stands in the record.
SHOWN = ("product_id", "code", "name")


def import_brands(tx: Tx, rows: Sequence[Row]) -> list[Problem]:
    """Keep brands from elsewhere. Refuses per row: Invalid (id, name, status)."""

    def check(values: Columns) -> None:
        refuse_unnamed(values)
        _refuse_unless("status", values["status"], ("",))

    return keep_rows(tx, Brand, rows, NEW_BRAND, check)


def import_categories(tx: Tx, rows: Sequence[Row]) -> list[Problem]:
    """Keep categories from elsewhere, parents first. Refuses: Invalid (id, name, status, parent_id), SlugTaken."""
    parents = existing(tx, Category, (row.get("parent_id") for row in rows))
    slugs = _Names(
        tx, Category, "slug", rows, lambda row: slug_of(row.get("name", "")) or str(row.get("id", ""))
    )

    def check(values: Columns) -> None:
        refuse_unnamed(values)
        _refuse_unless("status", values["status"], CATEGORY_STATUSES)
        if values["parent_id"] is not None:
            refuse_stranger("parent_id", values["parent_id"], parents, "category")
        stem = slug_of(values["name"]) or str(values.get("id", "category"))
        values["slug"] = slugs.claim(values.get("slug"), stem, SlugTaken)
        values["slug_key"] = key_of(values["slug"])
        if "id" in values:
            parents.add(values["id"])

    return keep_rows(tx, Category, rows, NEW_CATEGORY | {"parent_id": None}, check)


def import_custom_fields(tx: Tx, rows: Sequence[Row]) -> list[Problem]:
    """Keep custom fields from elsewhere; two may share a name. Refuses: Invalid (id, name, status)."""

    def check(values: Columns) -> None:
        refuse_unnamed(values)
        _refuse_unless("status", values["status"], CUSTOM_FIELD_STATUSES)
        values["name_key"] = key_of(values["name"])

    return keep_rows(tx, CustomField, rows, {"description": "", "status": "active"}, check)


def import_variants(tx: Tx, rows: Sequence[Row]) -> list[Problem]:
    """Keep variants from elsewhere; two may share a code. Refuses per row: Invalid (id, product_id)."""
    products = existing(tx, Product, (row["product_id"] for row in rows))

    def check(values: Columns) -> None:
        refuse_stranger("product_id", values["product_id"], products, "product")
        values["code_key"] = key_of(values["code"])

    return keep_rows(tx, Variant, rows, NEW_VARIANT, check)


def import_pricings(tx: Tx, rows: Sequence[Row]) -> list[Problem]:
    """Keep pricings from elsewhere. Refuses per row: Invalid (id, product_id, sign, modifier, price_e4)."""
    products = existing(tx, Product, (row["product_id"] for row in rows))

    def check(values: Columns) -> None:
        refuse_stranger("product_id", values["product_id"], products, "product")
        _refuse_unless("sign", values["sign"], PRICING_SIGNS)
        _refuse_unless("modifier", values["modifier"], PRICING_MODIFIERS)
        if values["price_e4"] <= 0:
            raise Invalid("price_e4", "must be a positive number")
        if values["sign"] == "-" and values["modifier"] == "%" and values["price_e4"] > PERCENT_MAX_E4:
            raise Invalid("price_e4", "cannot take off more than 100 %")

    return keep_rows(tx, Pricing, rows, NEW_PRICING, check)


def import_products(tx: Tx, rows: Sequence[Row]) -> list[Problem]:
    """Keep products from elsewhere, with `category_ids`, `custom_values` (by the field's id or name), `option_ids`.

    Refuses per row: Invalid (id, name, limit_minimum, status, brand_id, category_ids, custom_values,
    option_ids), CodeTaken, SlugTaken.
    """
    checks = _ProductChecks(tx, rows)
    problems = keep_rows(tx, Product, rows, NEW_PRODUCT, checks.check)
    tx.insert_many(
        ProductCategory,
        [
            {"product_id": values["id"], "category_id": category_id}
            for values, category_ids, _, _ in checks.linked
            for category_id in category_ids
        ],
    )
    tx.insert_many(
        ProductCustomField,
        [
            {"product_id": values["id"], "custom_field_id": field_id, "value": value}
            for values, _, fields, _ in checks.linked
            for field_id, value in fields.items()
            if value != ""
        ],
    )
    tx.insert_many(
        OptionOfProduct,
        [link for values, _, _, option_ids in checks.linked for link in links_of(values["id"], option_ids)],
    )
    return problems


class _ProductChecks:
    """What products of one chunk may point at, and which codes and slugs are gone."""

    def __init__(self, tx: Tx, rows: Sequence[Row]) -> None:
        self._tx = tx
        self._codes = _Names(tx, Product, "code", rows)
        self._slugs = _Names(tx, Product, "slug", rows, _product_stem)
        self._brands = existing(tx, Brand, (row.get("brand_id") for row in rows))
        self._categories = existing(
            tx, Category, (one for row in rows for one in row.get("category_ids", ()))
        )
        keys = {key for row in rows for key in row.get("custom_values", ())}
        self._fields = _custom_fields(tx, keys) if keys else {}
        self._options = existing(tx, Option, (one for row in rows for one in row.get("option_ids", ())))
        self.linked: list[tuple[Columns, list[int], dict[int, str], list[int]]] = []

    def check(self, values: Columns) -> None:
        """Refuses what `import_products` says; takes the links out of the columns."""
        category_ids: Sequence[int] = values.pop("category_ids", ())
        custom_values: Mapping[str, str] = values.pop("custom_values", {})
        option_ids: Sequence[int] = values.pop("option_ids", ())
        refuse_unnamed(values)
        if 0 < values["limit_maximum"] < values["limit_minimum"]:
            raise Invalid("limit_minimum", "must not be above the maximum")
        values.setdefault("status", "in_stock" if values["quantity"] > 0 else "out_of_stock")
        _refuse_unless("status", values["status"], PRODUCT_STATUSES)
        if values["brand_id"] is not None:
            refuse_stranger("brand_id", values["brand_id"], self._brands, "brand")
        for category_id in category_ids:
            refuse_stranger("category_ids", category_id, self._categories, "category")
        for option_id in option_ids:
            refuse_stranger("option_ids", option_id, self._options, "option")
        fields = {self._field_id(key): value for key, value in custom_values.items()}
        self._name(values)
        self.linked.append((values, sorted(set(category_ids)), fields, list(dict.fromkeys(option_ids))))

    def _name(self, values: Columns) -> None:
        code = values.get("code") or self._tx.ids.text(CODE_LENGTH)
        slug = values.get("slug")
        stem = slug or slug_of(values["name"]) or slug_of(code) or key_of(code)
        self._codes.refuse(code, CodeTaken)
        values["slug"] = self._slugs.claim(slug, stem, SlugTaken)
        values["code"] = self._codes.claim(code, "", CodeTaken)
        values["code_key"] = key_of(code)
        values["name_key"] = order_key(values["name"])
        values["slug_key"] = key_of(values["slug"])

    def _field_id(self, key: str) -> int:
        found = self._fields.get(key)
        if found is None:
            raise Invalid("custom_values", f"names the custom field {key!r}, which does not exist")
        return found


def _product_stem(row: Row) -> str:
    return slug_of(row.get("name", "")) or slug_of(row.get("code", ""))


class _Names:
    """Names that must be unique without regard to case: those that the shop has, and those claimed since."""

    def __init__(
        self,
        tx: Tx,
        record: type[Record],
        name: str,
        rows: Sequence[Row],
        stem: Callable[[Row], str] | None = None,
    ) -> None:
        self._tx = tx
        self._name = name
        self._find = _keys(record, f"{name}_key")
        wanted = {key_of(row[name]) for row in rows if row.get(name)}
        if stem is not None:
            wanted.update(stem(row)[:SLUG_STEM_MAX] for row in rows if not row.get(name))
        self._gone = self._taken(wanted)

    def refuse(self, given: str, refusal: type[Invalid]) -> None:
        """Refuses: the given refusal, when somebody has the name."""
        if key_of(given) in self._gone:
            raise refusal(self._name, f"{given!r} is taken")

    def claim(self, given: str | None, stem: str, refusal: type[Invalid]) -> str:
        """The given name, or a free one like the stem; nobody else gets it. Refuses: the given refusal."""
        if given:
            self.refuse(given, refusal)
        else:
            given = self._free(stem)
        self._gone.add(key_of(given))
        return given

    def _free(self, stem: str) -> str:
        stem = stem[:SLUG_STEM_MAX]
        name, number = stem, 2
        while name in self._gone or (name != stem and self._taken([name])):
            name, number = f"{stem}-{number}", number + 1
        return name

    def _taken(self, wanted: Iterable[str]) -> set[str]:
        return {key for (key,) in self._tx.all(self._find, keys=list(wanted))}


@cache
def _keys(record: type[Record], name: str) -> Select[Any]:
    column = getattr(record, name)
    return select(column).where(among(column, "keys"))


def existing(tx: Tx, record: type[Record], ids: Iterable[int | None]) -> set[int]:
    """Those of the ids that exist."""
    wanted = {one for one in ids if one is not None}
    if not wanted:
        return set()
    return {found for (found,) in tx.all(_keys(record, "id"), keys=sorted(wanted))}


_FIELDS_BY_ID = select(CustomField.id).where(among(CustomField.id, "ids"))
_FIELDS_BY_NAME = (
    select(CustomField.name_key, CustomField.id)
    .where(among(CustomField.name_key, "names"))
    .order_by(CustomField.id)
)


def _custom_fields(tx: Tx, keys: set[str]) -> dict[str, int]:
    """Custom fields by what names them: an id, or else a name without regard to case."""
    numbers = {int(key): key for key in keys if key.isascii() and key.isdigit() and len(key) <= 18}
    named = tx.all(_FIELDS_BY_NAME, names=sorted({key_of(key) for key in keys}))
    names = dict(reversed(named))
    found = {key: names[key_of(key)] for key in keys if key_of(key) in names}
    return found | {numbers[one]: one for (one,) in tx.all(_FIELDS_BY_ID, ids=sorted(numbers))}


def keep_rows(tx: Tx, record: type[Record], rows: Sequence[Row], new: Columns, check: Check) -> list[Problem]:
    """Write the rows that pass the check, and say what is wrong with the others."""
    taken = existing(tx, record, (row.get("id") for row in rows))
    blank = {name: NO_IMAGE if name.startswith("image") else value for name, value in new.items()}
    problems: list[Problem] = []
    good: list[Columns] = []
    for row in rows:
        values = {**blank, **row}
        try:
            _refuse_id(values.get("id"), taken)
            check(values)
        except Invalid as problem:
            problems.append(problem)
            continue
        problems.append(None)
        good.append(values)
        taken.add(values.get("id", 0))
    if good:
        _write(tx, record, good)
    return problems


def _write(tx: Tx, record: type[Record], good: list[Columns]) -> None:
    name = record.__tablename__
    number_rows(tx, name, "id", good)
    columns = record.__table__.columns
    if "seo_id" in columns:
        number_rows(tx, "seo", "seo_id", good)
    if "created_at" in columns:
        for values in good:
            created_at = values.setdefault("created_at", tx.now)
            values.setdefault("updated_at", created_at)
    tx.insert_many(record, good)
    shown = [key for key in SHOWN if key in columns]
    kind = f"{name}.imported"
    for values in good:
        tx.note(kind, name, values["id"], after={key: values[key] for key in shown})


def number_rows(tx: Tx, kind: str, name: str, good: list[Columns]) -> None:
    """Keep given numbers, and give numbers to those without."""
    own = [values[name] for values in good if name in values]
    if own:
        tx.ids.reach(kind, max(own))
    missing = len(good) - len(own)
    if missing:
        number = tx.ids.next(kind, missing)
        for values in good:
            if name not in values:
                values[name] = number
                number += 1


def _refuse_id(given: int | None, taken: set[int]) -> None:
    if given is not None and (given <= 0 or given in taken):
        raise Invalid("id", "is taken or not above zero")


def refuse_unnamed(values: Columns) -> None:
    if not values.get("name", "").strip():
        raise Invalid("name", "must not be empty")


def _refuse_unless(field: str, given: str, allowed: tuple[str, ...]) -> None:
    if given not in allowed:
        raise Invalid(field, f"must be one of {', '.join(repr(one) for one in allowed)}")


def refuse_stranger(field: str, given: int, known: set[int], thing: str) -> None:
    if given not in known:
        raise Invalid(field, f"names {thing} {given}, which does not exist")
