"""Begin a new record of a decision: `make adr TITLE="One domain, three dialects"`."""

import re
import sys
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "docs" / "adr"


def main(title: str) -> int:
    """Write the next page from the template and print its path."""
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    if not slug:
        print('Give it a title: make adr TITLE="One domain, three dialects"', file=sys.stderr)
        return 2
    number = 1 + max((int(path.name[:4]) for path in FOLDER.glob("[0-9]*.md")), default=0)
    page = FOLDER / f"{number:04}-{slug}.md"
    template = (FOLDER / "template.md").read_text()
    page.write_text(template.replace("NUMBER", f"{number:04}").replace("TITLE", title.strip()))
    print(page.relative_to(Path.cwd()) if page.is_relative_to(Path.cwd()) else page)
    return 0


if __name__ == "__main__":
    sys.exit(main(" ".join(sys.argv[1:])))
