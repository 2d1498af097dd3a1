"""Pictures of a thing: shown in their sizes, dropped, chosen as files or fetched by address, taken away."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from comptoir.console import kinds
from comptoir.console.forms import Field, Filled, Form
from comptoir.console.places import address_of
from comptoir.console.visits import Act, Answer, Gone, Show, Visit
from comptoir.domain.errors import Invalid, Problems
from comptoir.domain.media.actions import fetch_picture, keep_picture
from comptoir.domain.media.images import DEFAULT_SIZES
from comptoir.domain.tx import Tx

SMALL = DEFAULT_SIZES[0].prefix


class Shot(NamedTuple):
    """One slot for a picture: what is in it, if anything."""

    slot: str
    label: str
    name: str
    address: str
    small: str


def pictures_of(row: Mapping[str, Any], folder: str, slots: Mapping[str, str]) -> list[Shot]:
    """A thing's slots with the addresses of their pictures."""
    shots = []
    for slot, label in slots.items():
        name = row[slot]
        address = f"{folder}{name}" if name else ""
        shots.append(Shot(slot, label, name, address, f"{folder}{SMALL}{name}" if name else ""))
    return shots


@dataclass(frozen=True)
class Pictured:
    """The verbs on a thing's pictures: put them into slots, take one away. `update` takes the id under `key`.

    `page` is the end of the address of the page that shows them, when it is not the thing's own.
    """

    path: str
    area: str
    slots: Mapping[str, str]
    update: Callable[..., Any]
    key: str
    shows: Show
    page: str = ""

    def acts(self) -> tuple[Act, ...]:
        """Their addresses."""
        one = f"{self.path}/{{id:digits}}"
        return (
            Act(f"{one}/pictures", self.put, self.area, self.shows, alone=True),
            Act(f"{one}/fetch-picture", self.fetch, self.area, self.shows, alone=True),
            Act(f"{one}/unpicture", self.take, self.area, self.shows),
        )

    def shown(self, visit: Visit, row: Mapping[str, Any], folder: str) -> dict[str, Any]:
        """What the part of a page about pictures is filled with."""
        address = address_of(f"{self.path}/{visit.id}")
        may = visit.may(self.area)
        fetching: Filled | None = None
        if may:
            fetching = self.form.filled(visit, f"{address}/fetch-picture")
            visit.is_told = visit.is_told or (visit.refused is not None and visit.refused.act == "pictures")
        return {
            "pictures": pictures_of(row, folder, self.slots),
            "pictures_at": address,
            "may_picture": may,
            "fetching": fetching,
        }

    @property
    def form(self) -> Form:
        """What is asked when a picture is to be fetched."""
        return Form(
            "fetch-picture",
            (
                Field("url", "Address of a picture", kinds.ADDRESS, required=True),
                Field("slot", "Put it up as", kinds.choice(self.slots), required=True),
            ),
            "Fetch",
        )

    def put(self, visit: Visit) -> Answer:
        """Put up what was chosen; made ready outside any transaction, since that takes a while. Refuses: Problems."""
        values: dict[str, Any] = {}
        problems: list[tuple[str, str]] = []
        for slot in self.slots:
            for upload in visit.asked.files.get(slot, ())[-1:]:
                try:
                    values[slot] = keep_picture(visit.home.media, field=slot, content=upload.content)
                except Invalid as error:
                    problems.append((slot, error.problem))
        if problems:
            raise Problems(problems)
        if values:
            visit.write(lambda tx: self.update(tx, **{self.key: visit.id}, **values))
        return Gone(self.back(visit), "The pictures were put up." if values else "No file was chosen.")

    def fetch(self, visit: Visit) -> Answer:
        """Fetch a picture by its address, outside any transaction, and put it up. Refuses: Problems, ImageRefused."""
        said = visit.read(lambda tx: _read_in(visit, tx, self.form))
        picture = fetch_picture(visit.home.fetcher, visit.home.media, field="url", url=said["url"])
        visit.write(lambda tx: self.update(tx, **{self.key: visit.id, said["slot"]: picture}))
        return Gone(self.back(visit), "The picture was fetched and put up.")

    def take(self, visit: Visit) -> Answer:
        """Take one away. Refuses: Invalid (slot)."""
        slot = visit.asked.posted("slot")
        if slot not in self.slots:
            raise Invalid("slot", "is none of the slots for pictures")
        self.update(visit.tx, **{self.key: visit.id}, **{slot: None})
        return Gone(self.back(visit), "The picture was removed.")

    def back(self, visit: Visit) -> str:
        """The page that shows them."""
        return visit.asked.path.rpartition("/")[0] + self.page


def _read_in(visit: Visit, tx: Tx, form: Form) -> dict[str, Any]:
    """What was typed into a form, read in a transaction of its own."""
    visit.inside(tx)
    try:
        return form.read(visit)
    finally:
        visit.leave()
