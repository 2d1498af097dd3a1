"""Gather the words of the buyers' pages for their translators: `python scripts/words.py` writes the catalogue."""

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

STOREFRONT = Path(__file__).parents[1] / "src" / "comptoir" / "storefront"
TEMPLATE = STOREFRONT / "locale" / "checkout.pot"
METHODS = [("**.py", "python"), ("**.html", "jinja2.ext:babel_extract")]
OPTIONS = {"**.html": {"trimmed": "true"}}
KEYWORDS = {"marked": None, "_": None, "gettext": None}


def gathered() -> Catalog:
    """All texts that are translated, each with the places where it stands."""
    catalog = Catalog(project="comptoir", charset="utf-8", fuzzy=False)
    found = extract_from_dir(STOREFRONT, METHODS, OPTIONS, KEYWORDS)
    for file, _line, message, comments, context in sorted(found, key=lambda each: (each[0], each[1])):
        catalog.add(message, locations=[(file, 0)], auto_comments=comments, context=context)
    return catalog


def written(catalog: Catalog) -> str:
    """The catalogue as a file, without what would change from day to day."""
    page = io.BytesIO()
    write_po(page, catalog, width=100, omit_header=True, include_lineno=False, sort_output=True)
    return page.getvalue().decode()


def main() -> int:
    """Write the template."""
    TEMPLATE.parent.mkdir(exist_ok=True)
    TEMPLATE.write_text(written(gathered()))
    print(f"{len(gathered())} texts in {TEMPLATE.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
