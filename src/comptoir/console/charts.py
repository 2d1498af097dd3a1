"""Charts as drawings of the page itself: bars over days or months, with the numbers in a table behind them."""

from collections.abc import Sequence
from typing import NamedTuple

WIDTH, HEIGHT = 900, 170
# Room below the bars for what they are called.
FOOT = 18
TENTHS, PERCENT = 10, 100
# How much of a place stays empty, in per cent.
GAP = 28
LABELS_MAX = 12


class Datum(NamedTuple):
    """One place of a chart: what it is called, what rises from the line and what hangs below it."""

    label: str
    up: int
    down: int
    said: str


class Bar(NamedTuple):
    """One bar, in the drawing's own units, written out."""

    x: str
    y: str
    width: str
    height: str
    kind: str
    said: str


class Mark(NamedTuple):
    """A word below the bars, and which of its parts stands at its place."""

    x: str
    text: str
    anchor: str = "middle"


class Chart(NamedTuple):
    """A drawing: bars, the line that they stand on, and words below."""

    width: int
    height: int
    axis: str
    foot: int
    bars: Sequence[Bar]
    marks: Sequence[Mark]


def chart_of(data: Sequence[Datum]) -> Chart:
    """Bars for amounts that are none of them below zero; all are of one scale, reckoned in tenths of a unit."""
    most_up = max((one.up for one in data), default=0)
    most_down = max((one.down for one in data), default=0)
    room, whole = TENTHS * (HEIGHT - FOOT), most_up + most_down or 1
    axis = room * most_up // whole
    step = TENTHS * WIDTH // max(len(data), 1)
    wide = step * (PERCENT - GAP) // PERCENT
    bars: list[Bar] = []
    for place, one in enumerate(data):
        left = step * place + (step - wide) // 2
        for kind, size, is_up in (("bar", one.up, True), ("bar minus", one.down, False)):
            if size > 0:
                high = max(room * size // whole, TENTHS)
                top = max(axis - high, 0) if is_up else axis
                bars.append(Bar(_units(left), _units(top), _units(wide), _units(high), kind, one.said))
    return Chart(WIDTH, HEIGHT, _units(axis), HEIGHT - 4, bars, _marks(data, step))


def _marks(data: Sequence[Datum], step: int) -> list[Mark]:
    every = -(-len(data) // LABELS_MAX)
    last = len(data) - 1
    marks = [
        Mark(_units(step * place + step // 2), one.label)
        for place, one in enumerate(data)
        if (last - place) % every == 0
    ]
    # The last word ends with its bar, so that it keeps within the sheet.
    return [*marks[:-1], *(Mark(_units(step * (last + 1)), one.text, "end") for one in marks[-1:])]


def _units(tenths: int) -> str:
    return f"{tenths // TENTHS}.{tenths % TENTHS}"
