"""The sample bank's disclosures: as pages to read, and as HTML to show before somebody accepts them."""

import tomllib
from datetime import UTC, datetime
from functools import cache
from html import escape
from importlib import resources
from typing import Any, NamedTuple

from comptoir.papers.pressing import pressed

BANK = "Comptoir Sample Bank"
# As the recorded sandbox has them; they hold on and on, so that a demo never runs out of them.
EFFECTIVE_AT = datetime(2014, 3, 5, tzinfo=UTC)
EXPIRES_AT = datetime(2099, 12, 31, tzinfo=UTC)
ABOUT = {"en": "Effective March 5, 2014", "es": "En vigor desde el 5 de marzo de 2014"}
FOOT = {"en": "Sample document", "es": "Documento de muestra"}


class Disclosure(NamedTuple):
    """One document that customers accept."""

    id: int
    document_type: str
    culture: str
    title: str
    sections: list[tuple[str, str]]

    @property
    def language(self) -> str:
        """The language of its culture."""
        return self.culture.partition("-")[0]

    @property
    def html(self) -> str:
        """The text as a part of a page."""
        parts = "".join(f"<h2>{escape(name)}</h2><p>{escape(words)}</p>" for name, words in self.sections)
        return f"<h1>{escape(self.title)}</h1>{parts}"

    @property
    def pdf(self) -> bytes:
        """The text as pages."""
        facts: dict[str, Any] = {
            "title": self.title,
            "bank": BANK,
            "lang": self.language,
            "about": ABOUT[self.language],
            "foot": f"{BANK}  ·  {FOOT[self.language]}",
            "sections": self.sections,
        }
        return pressed("disclosure.typ", facts, made_at=EFFECTIVE_AT)


@cache
def sample_disclosures() -> tuple[Disclosure, ...]:
    """Every disclosure of the sample bank, with the ids that were recorded."""
    text = resources.files(__package__).joinpath("disclosures.toml").read_text(encoding="utf-8")
    return tuple(
        Disclosure(
            one["id"], one["type"], one["culture"], one["title"], [tuple(part) for part in one["sections"]]
        )
        for one in tomllib.loads(text)["disclosures"]
    )
