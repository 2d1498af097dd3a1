"""A plain noun: its list, the page of one, and the verbs to create, change and remove it, from one declaration."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from comptoir.console.forms import Form
from comptoir.console.listing import Listing, show_list
from comptoir.console.places import address_of
from comptoir.console.visits import Act, Answer, Gone, Page, Shown, Visit
from comptoir.domain.events.queries import list_events_of
from comptoir.domain.tx import Tx

Row = Mapping[str, Any]
Entries = tuple[Page | Act, ...]


@dataclass(frozen=True, eq=False)
class Editing:
    """What a plain noun is made of.

    `subject` is the noun as events have it, `noun` as people say it. `get` gives everything the form shows, and
    refuses NotFound. The verbs take the form's fields by name and the id under `key`. `more` adds to the page's
    values; `template` is record.html or extends it. `named` is how one of them is called in a sentence. `new_form`
    is asked of a new one when it is another than `form`, and `begins` stands in it. `above` is where one of them
    belongs, as a title and a path, when that is not the list.
    """

    subject: str
    noun: str
    listing: Listing
    form: Form
    get: Callable[[Tx, int], Row]
    create: Callable[..., int] | None = None
    update: Callable[..., Any] | None = None
    remove: Callable[..., Any] | None = None
    key: str = "id"
    more: Callable[[Visit, Row], Mapping[str, Any]] | None = None
    template: str = "record.html"
    named: Callable[[Row], str] = lambda row: str(row["name"])
    new_form: Form | None = None
    begins: Mapping[str, Any] = field(default_factory=dict)
    above: Callable[[Visit, Row], tuple[str, str]] | None = None

    def pages(self) -> Entries:
        """Every address of the noun."""
        path, area = self.listing.path, self.listing.area
        entries: list[Page | Act] = [
            Page(path, show_list(self.listing), area),
            Page(f"{path}/{{id:digits}}", self.show, area),
        ]
        if self.create is not None:
            entries += [
                Page(f"{path}/new", self.show_new, area),
                Act(f"{path}/new", self.make, area, self.show_new),
            ]
        if self.update is not None:
            entries.append(Act(f"{path}/{{id:digits}}/update", self.change, area, self.show))
        if self.remove is not None:
            entries.append(Act(f"{path}/{{id:digits}}/remove", self.take_away, area, self.show))
        return tuple(entries)

    def show(self, visit: Visit) -> Answer:
        """The page of one."""
        row = self.get(visit.tx, visit.id)
        address = self.listing.link(visit.id)
        may = self.update is not None and visit.may(self.listing.area)
        values: dict[str, Any] = {
            "row": row,
            "title": self.named(row),
            "way": self.way(visit, row),
            "address": address,
            "filled": self.form_of("update").filled(visit, f"{address}/update", row) if may else None,
            "shown": [] if may else self.form.filled(visit, "", row).fields,
            "may_remove": self.remove is not None and visit.may(self.listing.area),
            "remove_path": f"{self.listing.path}/{visit.id}/remove",
            "happened": list_events_of(visit.tx, subject=self.subject, subject_id=visit.id),
        }
        return Shown(self.template, values | dict({} if self.more is None else self.more(visit, row)))

    def show_new(self, visit: Visit) -> Answer:
        """The empty form."""
        address = address_of(f"{self.listing.path}/new")
        filled = self.form_of("new").filled(visit, address, self.begins, button="Create")
        way = [(self.listing.title, address_of(self.listing.path))]
        return Shown("form.html", {"title": f"New {self.noun}", "way": way, "filled": filled})

    def make(self, visit: Visit) -> Answer:
        """Create one."""
        assert self.create is not None
        made = self.create(visit.tx, **self.form_of("new").read(visit))
        return Gone(self.listing.link(made), f"The {self.noun} was created.")

    def change(self, visit: Visit) -> Answer:
        """Change what differs."""
        assert self.update is not None
        changes = self.form.changes(visit, self.get(visit.tx, visit.id))
        if changes:
            self.update(visit.tx, **{self.key: visit.id}, **changes)
        said = f"The {self.noun} was saved." if changes else "Nothing was changed."
        return Gone(self.listing.link(visit.id), said)

    def take_away(self, visit: Visit) -> Answer:
        """Remove it."""
        assert self.remove is not None
        _, back = self.way(visit, self.get(visit.tx, visit.id))[-1]
        self.remove(visit.tx, **{self.key: visit.id})
        return Gone(back, f"The {self.noun} was removed.")

    def way(self, visit: Visit, row: Row) -> list[tuple[str, str]]:
        """From the list down to one of them."""
        way = [(self.listing.title, address_of(self.listing.path))]
        if self.above is not None:
            title, path = self.above(visit, row)
            way.append((title, address_of(path)))
        return way

    def form_of(self, act: str) -> Form:
        """The form under the name of an act."""
        form = self.new_form if act == "new" and self.new_form is not None else self.form
        return Form(act, form.fields, form.button)
