"""What search engines are told of a product or a category (reference 3.2)."""

from typing import Any

from comptoir.dialects.codecs import INT_AS_TEXT, TEXT
from comptoir.dialects.wire import AnyRow, computed, field
from comptoir.domain.catalogue.models import Category, Product
from comptoir.domain.shop import ShopFacts

MODULE_SCHEMA = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "type": {"type": "string"}, "id": {"type": "string"}},
}


def seo(record: type[Product] | type[Category], kind: str) -> tuple[AnyRow, ...]:
    """The rows of the `seo` object."""

    def module(record_id: int, _shop: ShopFacts) -> dict[str, Any]:
        return {"name": "prodcatalogue", "type": kind, "id": str(record_id)}

    return (
        field("seo.id", record.seo_id, INT_AS_TEXT, access="r"),
        field("seo.title", record.seo_title, TEXT),
        field("seo.description", record.seo_description, TEXT),
        field("seo.keywords", record.seo_keywords, TEXT),
        field("seo.robots", record.seo_robots, TEXT),
        computed("seo.module", module, record.id, schema=MODULE_SCHEMA),
    )
