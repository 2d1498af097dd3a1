"""Warehouses, read only (reference 3.15)."""

from comptoir.dialects.codecs import INT_AS_TEXT, SHORT_TEXT, TIME_TEXT
from comptoir.dialects.coredna.resource import getter, lister
from comptoir.dialects.coredna.search import Searchable
from comptoir.dialects.edge import Route
from comptoir.dialects.wire import Document, field
from comptoir.domain.inventory.errors import WarehouseNotFound
from comptoir.domain.inventory.models import Warehouse

WAREHOUSE: Document[Warehouse] = Document(
    (
        field("id", Warehouse.id, INT_AS_TEXT, access="r"),
        field("name", Warehouse.name, SHORT_TEXT, access="r"),
        field("code", Warehouse.code, SHORT_TEXT, access="r"),
        field("street", Warehouse.street, SHORT_TEXT, access="r"),
        field("suburb", Warehouse.suburb, SHORT_TEXT, access="r"),
        field("city", Warehouse.city, SHORT_TEXT, access="r"),
        field("state", Warehouse.state, SHORT_TEXT, access="r"),
        field("postcode", Warehouse.postcode, SHORT_TEXT, access="r"),
        field("country", Warehouse.country, SHORT_TEXT, access="r"),
        field("created_at", Warehouse.created_at, TIME_TEXT, access="r"),
        field("updated_at", Warehouse.updated_at, TIME_TEXT, access="r"),
    ),
    missing=WarehouseNotFound,
)
WAREHOUSES = Searchable(WAREHOUSE)

ROUTES = (
    Route("warehouses.get", "GET", "/warehouses/{id}", getter(WAREHOUSE)),
    Route("warehouses.list", "GET", "/warehouses", lister(WAREHOUSE, WAREHOUSES)),
)
