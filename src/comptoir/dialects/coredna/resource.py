"""The five verbs that most resources share: list, get, create, change, remove."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from comptoir.dialects.coredna.assets import loaded
from comptoir.dialects.coredna.search import Searchable
from comptoir.dialects.edge import Call, Handler, Reply
from comptoir.dialects.outlines import Outline, outlined
from comptoir.dialects.wire import Document
from comptoir.domain.errors import Invalid
from comptoir.storage.reading import Filter

Scope = Callable[[Call], tuple[Filter, ...]]


@contextmanager
def in_words_of(document: Document[Any]) -> Iterator[None]:
    """Let a verb's refusal name the field as the document does, not as the domain does."""
    try:
        yield
    except Invalid as error:
        error.field = document.words.get(error.field, error.field)
        raise


def lister(document: Document[Any], searchable: Searchable, scope: Scope | None = None) -> Handler:
    """A page of the records that fit the query; `scope` narrows it to a parent record."""

    @outlined(Outline("many", document, searches=document))
    def show_list(call: Call) -> Reply:
        within = () if scope is None else scope(call)
        page = searchable.page(call.request.query, call.tx.shop)
        data = document.page(call.tx, (*within, *page.filters), limit=page.limit, start=page.start)
        return Reply(200, data)

    return show_list


def counter(document: Document[Any], searchable: Searchable) -> Handler:
    """How many records fit the query, as an object with a number in text (reference 3.10)."""

    @outlined(Outline("count", searches=document))
    def show_count(call: Call) -> Reply:
        filters = searchable.filters(call.request.query, call.tx.shop)
        return Reply(200, {"count": str(document.count(call.tx, filters))})

    return show_count


def getter(document: Document[Any]) -> Handler:
    """One record by the id in the path."""

    @outlined(Outline("one", document))
    def show(call: Call) -> Reply:
        return Reply(200, document.get(call.tx, call.ids["id"]))

    return show


def creator(document: Document[Any], create: Callable[..., int]) -> Handler:
    """Create a record with the domain's verb and show it."""

    @outlined(Outline("one", document, 201, takes=document, mode="c"))
    def create_record(call: Call) -> Reply:
        with in_words_of(document):
            record_id = create(call.tx, **loaded(call, document, "c"))
        return Reply(201, document.get(call.tx, record_id))

    return create_record


def changer(document: Document[Any], update: Callable[..., None], key: str) -> Handler:
    """Change a record with the domain's verb and show it; a body without usable fields changes nothing."""

    @outlined(Outline("one", document, takes=document, mode="u"))
    def change_record(call: Call) -> Reply:
        document.require(call.tx, call.ids["id"])
        values = loaded(call, document, "u")
        if values:
            with in_words_of(document):
                update(call.tx, **{key: call.ids["id"]}, **values)
        return Reply(200, document.get(call.tx, call.ids["id"]))

    return change_record


def remover(remove: Callable[..., None], key: str) -> Handler:
    """Remove a record with the domain's verb; the answer is true."""

    @outlined(Outline("true"))
    def remove_record(call: Call) -> Reply:
        remove(call.tx, **{key: call.ids["id"]})
        return Reply(200, data=True)

    return remove_record
