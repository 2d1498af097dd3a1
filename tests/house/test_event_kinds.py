"""Whatever happens can be chosen for a webhook: every kind of event begins with a word of the table."""

import ast
from collections.abc import Iterator
from pathlib import Path

import comptoir
from comptoir.domain.events.kinds import KINDS
from comptoir.domain.webhooks.outbox import SILENT

DOMAIN = Path(comptoir.__file__).parent / "domain"
WORDS = {word for names in KINDS.values() for word in names}


def noted() -> Iterator[tuple[str, str]]:
    """The first words of kinds that are written out where they are noted, and where that is."""
    for path in sorted(DOMAIN.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "note"
            ):
                continue
            for part in ast.walk(node.args[0]) if node.args else ():
                if isinstance(part, ast.Constant) and isinstance(part.value, str) and "." in part.value:
                    yield part.value.partition(".")[0], f"{path.relative_to(DOMAIN)}:{node.lineno}"


def test_every_kind_of_event_can_be_chosen() -> None:
    unknown = {(word, place) for word, place in noted() if word and word not in WORDS | SILENT}
    assert not unknown


def test_every_choice_is_a_kind_of_event() -> None:
    found = {word for word, _ in noted()}
    # These are noted under a name that is put together.
    composed = {
        "notification",
        "exchange_rate",
        "tax_rate",
        "shipping_method",
        "customer",
        "group",
        "relationship",
    }
    assert WORDS - found - composed == set()
