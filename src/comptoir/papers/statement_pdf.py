"""A statement of accounts as a letter: who and when, a summary, and each account line by line."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from comptoir.papers.pressing import pressed
from comptoir.papers.words import amount, fitting, long_day, money, plain, short, short_day, span_of_days

# More would be a book that nobody reads, and would take much memory; all lines are in the CSV.
LINES_MAX = 2_000
DIGITS_SHOWN = 4
TITLES = {"Monthly": "Account statement", "Quarterly": "Quarterly statement"}

Facts = Mapping[str, Any]


def statement_pdf(facts: Facts, *, number: int, type: str, made_at: datetime) -> bytes:
    """A monthly or quarterly statement as PDF."""
    return pressed("statement.typ", statement_page(facts, number=number, type=type), made_at=made_at)


def statement_page(facts: Facts, *, number: int, type: str) -> dict[str, Any]:
    """What the template shows, all of it text."""
    currency, bank = facts["currency"], facts["bank"]
    period = span_of_days(facts["begins_on"], facts["ends_on"])
    heading = TITLES.get(type, type)
    room = LINES_MAX
    accounts = []
    for one in facts["accounts"]:
        accounts.append(_account(one, facts, room))
        room -= min(room, len(one["movements"]))
    return {
        "title": f"{heading}, {period}",
        "heading": heading,
        "period": period,
        "bank": bank_block(bank),
        "customer": customer_block(facts["customer"]),
        "about": [
            ["Period", period],
            ["Statement number", str(number)],
            ["Customer number", str(facts["customer"]["id"])],
            ["Currency", currency],
        ],
        "words": _words(currency),
        "accounts": accounts,
        "totals": _totals(facts["accounts"], currency) if len(accounts) > 1 else None,
        "notes": [] if accounts else ["There was no account in this period."],
        "questions": questions(bank),
        "foot": f"{short(bank['name'])}  ·  Statement {number}",
    }


def bank_block(bank: Facts) -> dict[str, Any]:
    """Who writes."""
    lines = [_phone(bank["phone"]), _address(bank["url"])]
    name = plain(bank["name"]) or "The bank"
    return {"name": fitting(name), "short": short(name), "lines": [fitting(line) for line in lines if line]}


def customer_block(customer: Facts) -> dict[str, Any]:
    """To whom."""
    return {
        "name": fitting(customer["name"]),
        "short": short(customer["name"]),
        "address": [fitting(line) for line in customer["address"]],
    }


def questions(bank: Facts) -> str:
    """What to do when something seems wrong."""
    ways = [f"call {_phone(bank['phone'])}"] if bank["phone"] else []
    ways += [f"visit {_address(bank['url'])}"] if bank["url"] else []
    how = " or ".join(ways) or "get in touch with us"
    return (
        f"If you think that your statement is wrong, or if you need to know more about a transfer on it, {how}. "
        "Please tell us as soon as you can, and no later than 60 days after we sent the first statement on which the "
        "problem appeared: your name and account, the transfer you are unsure about and why, and its amount. "
        "Keep this statement with your records."
    )


def _words(currency: str) -> dict[str, Any]:
    return {
        "summary": "Summary",
        "summary_head": ["Account", "Opening balance", "Money in", "Money out", "Closing balance"],
        "total": "Total",
        "head": ["Date", "Description", "Transaction", f"Amount ({currency})", f"Balance ({currency})"],
        "opening": "Opening balance",
        "closing": "Closing balance",
        "questions": "Questions about this statement",
    }


def _totals(accounts: Sequence[Facts], currency: str) -> list[str]:
    names = ("opening_minor", "in_minor", "out_minor", "closing_minor")
    return [money(sum(one[name] for one in accounts), currency) for name in names]


def _account(one: Facts, facts: Facts, room: int) -> dict[str, Any]:
    currency = facts["currency"]
    told = one["movements"][:room]
    return {
        "name": fitting(one["name"] or one["type"]),
        "short": short(one["name"] or one["type"]),
        "number": f"ending in {one['number'][-DIGITS_SHOWN:]}",
        "titles": fitting("  ·  ".join(one["titles"])),
        "opening": money(one["opening_minor"], currency),
        "incoming": money(one["in_minor"], currency),
        "outgoing": money(one["out_minor"], currency),
        "closing": money(one["closing_minor"], currency),
        "figures": _figures(one, currency),
        "begins": short_day(max(facts["begins_on"], one["opened_on"])),
        "ends": short_day(one["closed_on"] or facts["ends_on"]),
        "movements": [_movement(movement, currency) for movement in told],
        "notes": _notes(one, len(one["movements"]) - len(told)),
    }


def _figures(one: Facts, currency: str) -> list[list[str]]:
    """The row of figures under an account's name; those of the year only where there are any."""
    year = one["year"]
    figures = [["Money in", one["in_minor"]], ["Money out", one["out_minor"]]]
    if year["interest_minor"] or one["interest_minor"]:
        figures += [
            ["Interest earned", one["interest_minor"]],
            ["Interest this year", year["interest_minor"]],
        ]
    if year["withheld_minor"]:
        figures += [["Tax withheld this year", year["withheld_minor"]]]
    if year["fees_minor"] or one["fees_minor"]:
        figures += [["Fees", one["fees_minor"]], ["Fees this year", year["fees_minor"]]]
    return [[name, money(minor, currency)] for name, minor in figures]


def _movement(movement: Sequence[Any], currency: str) -> list[str]:
    number, on, words, minor, balance, kind = movement
    words = fitting(words)
    return [
        short_day(on), words or kind, "" if kind.lower() in words.lower() else kind, str(number),
        amount(minor, currency), amount(balance, currency),
    ]  # fmt: skip


def _notes(one: Facts, left_out: int) -> list[str]:
    notes = [] if one["movements"] else ["Nothing moved on this account in this period."]
    if left_out:
        notes.append(f"{left_out:,} more transactions are in the file for spreadsheets of this statement.")
    if one["closed_on"]:
        notes.append(f"This account was closed on {long_day(one['closed_on'])}.")
    return notes


def _address(url: str) -> str:
    """A web address as people write it."""
    return plain(url).removeprefix("https://").removeprefix("http://").rstrip("/")


def _phone(digits: str) -> str:
    """A telephone number of ten digits as people read it; any other as it is."""
    digits = plain(digits)
    if len(digits) == 10 and digits.isdecimal():
        return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"
    return digits
