"""What is sold and to whom, as places to find things in."""

from comptoir.domain.catalogue.models import Brand, Category, Product, ProductTerms, Variant
from comptoir.domain.coupons.models import Coupon
from comptoir.domain.customers.models import Customer
from comptoir.domain.finding.places import Found, Place, Row, by_key, by_number
from comptoir.domain.identity.permissions import CATALOGUE, CUSTOMERS
from comptoir.domain.money import Money, minor_of_e4
from comptoir.domain.tx import Tx


def _product(tx: Tx, row: Row) -> Found:
    key, code, name, at, price_e4 = row
    price = Money(minor_of_e4(price_e4, tx.shop.currency), tx.shop.currency)
    return Found("product", key, name, code, at, price)


def _variant(_tx: Tx, row: Row) -> Found:
    key, code, name, product = row
    return Found("variant", key, name or code, f"{code} of {product}" if code else f"of {product}")


def _coupon(_tx: Tx, row: Row) -> Found:
    key, code, type_, at = row
    return Found("coupon", key, code, type_, at)


def _named(kind: str) -> Place:
    record = Brand if kind == "brand" else Category

    def tell(_tx: Tx, row: Row) -> Found:
        return Found(kind, row[0], row[1], "", row[2])

    ways = (by_number(record.id),) if record is Brand else (by_number(Category.id), by_key(Category.slug_key))
    return Place(kind, CATALOGUE, record, (record.id, record.name, record.created_at), tell, ways)


def _customer(_tx: Tx, row: Row) -> Found:
    key, first, last, username, email, at = row
    return Found("customer", key, f"{first} {last}".strip() or username or email, email or username, at)


PRODUCTS = Place(
    "product",
    CATALOGUE,
    Product,
    (Product.id, Product.code, Product.name, Product.created_at, Product.price_rrp_e4),
    _product,
    (
        by_number(Product.id),
        by_key(Product.code_key),
        by_key(ProductTerms.vendor_product_key),
        by_number(ProductTerms.assigned_id),
    ),
    parts=(Product.name, Product.code, Product.keywords),
    base=lambda found: found.outerjoin(ProductTerms, ProductTerms.product_id == Product.id),
)
VARIANTS = Place(
    "variant",
    CATALOGUE,
    Variant,
    (Variant.id, Variant.code, Variant.name, Product.name),
    _variant,
    (by_number(Variant.id), by_key(Variant.code_key)),
    base=lambda found: found.join(Product, Product.id == Variant.product_id),
)
COUPONS = Place(
    "coupon",
    CATALOGUE,
    Coupon,
    (Coupon.id, Coupon.code, Coupon.type, Coupon.created_at),
    _coupon,
    (by_key(Coupon.code_key), by_number(Coupon.id)),
)
CUSTOMER_PLACE = Place(
    "customer",
    CUSTOMERS,
    Customer,
    (
        Customer.id,
        Customer.first_name,
        Customer.last_name,
        Customer.username,
        Customer.email,
        Customer.created_at,
    ),
    _customer,
    (by_number(Customer.id), by_key(Customer.username_key), by_key(Customer.email_key)),
    parts=(Customer.email, Customer.last_name, Customer.first_name, Customer.username),
    pair=(Customer.first_name, Customer.last_name),
    base=lambda found: found.where(Customer.removed_at.is_(None)),
)
PLACES = (PRODUCTS, VARIANTS, COUPONS, _named("brand"), _named("category"), CUSTOMER_PLACE)
