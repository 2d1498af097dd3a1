"""What a shop's link or form asks for: names and texts, in the order in which they came (reference 8.1)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from comptoir.domain.checkout.errors import CartRefused
from comptoir.domain.identity.texts import text_problem

COUNT_MAX = 12_000
NAME_MAX = 128
VALUE_MAX = 4_096
YES = "Y"
# A link that was escaped twice has `&amp;` between its parameters.
ESCAPED = "amp;"

Pairs = list[list[str]]


@dataclass(slots=True)
class Parameters:
    """The parameters of one checkout, and what was found wrong with them while they were read."""

    values: Mapping[str, str]
    problems: list[tuple[str, str]] = field(default_factory=list)

    @property
    def pairs(self) -> Pairs:
        """The parameters as they are kept."""
        return [[name, value] for name, value in self.values.items()]

    def has(self, name: str) -> bool:
        """Whether the parameter says anything."""
        return bool(self.values.get(name, "").strip())

    def text(self, name: str, *, most: int = VALUE_MAX, is_plain: bool = False) -> str:
        """A text without blanks around it; a plain one has no angle brackets."""
        value = self.values.get(name, "").strip()
        if len(value) > most:
            self.refuse(name, f"is longer than {most} characters")
        elif is_plain and any(letter in "<>" for letter in value):
            self.refuse(name, "must not hold < or >")
        return value[:most]

    def whole(self, name: str, *, least: int, most: int, default: int) -> int:
        """A whole number."""
        value = self.text(name)
        if not value:
            return default
        if value.isascii() and value.isdigit() and len(value) < 10 and least <= int(value) <= most:
            return int(value)
        self.refuse(name, f"must be a whole number from {least} to {most}")
        return default

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A Y or an N."""
        value = self.text(name).upper()
        if value not in {"", YES, "N"}:
            self.refuse(name, "must be Y or N")
        return value == YES if value else default

    def refuse(self, name: str, problem: str) -> None:
        """Note what is wrong with a parameter."""
        self.problems.append((name, problem))

    def settle(self) -> None:
        """Refuses: CartRefused, when anything was found wrong."""
        if self.problems:
            raise CartRefused(self.problems)


def read_parameters(pairs: Iterable[tuple[str, str]]) -> Parameters:
    """The parameters as they were sent. Where a name is sent again, the last value counts.

    Refuses: CartRefused.
    """
    values: dict[str, str] = {}
    problems: list[tuple[str, str]] = []
    for name, value in _unescaped(pairs):
        if len(values) >= COUNT_MAX:
            raise CartRefused([("parameters", f"are more than {COUNT_MAX}")])
        problem = text_problem(name, NAME_MAX) or text_problem(value, VALUE_MAX)
        if problem:
            problems.append((name[:NAME_MAX], problem))
        values[name] = value
    if problems:
        raise CartRefused(problems)
    return Parameters(values)


def _unescaped(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for name, value in pairs:
        plain = name
        while plain.startswith(ESCAPED):
            plain = plain.removeprefix(ESCAPED)
        if plain:
            yield plain, value
