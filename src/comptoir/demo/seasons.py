"""When people buy: more each month, less at weekends, most before Christmas, in the evening rather than at night."""

from datetime import UTC, date, datetime, time, timedelta

from comptoir.demo.dice import Dice, Loaded

DAYS = 365
WEEKDAYS = (104, 98, 99, 104, 116, 92, 87)
MONTHS = (82, 90, 94, 96, 104, 108, 96, 95, 98, 104, 132, 150)
HOURS = (4, 2, 1, 1, 1, 3, 8, 18, 30, 42, 48, 46, 50, 46, 40, 38, 40, 44, 52, 66, 74, 62, 36, 14)
# From a year ago until now trade grows by this many percents.
GROWTH = 45
BLACK_FRIDAYS = range(22, 31)
DAY = timedelta(days=1)


def moments(dice: Dice, now: datetime, count: int) -> list[datetime]:
    """So many times within the last year, in order, none of them later than two minutes ago."""
    today = now.date()
    days = [today - timedelta(days=DAYS - place) for place in range(DAYS + 1)]
    gone = (now - datetime.combine(today, time(), tzinfo=UTC)) // timedelta(minutes=1)
    weights = [_weight(day, place) for place, day in enumerate(days)]
    weights[-1] = weights[-1] * gone // 1440
    # The first day is as much of a day as the last one lacks.
    weights[0] = weights[0] * (1440 - gone) // 1440
    drawn, hours = Loaded(list(zip(days, weights, strict=True))), Loaded(list(enumerate(HOURS)))
    made: list[datetime] = []
    while len(made) < count:
        at = _at(drawn.draw(dice), hours.draw(dice), dice)
        if now - DAYS * DAY < at < now - timedelta(minutes=2):
            made.append(at)
    return sorted(made)


def _weight(day: date, place: int) -> int:
    weight = (100 * DAYS + GROWTH * place) * WEEKDAYS[day.weekday()] * MONTHS[day.month - 1] // 10_000
    if day.month == 11 and day.day in BLACK_FRIDAYS:
        return weight * 3 // 2
    if day.month == 12 and day.day > 21:
        return weight // 2
    return weight


def _at(day: date, hour: int, dice: Dice) -> datetime:
    return datetime.combine(day, time(hour, dice.randrange(60), dice.randrange(60)), tzinfo=UTC)
