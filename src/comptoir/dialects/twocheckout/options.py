"""Options and their values (reference 5.2)."""

from collections.abc import Sequence

from comptoir.dialects.codecs import AMOUNT2, INT_AS_TEXT, TEXT
from comptoir.dialects.edge import Call, Reply
from comptoir.dialects.twocheckout import shapes
from comptoir.dialects.twocheckout.calls import reading, writing
from comptoir.dialects.twocheckout.paging import PAGE_INFO, page_asked, page_info, paging, sorting_asked
from comptoir.dialects.twocheckout.parameters import ParameterInvalid, Parameters, asked_of, in_words
from comptoir.dialects.twocheckout.prices import e4_of
from comptoir.dialects.twocheckout.refusals import Refusal, saying
from comptoir.dialects.twocheckout.replies import ok
from comptoir.dialects.twocheckout.shapes import (
    ASKED_ID,
    ASKED_MONEY,
    a_list,
    an_object,
    given,
    needed,
    repeated,
)
from comptoir.dialects.wire import Document, field, many
from comptoir.domain.catalogue.errors import OptionNotFound, ValueOfAnotherOption
from comptoir.domain.catalogue.listing import OptionSearch, list_options
from comptoir.domain.catalogue.models import Option, OptionValue
from comptoir.domain.catalogue.options import (
    NewValue,
    ValueFields,
    create_option,
    remove_option,
    update_option,
)
from comptoir.storage.reading import Relation

OPTION_VALUE: Document[OptionValue] = Document((
    field("option_value_id", OptionValue.id, INT_AS_TEXT, access="r"),
    field("option_value_name", OptionValue.name, TEXT, access="r"),
    field("option_value_surcharge", OptionValue.surcharge_e4, AMOUNT2, access="r"),
))  # fmt: skip
OPTION: Document[Option] = Document((
    field("option_id", Option.id, INT_AS_TEXT, access="r"),
    field("option_name", Option.name, TEXT, access="r"),
    many(
        "option_values", OPTION_VALUE,
        Relation(
            OptionValue, holder=OptionValue.option_id, key=Option.id,
            order=(OptionValue.position, OptionValue.id),
        ),
    ),
), missing=OptionNotFound)  # fmt: skip
OPTION_SHAPE = an_object({
    "option_id": shapes.ID, "option_name": shapes.TEXT,
    "option_values": a_list(an_object({
        "option_value_id": shapes.ID, "option_value_name": shapes.TEXT,
        "option_value_surcharge": shapes.MONEY,
    })),
})  # fmt: skip

SORTABLE = {"option_id": "id", "option_name": "name"}
# The domain's words for what was sent.
WORDS = {
    "name": "option_name", "values": "option_value_name", "value_name": "option_value_name",
    "surcharge_e4": "option_value_surcharge",
}  # fmt: skip
# As the vendor writes it, slip and all.
MISMATCH = Refusal(
    "PARAMETER_INVALID", "Specified option_value_id does not belong to specifed option_id.",
    parameter="option_value_id",
)  # fmt: skip
VALUE_NAME, VALUE_SURCHARGE, VALUE_ID = "option_value_name", "option_value_surcharge", "option_value_id"


def detail_option(call: Call) -> Reply:
    """One option, in a list of one: so clients read it."""
    asked = asked_of(call)
    option = OPTION.get(call.tx, asked.need_id("option_id"))
    return ok("Option detail retrieved successfully.", option=[option])


def show_options(call: Call) -> Reply:
    """A page of options, by parts of their names or of their values' names."""
    asked = asked_of(call)
    page = page_asked(asked)
    sorting = sorting_asked(asked, SORTABLE, "option_id")
    search = OptionSearch(asked.text("option_name") or "", asked.text(VALUE_NAME) or "")
    found = list_options(
        call.tx, search, order=sorting.column, is_descending=sorting.is_descending,
        limit=page.size, start=page.start,
    )  # fmt: skip
    info = page_info(call, page, found.total)
    shown = {int(option["option_id"]): option for option in OPTION.get_many(call.tx, found.ids)}
    return ok(
        "Option information retrieved successfully.",
        options=[shown[one] for one in found.ids], page_info=info,
    )  # fmt: skip


def create(call: Call) -> Reply:
    """Create an option with its values, names and surcharges paired by their places."""
    asked = asked_of(call)
    asked.demand("option_name", VALUE_NAME, VALUE_SURCHARGE)
    values = _new_values(asked)
    with in_words(WORDS):
        option_id = create_option(call.tx, name=asked.need_text("option_name").strip(), values=values)
    return ok("Option created successfully", option_id=str(option_id))


def update(call: Call) -> Reply:
    """Rename an option; then what is sent of values decides.

    Names and surcharges without ids are new values, with ids they change those; ids alone take them away.
    """
    asked = asked_of(call)
    asked.demand("option_id", "option_name")
    option_id, value_ids = asked.need_id("option_id"), asked.ids(VALUE_ID)
    added: Sequence[NewValue] = ()
    changed: dict[int, ValueFields] = {}
    removed: Sequence[int] = ()
    if not value_ids:
        if _is_given(asked, VALUE_NAME) or _is_given(asked, VALUE_SURCHARGE):
            asked.demand(VALUE_NAME, VALUE_SURCHARGE)
            added = _new_values(asked)
    elif changes := _changes(asked, len(value_ids)):
        changed = dict(zip(value_ids, changes, strict=True))
    else:
        removed = value_ids
    with in_words(WORDS), saying({ValueOfAnotherOption: MISMATCH}):
        update_option(
            call.tx, option_id=option_id, name=asked.need_text("option_name").strip(),
            added=added, changed=changed, removed=removed,
        )  # fmt: skip
    return ok("Option updated successfully")


def delete(call: Call) -> Reply:
    """Remove an option, from the products that have it as well."""
    remove_option(call.tx, option_id=asked_of(call).need_id("option_id"))
    return ok("Option deleted successfully")


def _is_given(asked: Parameters, name: str) -> bool:
    return any(value.strip() for value in asked.all(name))


def _new_values(asked: Parameters) -> list[NewValue]:
    return [NewValue(name, e4) for name, e4 in zip(_names(asked), _surcharges(asked, None), strict=True)]


def _changes(asked: Parameters, count: int) -> list[ValueFields]:
    """What is to become of each of so many values; nothing when nothing is said. Refuses: ParameterInvalid."""
    changes = [ValueFields() for _ in range(count)]
    if not _is_given(asked, VALUE_NAME) and not _is_given(asked, VALUE_SURCHARGE):
        return []
    if _is_given(asked, VALUE_NAME):
        names = _names(asked)
        _refuse_unpaired(VALUE_NAME, names, count)
        for change, name in zip(changes, names, strict=True):
            change["name"] = name
    if _is_given(asked, VALUE_SURCHARGE):
        for change, e4 in zip(changes, _surcharges(asked, count), strict=True):
            change["surcharge_e4"] = e4
    return changes


def _names(asked: Parameters) -> list[str]:
    return [name.strip() for name in asked.all(VALUE_NAME)]


def _surcharges(asked: Parameters, count: int | None) -> list[int]:
    """As many surcharges as there are names, or as many as are wanted. Refuses: ParameterInvalid."""
    surcharges = [e4_of(VALUE_SURCHARGE, amount) for amount in asked.moneys(VALUE_SURCHARGE)]
    _refuse_unpaired(VALUE_SURCHARGE, surcharges, len(asked.all(VALUE_NAME)) if count is None else count)
    return surcharges


def _refuse_unpaired(name: str, values: Sequence[object], count: int) -> None:
    if len(values) != count:
        raise ParameterInvalid(name, f"must come {count} times, once for each value")


_ID = needed("option_id", ASKED_ID, "The option.")
_NAME = needed("option_name", shapes.TEXT, "What the buyer is asked for, such as the size.")
CALLS = (
    reading("products/detail_option", detail_option, takes=(_ID,), shows={"option": a_list(OPTION_SHAPE)}),
    reading(
        "products/list_options", show_options,
        takes=(
            given("option_name", shapes.TEXT, "A part of the name."),
            given(VALUE_NAME, shapes.TEXT, "A part of a value's name."),
            *paging(SORTABLE),
        ),
        shows={"options": a_list(OPTION_SHAPE), "page_info": PAGE_INFO},
    ),
    writing(
        "products/create_option", create,
        takes=(
            _NAME,
            needed(VALUE_NAME, shapes.TEXT, "The values' names; repeat it for more than one."),
            needed(VALUE_SURCHARGE, ASKED_MONEY, "What each value adds to the price, in the same order."),
        ),
        shows={"option_id": shapes.ID},
    ),
    writing(
        "products/update_option", update,
        takes=(
            _ID, _NAME,
            repeated(VALUE_ID, ASKED_ID, "Values to change, or, without names and surcharges, to remove."),
            repeated(VALUE_NAME, shapes.TEXT, "New names, or with no ids, the names of new values."),
            repeated(VALUE_SURCHARGE, ASKED_MONEY, "The surcharges, in the same order."),
        ),
    ),
    writing("products/delete_option", delete, takes=(_ID,)),
)  # fmt: skip
