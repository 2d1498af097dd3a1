"""Order lines as callers give them, and the rows that are made of them."""

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, Required, TypedDict

from comptoir.domain.errors import Invalid
from comptoir.domain.orders.amounts import (
    LineAmounts,
    LinePrice,
    part_amounts,
    refuse_wrong_price,
    tax_per_piece_e4,
)
from comptoir.domain.orders.models import BUNDLE, LINE_TYPES, PRODUCT
from comptoir.domain.tx import Tx


class LineFields(TypedDict, total=False):
    """One product or bundle, copied as it is sold. Amounts are per piece; `tax_rate_ppm` in millionths.

    `id` and `tax_e4` belong to imported lines, `tax_rate_ppm` to placed ones; `parts` to bundles.
    """

    id: int
    type: str
    product_id: Required[int]
    code: str
    variant_id: int | None
    variant_code: str
    variant_name: str
    name: str
    quantity: int
    unit_price_e4: Required[int]
    discount_e4: int
    tax_e4: int
    tax_rate_ppm: int
    options: Mapping[str, Any]
    warehouse_id: int | None
    parts: NotRequired[Sequence["LineFields"]]


def price_of(line: LineFields) -> LinePrice:
    """What the line costs."""
    return LinePrice(
        unit_price_e4=line["unit_price_e4"],
        discount_e4=line.get("discount_e4", 0),
        quantity=line.get("quantity", 1),
        tax_rate_ppm=line.get("tax_rate_ppm", 0),
        tax_e4=line.get("tax_e4", 0),
    )


def refuse_malformed_line(line: LineFields) -> None:
    """Refuses: Invalid (type, parts; quantity, tax, discount of a part)."""
    kind = line.get("type", PRODUCT)
    if kind not in LINE_TYPES:
        raise Invalid("type", f"{kind!r} is no kind of order line")
    parts = line.get("parts", ())
    if parts and kind != BUNDLE:
        raise Invalid("parts", "belong to bundles only")
    for part in parts:
        if part.get("type", PRODUCT) != PRODUCT or part.get("parts"):
            raise Invalid("parts", "must be products")
        refuse_wrong_price(price_of(part))


def line_ids(lines: Sequence[LineFields]) -> list[int | None]:
    """The ids that lines and their parts bring along, in the order of their rows."""
    found: list[int | None] = []
    for line in lines:
        found.append(line.get("id"))
        found.extend(part.get("id") for part in line.get("parts", ()))
    return found


def number_lines(tx: Tx, wanted: Sequence[int | None]) -> list[int]:
    """An id for every line: its own, or the next."""
    own = [line_id for line_id in wanted if line_id is not None]
    if own:
        tx.ids.reach("order_line", max(own))
    missing = len(wanted) - len(own)
    fresh = tx.ids.next("order_line", missing) if missing else 0
    numbered = []
    for line_id in wanted:
        if line_id is None:
            numbered.append(fresh)
            fresh += 1
        else:
            numbered.append(line_id)
    return numbered


def line_rows(
    order_id: int,
    lines: Sequence[LineFields],
    amounts: Sequence[LineAmounts],
    ids: Sequence[int],
    *,
    tax_included: bool,
) -> list[dict[str, Any]]:
    """The rows of an order's lines; a bundle's parts follow it."""
    rows: list[dict[str, Any]] = []
    for line, amount in zip(lines, amounts, strict=True):
        parts = line.get("parts", ())
        parent_id = ids[len(rows)]
        rows.append(_row(order_id, line, amount, tax_included=tax_included))
        shares = part_amounts(amount, [price_of(part) for part in parts]) if parts else []
        for part, share in zip(parts, shares, strict=True):
            rows.append(
                _row(order_id, part, share, tax_included=tax_included) | {"parent_line_id": parent_id}
            )
    for position, (row, line_id) in enumerate(zip(rows, ids, strict=True)):
        row["id"] = line_id
        row["position"] = position
    return rows


def _row(order_id: int, line: LineFields, amounts: LineAmounts, *, tax_included: bool) -> dict[str, Any]:
    price = price_of(line)
    tax_e4 = price.tax_e4 if "tax_e4" in line else tax_per_piece_e4(price, tax_included=tax_included)
    return {
        "order_id": order_id,
        "parent_line_id": None,
        "type": line.get("type", PRODUCT),
        "product_id": line["product_id"],
        "code": line.get("code", ""),
        "variant_id": line.get("variant_id"),
        "variant_code": line.get("variant_code", ""),
        "variant_name": line.get("variant_name", ""),
        "name": line.get("name", ""),
        "quantity": price.quantity,
        "unit_price_e4": price.unit_price_e4,
        "discount_e4": price.discount_e4,
        "tax_e4": tax_e4,
        "options": dict(line.get("options", {})),
        "warehouse_id": line.get("warehouse_id"),
        **amounts._asdict(),
    }
