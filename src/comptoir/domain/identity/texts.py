"""Text that people give of themselves and their things: what cannot be taken, refused in one way."""

from collections.abc import Iterable, Mapping
from typing import Any

from comptoir.domain.errors import Invalid, Problems

SHORT_TEXT_MAX = 255
LONG_TEXT_MAX = 65_536
LOCAL_PART_MAX = 64

Problem = tuple[str, str]


def text_problem(value: str, limit: int) -> str:
    """What is wrong with a text, or nothing. No database keeps NUL, and half a surrogate is no character."""
    if len(value) > limit:
        return f"is longer than {limit} characters"
    if "\0" in value:
        return "holds a NUL character"
    if any("\ud800" <= letter <= "\udfff" for letter in value):
        return "is not valid Unicode"
    return ""


def email_problem(value: str) -> str:
    """What keeps a text from being an e-mail address, or nothing."""
    local, _, domain = value.rpartition("@")
    labels = domain.split(".")
    if (
        not local
        or len(local) > LOCAL_PART_MAX
        or not value.isprintable()
        or any(letter.isspace() or letter in "<>,;" for letter in value)
        or "@" in local
        or not all(labels)
    ):
        return "must be an e-mail address"
    return text_problem(value, SHORT_TEXT_MAX)


def text_problems(
    values: Mapping[str, Any], *, short: Iterable[str] = (), long: Iterable[str] = ()
) -> list[Problem]:
    """What is wrong with the texts among some values, by their names."""
    limits = dict.fromkeys(short, SHORT_TEXT_MAX) | dict.fromkeys(long, LONG_TEXT_MAX)
    return [
        (name, problem)
        for name, value in values.items()
        if name in limits and (problem := text_problem(value, limits[name]))
    ]


def problem_of(problems: list[Problem]) -> Invalid | None:
    """The refusal that names all problems, or None when there are none."""
    if not problems:
        return None
    return Invalid(*problems[0]) if len(problems) == 1 else Problems(problems)


def refuse(problems: list[Problem]) -> None:
    """Refuses: Invalid, when there are problems."""
    refusal = problem_of(problems)
    if refusal is not None:
        raise refusal
