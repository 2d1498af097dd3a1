"""Brands (reference 3.4)."""

from comptoir.dialects.codecs import INT_AS_TEXT, NAME, ON_OR_EMPTY, SHORT_TEXT, TEXT, TIME_TEXT, choice
from comptoir.dialects.coredna.assets import fetch_images, images, names_images
from comptoir.dialects.coredna.resource import changer, creator, getter, lister, remover
from comptoir.dialects.coredna.search import Searchable
from comptoir.dialects.edge import Route
from comptoir.dialects.wire import Document, field
from comptoir.domain.catalogue.brands import IMAGE_FOLDER, create_brand, remove_brand, update_brand
from comptoir.domain.catalogue.errors import BrandNotFound
from comptoir.domain.catalogue.models import Brand

BRAND: Document[Brand] = Document(
    (
        field("id", Brand.id, INT_AS_TEXT, access="r"),
        field("name", Brand.name, NAME, required=True),
        field("description", Brand.description, TEXT),
        field("created_at", Brand.created_at, TIME_TEXT, access="r"),
        field("updated_at", Brand.updated_at, TIME_TEXT, access="r"),
        field("available.publish", Brand.is_published, ON_OR_EMPTY),
        field("available.status", Brand.status, choice({"": ""})),
        field("comments.comment1", Brand.comment1, TEXT),
        field("comments.comment2", Brand.comment2, TEXT),
        field("comments.comment3", Brand.comment3, TEXT),
        field("contact.address.address", Brand.street, SHORT_TEXT),
        field("contact.address.postcode", Brand.postcode, SHORT_TEXT),
        field("contact.address.state", Brand.state, SHORT_TEXT),
        field("contact.email", Brand.email, SHORT_TEXT),
        field("contact.fax", Brand.fax, SHORT_TEXT),
        field("contact.phone", Brand.phone, SHORT_TEXT),
        *images(IMAGE_FOLDER, {"image1": Brand.image1, "image2": Brand.image2}, Brand.id),
    ),
    missing=BrandNotFound,
)
BRANDS = Searchable(BRAND)

ROUTES = (
    Route(
        "brands.create", "POST", "/products/brands", creator(BRAND, create_brand),
        prepare=fetch_images(BRAND, "c"), is_prepared=names_images(BRAND),
    ),
    Route("brands.list", "GET", "/products/brands", lister(BRAND, BRANDS)),
    Route("brands.get", "GET", "/products/brands/{id}", getter(BRAND)),
    Route(
        "brands.update", "PUT", "/products/brands/{id}", changer(BRAND, update_brand, "brand_id"),
        prepare=fetch_images(BRAND, "u"), is_prepared=names_images(BRAND),
    ),
    Route("brands.delete", "DELETE", "/products/brands/{id}", remover(remove_brand, "brand_id")),
)  # fmt: skip
