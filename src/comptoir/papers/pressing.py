"""Setting type: a template of ours and what it shows, as PDF. The same in gives the same bytes out.

What is shown comes as data, never as part of the template: no text can become markup.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

if TYPE_CHECKING:
    import typst

HERE = Path(__file__).parent
FONTS = HERE / "fonts"
# Tagged for those who hear a page instead of seeing it.
ACCESSIBLE: Final = "ua-1"
# The scripts that the fonts we carry can write: Latin, Greek, Cyrillic, Hebrew, Arabic and signs.
WRITABLE = ((0x0000, 0x07FF), (0x1E00, 0x2BFF), (0xFB1D, 0xFEFF), (0x1F600, 0x1F64F))


def pressed(template: str, facts: Mapping[str, Any], *, made_at: datetime) -> bytes:
    """A page or several as PDF.

    Scripts that our fonts do not know are written with the machine's fonts, where it has some. A sign that
    none of them has leaves an empty box and an untagged page, but the page is made.
    """
    import typst  # noqa: PLC0415 - loaded by whoever asks for the first page

    told = msgspec.json.encode(facts).decode()
    fonts = _fonts(is_ours=is_writable(told))
    source = (HERE / template).read_bytes()

    def compiled(standards: "list[typst.PDFStandard]") -> bytes:
        return typst.compile(
            source,
            font_paths=fonts,
            sys_inputs={"facts": told},
            pdf_standards=standards,
            timestamp=made_at.replace(microsecond=0),
        )

    try:
        return compiled([ACCESSIBLE])
    except typst.TypstError:
        return compiled([])


def is_writable(text: str) -> bool:
    """Whether the fonts that we carry have what a text is written in."""
    return all(any(first <= ord(sign) <= last for first, last in WRITABLE) for sign in set(text))


@cache
def _fonts(*, is_ours: bool) -> "typst.Fonts":
    import typst  # noqa: PLC0415 - loaded by whoever asks for the first page

    return typst.Fonts(
        include_system_fonts=not is_ours, include_embedded_fonts=not is_ours, font_paths=[str(FONTS)]
    )
