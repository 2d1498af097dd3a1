"""Custom fields: properties which the merchant adds to products."""

from comptoir.console import kinds, limits
from comptoir.console.cells import badge, text
from comptoir.console.editing import Editing
from comptoir.console.filters import contains
from comptoir.console.forms import Field, Form
from comptoir.console.listing import Listing, Sort, by_number
from comptoir.domain.catalogue.custom_fields import (
    create_custom_field,
    remove_custom_field,
    update_custom_field,
)
from comptoir.domain.catalogue.models import CustomField
from comptoir.domain.catalogue.queries import get_row
from comptoir.domain.identity.permissions import CATALOGUE

CUSTOM_FIELDS = Listing(
    "custom-fields",
    "Custom fields",
    "/custom-fields",
    CustomField,
    columns=(
        text("Name", CustomField.name),
        text("Description", CustomField.description),
        badge("State", CustomField.status),
    ),
    sorts=(
        *by_number(CustomField.id),
        Sort("name", "name", CustomField.name_key),
    ),
    filters=(contains("name", "Name", CustomField.name),),
    area=CATALOGUE,
    make="New custom field",
    about="What products have besides what all of them have, such as the material or the voltage.",
)
CUSTOM_FIELD = Form(
    "update",
    (
        Field("name", "Name", limits.SHORT, required=True),
        Field("status", "State", kinds.choice({"active": "active"})),
        Field("description", "Description", limits.LONG, rows=3),
    ),
)
EDITING = Editing(
    "custom_field", "custom field", CUSTOM_FIELDS, CUSTOM_FIELD, lambda tx, key: get_row(tx, CustomField, key),
    create_custom_field, update_custom_field, remove_custom_field,
    key="field_id", begins={"status": "active"},
)  # fmt: skip
PAGES = EDITING.pages()
