"""Puts a world, written as the API shows it, into an open shop: ids and times kept, money in the books."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from comptoir.dialects.coredna.brands import BRAND
from comptoir.dialects.coredna.categories import CATEGORY
from comptoir.dialects.coredna.custom_fields import CUSTOM_FIELD
from comptoir.dialects.coredna.pricings import PRICING
from comptoir.dialects.coredna.products import PRODUCT
from comptoir.dialects.coredna.variants import VARIANT
from comptoir.dialects.wire import Row
from comptoir.domain.catalogue.models import ProductCategory, ProductCustomField
from comptoir.domain.customers.models import Customer, Group, GroupMember, Notification
from comptoir.domain.inventory.models import Warehouse
from comptoir.domain.media.models import Asset
from comptoir.domain.money import e4_of_decimal
from comptoir.domain.orders.importing import OrderImport, import_orders
from comptoir.domain.orders.logs import import_order_logs
from comptoir.domain.payments.importing import import_payments
from comptoir.domain.refunds.importing import import_refunds
from comptoir.domain.shop import Shop
from comptoir.domain.subscriptions.models import Enrolment, Subscription
from tests.dialects.published import facts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from comptoir.dialects.wire import Document
    from comptoir.domain.errors import ComptoirError
    from comptoir.domain.tx import OpenShop, Tx

Written = dict[str, Any]

# The contents of pictures are no part of a world; every one of them is this empty file.
NO_CONTENT = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
CONTENT_TYPES = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif"}
DAWN = datetime(2016, 1, 1, tzinfo=UTC)

BILLING = "name company address suburb city state postcode email phone".split()
USER_COLUMNS = {
    "name": {
        "title": "name_title",
        "firstname": "first_name",
        "lastname": "last_name",
        "nickname": "nickname",
    },
    "address": {},
    "phone": {"day": "phone_day", "evening": "phone_evening", "fax": "phone_fax"},
    "work": {"buscat": "business_category", "jobdpt": "job_department"},
    "custom": {},
}


def load_world(shop: OpenShop, name: str) -> None:
    """Make the shop the world's, and put its records in."""
    world = facts(f"worlds/{name}")
    shop.write(lambda tx: _become(tx, world["shop"]))
    for kind, load in LOADERS.items():
        if world.get(kind):
            shop.write(partial(_load, load, world, kind))


def _load(load: Callable[[Tx, Sequence[Written]], None], world: Written, kind: str, tx: Tx) -> None:
    rows = world[kind]
    if kind == "orders":
        rows = [row | world["behind_orders"][row["id"]] for row in rows]
    load(tx, rows)


def _become(tx: Tx, shop: Written) -> None:
    tx.update(
        Shop,
        1,
        name=shop["name"],
        currency=shop["currency"],
        time_zone=shop["time_zone"],
        cdn_url=shop["asset_host"],
        version=tx.shop.version + 1,
    )


def _catalogue(document: Document[Any], counter: str, tx: Tx, rows: Sequence[Written]) -> None:
    columns = [_columns(document, row, tx) for row in rows]
    tx.insert_many(document.record, columns)
    tx.ids.reach(counter, max(row["id"] for row in columns))
    if any("seo_id" in row for row in columns):
        tx.ids.reach("seo", max(row["seo_id"] for row in columns))
    for row in rows:
        _assets(tx, row)


def _columns(document: Document[Any], written: Written, tx: Tx) -> Written:
    values: Written = {}
    for row in document.rows:
        if not isinstance(row, Row):
            continue
        value = _at(written, row.name)
        if row.name.startswith("images."):
            values[row.attribute.key] = value["original"]["filename"] if value else ""
        else:
            values[row.attribute.key] = row.codec.load(value, tx.shop)
    values["id"] = int(written["id"])
    for key in getattr(document.record, "__folded__", {}):
        values[f"{key}_key"] = values[key].lower()
    return values


def _at(written: Written, name: str) -> Any:
    value: Any = written
    for part in name.split("."):
        value = value[part]
    return value


def _assets(tx: Tx, written: Written) -> None:
    files = [file for image in written.get("images", {}).values() if image for file in image.values()]
    tx.insert_many(
        Asset,
        [
            {
                "path": file["uri"],
                "digest": NO_CONTENT,
                "content_type": CONTENT_TYPES[file["filename"].rpartition(".")[2]],
                "byte_size": 0,
                "width": 1,
                "height": 1,
                "created_at": DAWN,
            }
            for file in files
        ],
    )


def _products(tx: Tx, rows: Sequence[Written]) -> None:
    _catalogue(PRODUCT, "product", tx, rows)
    for row in rows:
        own = {"product_id": int(row["id"])}
        tx.insert_many(ProductCategory, [own | {"category_id": int(one["id"])} for one in row["categories"]])
        tx.insert_many(
            ProductCustomField,
            [
                own | {"custom_field_id": int(one["id"]), "value": one["value"]}
                for one in row["custom_fields"]
            ],
        )


def _warehouses(tx: Tx, rows: Sequence[Written]) -> None:
    unknown = {"latitude_e6": None, "longitude_e6": None}
    columns = [_timed(row) | unknown | {"code_key": row["code"].lower()} for row in rows]
    tx.insert_many(Warehouse, columns)
    tx.ids.reach("warehouse", max(row["id"] for row in columns))


def _users(tx: Tx, rows: Sequence[Written]) -> None:
    columns = []
    for row in rows:
        plain = _timed({key: value for key, value in row.items() if not isinstance(value, dict)})
        dob = plain.pop("dob")
        plain["birth_date"] = date.fromisoformat(dob) if dob else None
        for part, names in USER_COLUMNS.items():
            plain |= {names.get(key, key): value for key, value in row[part].items()}
        plain |= {
            "username_key": row["username"].lower(),
            "email_key": row["email"].lower(),
            "removed_at": None,
        }
        columns.append(plain)
    tx.insert_many(Customer, columns)
    tx.ids.reach("customer", max(row["id"] for row in columns))


def _groups(tx: Tx, rows: Sequence[Written]) -> None:
    for row in rows:
        group_id = int(row["id"])
        tx.insert(
            Group,
            id=group_id,
            name=row["name"],
            status=row["status"],
            is_interest=row["interest"] == "on",
            comment=row["comment"],
            created_at=DAWN,
            updated_at=DAWN,
        )
        tx.ids.reach("customer_group", group_id)
        people = [("member", one) for one in row["members"]] + [("owner", one) for one in row["owners"]]
        tx.insert_many(
            GroupMember,
            [{"group_id": group_id, "role": role, "customer_id": int(one)} for role, one in people],
        )


def _notifications(tx: Tx, rows: Sequence[Written]) -> None:
    columns = [
        {
            "id": int(row["id"]),
            "customer_id": int(row["user_id"]),
            "source": row["from"],
            "content": row["content"],
            "read_at": _time(row["read_at"]),
            "created_at": _time(row["created_at"]),
            "updated_at": _time(row["updated_at"]),
            "removed_at": _time(row["deleted_at"]),
        }
        for row in rows
    ]
    tx.insert_many(Notification, columns)
    tx.ids.reach("notification", max(row["id"] for row in columns))


def _subscription_users(tx: Tx, rows: Sequence[Written]) -> None:
    for subscription_id in {row["subscription_id"] for row in rows}:
        tx.insert(
            Subscription,
            id=subscription_id,
            name=f"Plan {subscription_id}",
            product_id=4603286,
            price_e4=_e4("99.95"),
            currency=tx.shop.currency,
            interval_unit="month",
            interval_count=1,
            is_active=True,
            created_at=DAWN,
            updated_at=DAWN,
        )
        tx.ids.reach("subscription", subscription_id)
    columns = [_enrolment(row) for row in rows]
    tx.insert_many(Enrolment, columns)
    tx.ids.reach("enrolment", max(row["id"] for row in columns))


def _enrolment(row: Written) -> Written:
    billing_at = _time(row["next_billing_date"])
    starts_at = _time(row["start"])
    assert starts_at
    return {
        "id": row["id"],
        "customer_id": row["user_id"],
        "subscription_id": row["subscription_id"],
        "parent_order_id": None,
        "starts_at": starts_at,
        "ends_at": _time(row["end"]),
        "is_active": row["status"]["active"],
        "is_paid": row["status"]["payment"],
        "next_order_id": row["next_order_id"],
        "next_billing_at": billing_at,
        "due_at": billing_at,
        "anchor_day": (billing_at or starts_at).day,
        "failed_attempts": 0,
        "created_at": _time(row["created_at"]),
        "updated_at": _time(row["updated_at"]),
    }


def _orders(tx: Tx, rows: Sequence[Written]) -> None:
    _kept(import_orders(tx, [_order(row) for row in rows]))


def _order(row: Written) -> OrderImport:
    order: Written = {
        "id": int(row["id"]),
        "number": row["number"],
        "parent_id": int(row["parent_id"]) or None,
        "customer_id": int(row["user_id"]),
        "warehouse_id": row["warehouse_id"],
        "comments": row["comments"],
        "status": row["status"],
        "created_at": _time(row["created_at"]),
        "updated_at": _time(row["updated_at"]),
        "payment_method": row["payment"]["method"],
        "payment_transaction_id": row["payment"]["transaction_id"],
        "shipping_method": row["shipping"]["method"],
        "tracking_id": row["shipping"]["tracking_id"],
        "carrier": row["shipping"]["carrier"],
        "shipped_at": _time(row["shipping"]["date"]),
        "lines": [
            _line(line) | {"id": line_id} for line, line_id in zip(row["items"], row["line_ids"], strict=True)
        ],
        **{f"{name}_e4": _e4(amount) for name, amount in row["totals"].items()},
        **{
            f"{side}_{name}": row["addresses"][side][name]
            for side in ("billing", "delivery")
            for name in BILLING
        },
        **row["custom"],
    }
    return cast("OrderImport", order)


def _line(item: Written) -> Written:
    line: Written = {
        "type": item["type"],
        "product_id": int(item["id"]),
        "name": item["name"],
        "quantity": int(item["quantity"]),
        "unit_price_e4": _e4(item["unit_price"]),
        "discount_e4": _e4(item["discount"]),
        "tax_e4": _e4(item["tax"]),
    }
    if item["type"] == "bundle":
        return line | {"parts": [_line(part) for part in item["products"]]}
    line |= {"code": item["code"], "options": item["options"]}
    if variant := item["variant"]:
        line |= {
            "variant_id": int(variant["id"]),
            "variant_code": variant["code"],
            "variant_name": variant["name"],
        }
    return line


def _transactions(tx: Tx, rows: Sequence[Written]) -> None:
    payments = [
        {
            **{key: row[key] for key in ("status", "gateway", "response")},
            "id": int(row["id"]),
            "order_id": int(row["order_id"]),
            "date": _time(row["date"]),
            "amount_e4": _e4(row["amount"]),
        }
        for row in rows
    ]
    _kept(import_payments(tx, cast("Any", payments)))


def _logs(tx: Tx, rows: Sequence[Written]) -> None:
    _kept(
        import_order_logs(tx, cast("Any", [row | {"created_at": _time(row["created_at"])} for row in rows]))
    )


def _refunds(tx: Tx, rows: Sequence[Written]) -> None:
    _kept(import_refunds(tx, cast("Any", [_refund(row) for row in rows])))


def _refund(row: Written) -> Written:
    plain = "id order_id user_id parent_id status transaction_id transaction_identifier notes".split()
    return {
        **{name: row[name] for name in plain},
        "created_at": _time(row["created"]),
        "refunded_at": _time(row["refunded"]),
        **{f"{name}_e4": _e4(amount) for name, amount in row["total"].items()},
        "items": [
            {
                "id": item["id"],
                "type": item["type"],
                "order_line_id": item["order_product_id"],
                "quantity": item["qty"],
                "amount_e4": _e4(item["amount"]),
            }
            for item in row["items"]
        ],
    }


def _kept(problems: Sequence[ComptoirError | None]) -> None:
    assert not any(problems), problems


def _timed(row: Written) -> Written:
    times = {"created_at": _time(row["created_at"]), "updated_at": _time(row["updated_at"])}
    return row | times | {"id": int(row["id"])}


def _time(written: str | None) -> datetime | None:
    """A time as the worlds write it: all of them keep theirs in UTC."""
    return datetime.fromisoformat(written).replace(tzinfo=UTC) if written else None


def _e4(amount: str) -> int:
    return e4_of_decimal(Decimal(amount))


# In the order in which records point at each other.
LOADERS: dict[str, Callable[[Tx, Sequence[Written]], None]] = {
    "brands": partial(_catalogue, BRAND, "brand"),
    "categories": partial(_catalogue, CATEGORY, "category"),
    "custom_fields": partial(_catalogue, CUSTOM_FIELD, "custom_field"),
    "products": _products,
    "pricings": partial(_catalogue, PRICING, "pricing"),
    "variants": partial(_catalogue, VARIANT, "variant"),
    "warehouses": _warehouses,
    "users": _users,
    "groups": _groups,
    "notifications": _notifications,
    "orders": _orders,
    "transactions": _transactions,
    "logs": _logs,
    "refunds": _refunds,
    "subscription_users": _subscription_users,
}
