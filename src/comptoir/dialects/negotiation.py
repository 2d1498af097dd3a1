"""Which format an answer is written in, by the Accept header (Core dna reference 1.3, 2Checkout 1.6)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_RANGE = re.compile(rf"\s*({_WORD})/({_WORD})\s*((?:;[^;]*)*)")
_PARAMETER = re.compile(rf"\s*({_WORD})\s*=\s*({_WORD}|\"[^\"]*\")\s*")
# Qualities are read as thousandths: they have three decimals at most.
_QUALITY = re.compile(r"0(?:\.([0-9]{0,3}))?|1(?:\.0{0,3})?")
_FULL = 1000
_HTML = "text/html"
# What clients and browsers send most, answered without reading it again.
_COMMON = (
    "*/*",
    "application/json, */*",
    "application/json,*/*",
    "application/json, text/plain, */*",
    "application/json, text/javascript, */*; q=0.01",
    "application/xml, text/xml",
    "text/xml, application/xml",
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    (
        "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,"
        "application/signed-exchange;v=b3;q=0.7"
    ),
    "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2",
)


class _Malformed(ValueError):
    """The header does not follow its grammar."""


@dataclass(frozen=True, slots=True, eq=False)
class Formats:
    """The formats that a dialect answers in.

    `offered` maps media types to format names, `default` is the format that wins ties and answers whatever
    cannot be met, and `browser`, where there is one, is what a header that names `text/html` gets. Where
    the `named_first` win, a media type that is named is preferred to one that only a wildcard lets in.
    """

    offered: Mapping[str, str]
    default: str
    browser: str | None = None
    named_first: bool = False
    _known: dict[str | None, str] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Answer the usual headers ahead of time."""
        self._known[None] = self.default
        for accept in ("", *_COMMON, *self.offered):
            self._known[accept] = _negotiated(accept, self)


def preferred_format(accept: str | None, formats: Formats) -> str:
    """The name of the format to answer in. Refuses nothing: a header that cannot be met gets the default."""
    known = formats._known.get(accept)  # noqa: SLF001  # the table and its one reader share this page
    return known if known is not None else _negotiated(accept or "", formats)


def _negotiated(accept: str, formats: Formats) -> str:
    try:
        qualities = _qualities(accept)
    except _Malformed:
        return formats.default
    if formats.browser is not None and qualities.get(_HTML):
        return formats.browser
    best, best_quality = formats.default, (0, 0)
    for name in (formats.default, *formats.offered.values()):
        quality = max(
            (_quality_of(media, qualities) for media, offer in formats.offered.items() if offer == name),
            default=(0, 0),
        )
        if not formats.named_first:
            quality = (quality[0], 0)
        if quality > best_quality and quality[0]:
            best, best_quality = name, quality
    return best


def _quality_of(media_type: str, qualities: dict[str, int]) -> tuple[int, int]:
    """The quality given by the most exact range that covers a media type, and how exact that is."""
    family = media_type.partition("/")[0]
    for exactness, media_range in ((2, media_type), (1, f"{family}/*"), (0, "*/*")):
        if media_range in qualities:
            return qualities[media_range], exactness
    return 0, 0


def _qualities(accept: str) -> dict[str, int]:
    """Each media range of the header with its quality in thousandths."""
    qualities: dict[str, int] = {}
    for element in accept.split(","):
        if not element.strip():
            continue
        match = _RANGE.fullmatch(element)
        if match is None:
            raise _Malformed
        media_range = f"{match[1]}/{match[2]}".lower()
        qualities[media_range] = max(qualities.get(media_range, 0), _quality(match[3]))
    return qualities


def _quality(parameters: str) -> int:
    for parameter in parameters.split(";"):
        if not parameter.strip():
            continue
        match = _PARAMETER.fullmatch(parameter)
        if match is None:
            raise _Malformed
        if match[1] in {"q", "Q"}:
            return _thousandths(match[2])
    return _FULL


def _thousandths(text: str) -> int:
    match = _QUALITY.fullmatch(text)
    if match is None:
        raise _Malformed
    if text.startswith("1"):
        return _FULL
    return int((match[1] or "").ljust(3, "0"))


COREDNA = Formats(
    {"application/json": "json", "application/xml": "xml", "text/xml": "xml"},
    default="json",
    browser="json",
)
TWOCHECKOUT = Formats(
    {
        "application/xml": "xml",
        "text/xml": "xml",
        "application/json": "json",
        "text/html": "xoxo",
        "application/xhtml+xml": "xoxo",
    },
    default="xml",
    named_first=True,
)
