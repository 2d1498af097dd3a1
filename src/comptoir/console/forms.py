"""Forms, declared as rows: what is asked, how it is read, and what was shown when it was asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, NamedTuple

from comptoir.console.asking import Upload
from comptoir.console.kinds import LINE, Kind
from comptoir.console.visits import Visit
from comptoir.domain.errors import Conflict, Problems
from comptoir.domain.shop import ShopFacts

MANY_MAX = 2_000
SEEN_BYTES = 6
CHOSEN = "_chosen"
UNSHOWN = frozenset({"file", "password"})


@dataclass(frozen=True)
class Field:
    """One field: its name (the verb's own word), its label, its kind; what else a person should know."""

    name: str
    label: str
    kind: Kind = LINE
    required: bool = False
    hint: str = ""
    rows: int = 4
    autocomplete: str = "off"
    group: str = ""


class FilledField(NamedTuple):
    """A field as it is shown."""

    field: Field
    values: Sequence[str]
    choices: Sequence[tuple[str, str]]
    problem: str

    @property
    def value(self) -> str:
        """What stands in it."""
        return self.values[-1] if self.values else ""


class Filled(NamedTuple):
    """A form as it is shown: where it posts to, its fields, what is wrong with it, what it was filled from."""

    action: str
    button: str
    fields: Sequence[FilledField]
    problem: str
    seen: str
    is_refused: bool
    has_files: bool

    @property
    def groups(self) -> dict[str, list[FilledField]]:
        """The fields by the title they stand under, in their order."""
        found: dict[str, list[FilledField]] = {}
        for one in self.fields:
            found.setdefault(one.field.group, []).append(one)
        return found


class ChangedMeanwhile(Conflict):
    """Somebody else changed what the form is about after it was shown."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__("somebody else changed this while you were editing")
        self.names = tuple(names)


@dataclass(frozen=True)
class Form:
    """A form by the name of the act that it posts to."""

    act: str
    fields: tuple[Field, ...]
    button: str = "Save"

    def filled(
        self, visit: Visit, action: str, values: Mapping[str, Any] | None = None, button: str = ""
    ) -> Filled:
        """The form with these values, or with what was typed when it was refused."""
        refused = visit.refused if visit.refused is not None and visit.refused.act == self.act else None
        visit.is_told = visit.is_told or refused is not None
        shown = values or {}
        fields = [self._field(visit, one, shown, refused) for one in self.fields]
        named = {one.name for one in self.fields}
        rest: list[str] = []
        if refused is not None:
            rest = [said for name, said in refused.problems.items() if name not in named]
        seen = "" if values is None else seen_of(self, values, visit.shop)
        return Filled(
            action, button or self.button, fields, " ".join(rest), seen, refused is not None,
            any(one.kind.widget == "file" for one in self.fields),
        )  # fmt: skip

    def _field(self, visit: Visit, one: Field, values: Mapping[str, Any], refused: Any) -> FilledField:
        choices = () if one.kind.choices is None else one.kind.choices(visit)
        if refused is not None:
            typed = () if one.kind.widget in UNSHOWN else said_of(one, refused.form)
            problem = refused.problems.get(one.name, "")
            if problem and one.kind.finds is not None and typed:
                choices = one.kind.finds(visit, typed[-1])
            return FilledField(one, typed, choices, problem)
        return FilledField(one, written(one, values.get(one.name), visit.shop), choices, "")

    def read(self, visit: Visit) -> dict[str, Any]:
        """What was typed, by name; files as Upload or None. Refuses: Problems, all at once."""
        problems: list[tuple[str, str]] = []
        values: dict[str, Any] = {}
        for one in self.fields:
            try:
                values[one.name] = self._read(visit, one)
            except ValueError as error:
                problems.append((one.name, str(error)))
        if problems:
            raise Problems(problems)
        return values

    def _read(self, visit: Visit, one: Field) -> Any:
        if one.kind.widget == "file":
            uploads: Sequence[Upload] = visit.asked.files.get(one.name, ())
            if one.required and not uploads:
                raise ValueError("must be chosen")
            return list(uploads) if one.kind.is_many else (uploads[-1] if uploads else None)
        typed = [value for value in said_of(one, visit.asked.form) if value.strip()]
        if not typed:
            if one.required:
                raise ValueError("must not be empty")
            return [] if one.kind.is_many else one.kind.empty
        allowed = None if one.kind.choices is None else {value for value, _ in one.kind.choices(visit)}
        if len(typed) > MANY_MAX or (allowed is not None and not allowed.issuperset(typed)):
            raise ValueError("must be one of the choices")
        if one.kind.is_many:
            return [one.kind.read(value, visit.shop) for value in typed]
        return one.kind.read(typed[-1], visit.shop)

    def changes(self, visit: Visit, now: Mapping[str, Any]) -> dict[str, Any]:
        """What was typed that differs from what is kept. Refuses: Problems, ChangedMeanwhile."""
        values = self.read(visit)
        self.refuse_stale(visit, now)
        return {
            one.name: values[one.name]
            for one in self.fields
            if _differs(one, values[one.name], now.get(one.name), visit.shop)
        }

    def refuse_stale(self, visit: Visit, now: Mapping[str, Any]) -> None:
        """Refuses: ChangedMeanwhile, when what is kept is not what the form was filled from."""
        seen = visit.asked.posted("seen")
        if not seen:
            return
        before, after = seen.split("."), seen_of(self, now, visit.shop).split(".")
        if before != after:
            names = [one.name for one, b, a in zip(self.fields, before, after, strict=False) if a != b]
            raise ChangedMeanwhile(names)


def said_of(one: Field, form: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """What was typed into a field; or what was chosen instead, among what was found by that."""
    chosen = form.get(f"{one.name}{CHOSEN}", ()) if one.kind.finds is not None else ()
    return [value for value in chosen if value.strip()] or form.get(one.name, ())


def _differs(one: Field, typed: Any, kept: Any, shop: ShopFacts) -> bool:
    """Whether something was typed that is not kept yet; of a secret or a file, whether there is one."""
    if one.kind.widget in UNSHOWN:
        return bool(typed)
    return written(one, typed, shop) != written(one, kept, shop)


def written(one: Field, value: Any, shop: ShopFacts) -> list[str]:
    """A value as it stands in its field."""
    if one.kind.is_many:
        return sorted(one.kind.write(part, shop) for part in value or ())
    return [one.kind.write(value, shop)] if value is not None else [""]


def seen_of(form: Form, values: Mapping[str, Any], shop: ShopFacts) -> str:
    """A mark of what the form shows, a part for each field, so that a later look tells what was changed."""
    marks = []
    for one in form.fields:
        shown = "\0".join(written(one, values.get(one.name), shop))
        marks.append(blake2b(shown.encode("utf-8", "replace"), digest_size=SEEN_BYTES).hexdigest())
    return ".".join(marks)
