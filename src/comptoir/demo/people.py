"""The customers of the year of trade and their groups: names from many countries, addresses from one."""

import unicodedata
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from comptoir.demo.dice import Dice, Loaded
from comptoir.demo.numbers import Numbers
from comptoir.demo.words import words
from comptoir.domain.customers.importing import CustomerImport, GroupImport

CUSTOMERS = 5_300
SINCE = timedelta(days=1000)
# Letters that do not come apart into a plain one and a mark.
PLAIN = str.maketrans(
    {
        "đ": "d",
        "Đ": "d",
        "ł": "l",
        "Ł": "l",
        "ø": "o",
        "\N{LATIN SMALL LETTER DOTLESS I}": "i",
        "ß": "ss",
        "'": "",
        " ": "",
    }
)
TITLES = ("Ms", "Mr", "Mx", "Dr")
GROUP_PERCENTS = (40, 12, 3, 1, 5, 1)


class Person(NamedTuple):
    """A customer as an order needs one."""

    id: int
    name: str
    email: str
    phone: str
    company: str
    address: str
    suburb: str
    state: str
    postcode: str
    warehouse: str
    since: datetime


def draw_people(numbers: Numbers, now: datetime, scale: float) -> tuple[list[CustomerImport], list[Person]]:
    """Draw the customers, those first who came first."""
    dice = Dice("people")
    peoples = Loaded([(one, one["share"]) for one in words()["names"]])
    count = max(round(CUSTOMERS * scale), 10)
    # Every day brings a few more than the day before.
    minutes = sorted(_minute(dice) for _ in range(count))
    rows: list[CustomerImport] = []
    persons: list[Person] = []
    taken: set[str] = set()
    for minute in minutes:
        since = now - SINCE + timedelta(minutes=minute, seconds=dice.randrange(60))
        row = _customer(dice, peoples, taken)
        place = dice.one_of(words()["people"]["places"])
        address = f"{dice.randrange(1, 180)} {dice.one_of(words()['people']['streets'])}"
        suburb, state, postcode, warehouse = place
        row |= {
            "id": numbers.take("customer"),
            "country_id": "AU",
            "state_id": state,
            "suburb": suburb,
            "postcode": postcode,
            "address1": address,
            "created_at": since,
        }
        rows.append(row)
        persons.append(
            Person(
                row["id"], f"{row['first_name']} {row['last_name']}", row["email"], row["phone_day"],
                row["company"], address, suburb, state, postcode, warehouse, since,
            )
        )  # fmt: skip
    return rows, persons


def _minute(dice: Dice) -> int:
    whole = SINCE // timedelta(minutes=1) - 30
    return max(dice.randrange(whole), dice.randrange(whole) if dice.happens(60) else 0)


def _customer(dice: Dice, peoples: "Loaded[dict[str, Any]]", taken: set[str]) -> CustomerImport:
    own = peoples.draw(dice)
    # Families move, marry and name their children as they like.
    given = peoples.draw(dice) if dice.happens(12) else own
    first, last = dice.one_of(given[dice.one_of(("women", "men"))]), dice.one_of(own["family"])
    works = words()["people"]
    company = f"{last} {dice.one_of(works['companies'])}" if dice.happens(7) else ""
    return {
        "email": _email(first, last, taken),
        "first_name": first,
        "last_name": last,
        "name_title": dice.one_of(TITLES) if dice.happens(15) else "",
        "birth_date": _birthday(dice) if dice.happens(35) else None,
        "phone_day": f"0{dice.one_of((2, 3, 7, 8))} 5550 {dice.randrange(10_000):04}",
        "company": company,
        "occupation": dice.one_of(works["occupations"]) if dice.happens(20) else "",
    }


def _email(first: str, last: str, taken: set[str]) -> str:
    stem = number = f"{_plain(first)}.{_plain(last)}"
    count = 1
    while number in taken:
        count += 1
        number = f"{stem}{count}"
    taken.add(number)
    return f"{number}@example.com"


def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name.translate(PLAIN))
    return folded.encode("ascii", "ignore").decode().lower()


def _birthday(dice: Dice) -> date:
    return date(1945, 1, 1) + timedelta(days=dice.randrange(22_000))


def draw_groups(numbers: Numbers, persons: list[Person], now: datetime) -> list[GroupImport]:
    """Draw the groups, and who is in them."""
    dice = Dice("groups")
    names = words()["trade"]["groups"]
    return [
        {
            "id": numbers.take("customer_group"),
            "name": name,
            "is_interest": percent > 3,
            "created_at": now - SINCE,
            "members": [one.id for one in persons if dice.happens(percent)],
            "owners": [dice.one_of(persons).id],
        }
        for name, percent in zip(names, GROUP_PERCENTS, strict=True)
    ]
