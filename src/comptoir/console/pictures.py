"""Pictures of a thing: shown in their sizes, dropped or chosen as files, taken away."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from comptoir.console.visits import Act, Answer, Gone, Show, Visit
from comptoir.domain.errors import Invalid, Problems
from comptoir.domain.media.actions import keep_picture
from comptoir.domain.media.images import DEFAULT_SIZES

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
    """The verbs on a thing's pictures: put them into slots, take one away. `update` takes the id under `key`."""

    path: str
    area: str
    slots: Mapping[str, str]
    update: Callable[..., Any]
    key: str
    shows: Show

    def acts(self) -> tuple[Act, ...]:
        """Their addresses."""
        one = f"{self.path}/{{id:digits}}"
        return (
            Act(f"{one}/pictures", self.put, self.area, self.shows, alone=True),
            Act(f"{one}/unpicture", self.take, self.area, self.shows),
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
        return Gone(back(visit), "The pictures were put up." if values else "No file was chosen.")

    def take(self, visit: Visit) -> Answer:
        """Take one away. Refuses: Invalid (slot)."""
        slot = visit.asked.posted("slot")
        if slot not in self.slots:
            raise Invalid("slot", "is none of the slots for pictures")
        self.update(visit.tx, **{self.key: visit.id}, **{slot: None})
        return Gone(back(visit), "The picture was removed.")


def back(visit: Visit) -> str:
    """The page of the thing."""
    return visit.asked.path.rpartition("/")[0]
