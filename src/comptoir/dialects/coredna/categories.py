"""Categories, and taking a product off one (reference 3.5)."""

from comptoir.dialects.codecs import INT_AS_TEXT, NAME, ON_OR_EMPTY, SHORT_TEXT, TEXT, TIME_TEXT, choice
from comptoir.dialects.coredna.assets import fetch_images, images, names_images
from comptoir.dialects.coredna.resource import changer, creator, getter, lister, remover
from comptoir.dialects.coredna.search import Searchable
from comptoir.dialects.coredna.seo import seo
from comptoir.dialects.edge import Call, Reply, Route
from comptoir.dialects.outlines import Outline, outlined
from comptoir.dialects.wire import Document, field
from comptoir.domain.catalogue.categories import (
    IMAGE_FOLDER,
    create_category,
    remove_category,
    update_category,
)
from comptoir.domain.catalogue.errors import CategoryNotFound
from comptoir.domain.catalogue.models import Category
from comptoir.domain.catalogue.products import unlink_category

STATUS = choice({word: word for word in ("", "for_approval", "approved", "published", "archived")})

CATEGORY: Document[Category] = Document(
    (
        field("id", Category.id, INT_AS_TEXT, access="r"),
        field("name", Category.name, NAME, required=True),
        field("slug", Category.slug, SHORT_TEXT),
        field("description", Category.description, TEXT),
        field("keywords", Category.keywords, TEXT),
        field("created_at", Category.created_at, TIME_TEXT, access="r"),
        field("updated_at", Category.updated_at, TIME_TEXT, access="r"),
        field("available.publish", Category.is_published, ON_OR_EMPTY),
        field("available.status", Category.status, STATUS),
        field("comments.comment1", Category.comment1, TEXT),
        field("comments.comment2", Category.comment2, TEXT),
        field("comments.comment3", Category.comment3, TEXT),
        field("comments.comment4", Category.comment4, TEXT),
        field("comments.comment5", Category.comment5, TEXT),
        *images(IMAGE_FOLDER, {"image1": Category.image1}, Category.id),
        *seo(Category, "category"),
    ),
    missing=CategoryNotFound,
)
CATEGORIES = Searchable(CATEGORY)


@outlined(Outline("true"))
def unlink(call: Call) -> Reply:
    """Take a product off a category."""
    unlink_category(call.tx, product_id=call.ids["product_id"], category_id=call.ids["id"])
    return Reply(200, data=True)


ROUTES = (
    Route(
        "categories.create", "POST", "/products/categories", creator(CATEGORY, create_category),
        prepare=fetch_images(CATEGORY, "c"), is_prepared=names_images(CATEGORY),
    ),
    Route("categories.list", "GET", "/products/categories", lister(CATEGORY, CATEGORIES)),
    Route("categories.get", "GET", "/products/categories/{id}", getter(CATEGORY)),
    Route(
        "categories.update", "PUT", "/products/categories/{id}",
        changer(CATEGORY, update_category, "category_id"),
        prepare=fetch_images(CATEGORY, "u"), is_prepared=names_images(CATEGORY),
    ),
    Route(
        "categories.delete", "DELETE", "/products/categories/{id}", remover(remove_category, "category_id")
    ),
    Route(
        "products.remove_category", "DELETE", "/products/{product_id}/category/{id}", unlink,
        ("/products/{product_id}/categories/{id}",),
    ),
)  # fmt: skip
