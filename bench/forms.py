"""The wire forms of the floor, written out by hand: what a careful person would type for this one API."""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - only added to, to write UTC
SITE = "http://127.0.0.1:8000"
FOLDERS = {
    "brand": "/prodcatalogue/brand/",
    "category": "/prodcatalogue/category/",
    "product": "/prodcatalogue/product/",
}
SIZES = (("original", ""), ("small", "s_"), ("medium", "m_"), ("thumbnail", "t_"))
Row = tuple[Any, ...]


@lru_cache(maxsize=16_384)
def moment(micros: int) -> str:
    """A time as the wire writes it."""
    return str(EPOCH + timedelta(seconds=micros // 1_000_000))


def money2(value: int) -> str:
    """Ten-thousandths with two decimals."""
    cents = (value + 50) // 100
    return f"{cents // 100}.{cents % 100:02d}"


def money4(value: int) -> str:
    """Ten-thousandths with all four decimals."""
    return f"{value // 10000}.{value % 10000:04d}"


def image(name: str, kind: str) -> Any:
    """An image slot."""
    if not name:
        return ""
    folder = FOLDERS[kind]
    return {
        size: {
            "filename": f"{prefix}{name}", "path": folder,
            "url": f"{SITE}{folder}{prefix}{name}", "uri": f"{folder}{prefix}{name}",
        }
        for size, prefix in SIZES
    }  # fmt: skip


BRAND = (
    "id, name, description, created_at, updated_at, is_published, status, comment1, comment2, comment3, street, "
    "postcode, state, email, fax, phone, image1, image2"
)


def brand(row: Row) -> dict[str, Any]:
    """A brand."""
    (id_, name, description, created, updated, published, status, comment1, comment2, comment3, street, postcode,
     state, email, fax, phone, image1, image2) = row[:18]  # fmt: skip
    return {
        "id": str(id_), "name": name, "description": description, "created_at": moment(created),
        "updated_at": moment(updated), "available": {"publish": "on" if published else "", "status": status},
        "comments": {"comment1": comment1, "comment2": comment2, "comment3": comment3},
        "contact": {
            "address": {"address": street, "postcode": postcode, "state": state},
            "email": email, "fax": fax, "phone": phone,
        },
        "images": {"image1": image(image1, "brand"), "image2": image(image2, "brand")},
    }  # fmt: skip


CATEGORY = (
    "c.id, c.name, c.slug, c.description, c.keywords, c.created_at, c.updated_at, c.is_published, c.status, "
    "c.comment1, c.comment2, c.comment3, c.comment4, c.comment5, c.image1, c.seo_id, c.seo_title, "
    "c.seo_description, c.seo_keywords, c.seo_robots"
)


def category(row: Row) -> dict[str, Any]:
    """A category."""
    (id_, name, slug, description, keywords, created, updated, published, status, comment1, comment2, comment3,
     comment4, comment5, image1, seo_id, title, seo_description, seo_keywords, robots) = row[:20]  # fmt: skip
    return {
        "id": str(id_), "name": name, "slug": slug, "description": description, "keywords": keywords,
        "created_at": moment(created), "updated_at": moment(updated),
        "available": {"publish": "on" if published else "", "status": status},
        "comments": {
            "comment1": comment1, "comment2": comment2, "comment3": comment3, "comment4": comment4,
            "comment5": comment5,
        },
        "images": {"image1": image(image1, "category")},
        "seo": {
            "id": str(seo_id), "title": title, "description": seo_description, "keywords": seo_keywords,
            "robots": robots, "module": {"name": "prodcatalogue", "type": "category", "id": str(id_)},
        },
    }  # fmt: skip


CUSTOM = "f.id, f.name, f.description, f.status, v.value"


def custom(row: Row) -> dict[str, Any]:
    """A custom field with a product's value."""
    id_, name, description, status, value = row[:5]
    return {
        "id": str(id_), "name": name, "description": description, "available": {"status": status}, "value": value,
    }  # fmt: skip


PRICING = "id, product_id, name, description, sign, price_e4, modifier, is_published, minimum_quantity"


def pricing(row: Row) -> dict[str, Any]:
    """A pricing."""
    id_, product_id, name, description, sign, price, modifier, published, minimum = row
    return {
        "id": str(id_), "product_id": str(product_id), "name": name, "description": description, "sign": sign,
        "price": money2(price), "modifier": modifier, "publish": "on" if published else "",
        "minimum_qty": str(minimum),
    }  # fmt: skip


PRODUCT = (
    "id, brand_id, code, name, slug, description, preview, keywords, created_at, updated_at, has_inventory, "
    "is_published, quantity, status, image1, image2, image3, image4, image5, limit_maximum, limit_minimum, "
    "price_rrp_e4, price_special_e4, price_cost_e4, tax_code_id, tax_class, length_e4, width_e4, depth_e4, "
    "weight_e4, is_shipped_separately, is_never_split, seo_id, seo_title, seo_description, seo_keywords, seo_robots"
)


def product(
    row: Row, brand_: Any, categories: list[Any], customs: list[Any], pricings: list[Any]
) -> dict[str, Any]:
    """A product with all that hangs on it."""
    (id_, brand_id, code, name, slug, description, preview, keywords, created, updated, inventory, published,
     quantity, status, image1, image2, image3, image4, image5, maximum, minimum, rrp, special, cost, tax_code,
     tax_class, length, width, depth, weight, separately, never_split, seo_id, title, seo_description, seo_keywords,
     robots) = row  # fmt: skip
    return {
        "id": str(id_), "brand_id": "" if brand_id is None else str(brand_id), "code": code, "name": name,
        "slug": slug, "description": description, "preview": preview, "keywords": keywords,
        "created_at": moment(created), "updated_at": moment(updated), "has_inventory": "on" if inventory else "",
        "available": {"publish": "on" if published else "", "quantity": str(quantity), "status": status},
        "images": {
            "image1": image(image1, "product"), "image2": image(image2, "product"),
            "image3": image(image3, "product"), "image4": image(image4, "product"),
            "image5": image(image5, "product"),
        },
        "limits": {"maximum": str(maximum), "minimum": str(minimum)},
        "prices": {"rrp": money4(rrp), "special": money2(special), "cost": money2(cost)},
        "tax": {"code_id": "" if tax_code is None else str(tax_code), "class": tax_class},
        "shipping": {
            "length": money2(length), "width": money2(width), "depth": money2(depth), "weight": money2(weight),
            "ship_separately": "on" if separately else "off", "prevent_splitting": "on" if never_split else "",
        },
        "brand": brand_, "categories": categories, "custom_fields": customs, "pricing": pricings,
        "seo": {
            "id": str(seo_id), "title": title, "description": seo_description, "keywords": seo_keywords,
            "robots": robots, "module": {"name": "prodcatalogue", "type": "product", "id": str(id_)},
        },
    }  # fmt: skip


VARIANT = "id, product_id, code, name, description, is_published, stock"


def variant(row: Row) -> dict[str, Any]:
    """A variant."""
    id_, product_id, code, name, description, published, stock = row
    return {
        "id": str(id_), "product_id": str(product_id), "code": code, "name": name, "description": description,
        "publish": "on" if published else "", "stock": str(stock),
    }  # fmt: skip


ADDRESS = ("name", "company", "address", "suburb", "city", "state", "postcode", "email", "phone")
BILLING = ", ".join(f"billing_{part}" for part in ADDRESS)
DELIVERY = ", ".join(f"delivery_{part}" for part in ADDRESS)
CUSTOMS = ", ".join(f"custom{number}" for number in range(1, 11))
ORDER = (
    f"id, parent_id, number, customer_id, comments, status, created_at, updated_at, {BILLING}, {DELIVERY}, {CUSTOMS}, "
    "payment_method, payment_transaction_id, shipping_method, tracking_id, carrier, shipped_at, delivery_e4, "
    "insurance_e4, surcharge_e4, discount_e4, tax_e4, total_e4, has_children, version"
)
CUSTOM_NAMES = tuple(f"custom{number}" for number in range(1, 11))


def order(row: Row, items: list[Any], children: list[int]) -> dict[str, Any]:
    """An order with its items."""
    id_, parent_id, number, customer_id, comments, status, created, updated = row[:8]
    method, transaction_id, shipping, tracking, carrier, shipped_at = row[36:42]
    delivery, insurance, surcharge, discount, tax, total, has_children, _version = row[42:]
    return {
        "id": str(id_), "parent_id": str(parent_id or 0), "number": number, "user_id": str(customer_id or 0),
        "comments": comments, "status": status, "created_at": moment(created), "updated_at": moment(updated),
        "addresses": {
            "billing": dict(zip(ADDRESS, row[8:17], strict=True)),
            "delivery": dict(zip(ADDRESS, row[17:26], strict=True)),
        },
        "custom": dict(zip(CUSTOM_NAMES, row[26:36], strict=True)),
        "payment": {"method": method, "transaction_id": transaction_id},
        "shipping": {
            "method": shipping, "tracking_id": tracking, "carrier": carrier,
            "date": "" if shipped_at is None else moment(shipped_at),
        },
        "totals": {
            "delivery": money4(delivery), "insurance": money4(insurance), "surcharge": money4(surcharge),
            "discount": money4(discount), "tax": money4(tax), "total": money4(total),
        },
        "items": items,
        "has_children": "true" if has_children else "false",
        "has_parent": "false" if parent_id is None else "true",
        "children": children,
    }  # fmt: skip


ITEM = (
    "id, type, product_id, code, variant_id, variant_code, variant_name, name, quantity, unit_price_e4, discount_e4, "
    "tax_e4, options"
)


def item(row: Row, options: Any) -> dict[str, Any]:
    """An order's line; the measured orders hold no bundles."""
    (_id, kind, product_id, code, variant_id, variant_code, variant_name, name, quantity, price, discount, tax,
     _options) = row  # fmt: skip
    held = {} if variant_id is None else {"id": str(variant_id), "code": variant_code, "name": variant_name}
    return {
        "type": kind, "id": str(product_id), "code": code, "variant": held, "name": name, "quantity": str(quantity),
        "unit_price": money4(price), "discount": money4(discount), "tax": money4(tax), "options": options,
    }  # fmt: skip
