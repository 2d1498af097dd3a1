"""Verbs on the shop itself: its facts, and the clock of a sandbox."""

from datetime import datetime, timedelta
from typing import Any, TypedDict, Unpack

from sqlalchemy import bindparam, update

from comptoir.domain.errors import Invalid
from comptoir.domain.identity.errors import ClockMovesBack, ClockNotFrozen, NotASandbox
from comptoir.domain.identity.texts import refuse, text_problems
from comptoir.domain.shop import Shop, get_facts, zone_named
from comptoir.domain.tx import Tx

SHOP_ID = 1
CURRENCY_LETTERS = 3
STEP_MAX = timedelta(days=36_600)
YEAR_MAX = 9000
MICROSECOND = timedelta(microseconds=1)

# The version moves with every change, so that each process reads the facts again.
VERSION_MOVES = update(Shop).where(Shop.id == bindparam("key")).values(version=Shop.version + 1)


class ShopChanges(TypedDict, total=False):
    """What may be changed of a shop. The named settings are set, or dropped when None; the others stay."""

    name: str
    currency: str
    time_zone: str
    site_url: str
    cdn_url: str
    settings: dict[str, Any]


def change_shop(tx: Tx, **facts: Unpack[ShopChanges]) -> None:
    """Change what is named of the shop.

    Refuses: Invalid (name, site_url, cdn_url, public_base among the settings, currency, time_zone).
    """
    values: dict[str, Any] = dict(facts)
    _refuse_malformed(values)
    old: dict[str, Any] = {
        "name": tx.shop.name,
        "currency": tx.shop.currency,
        "time_zone": tx.shop.zone.key,
        "site_url": tx.shop.site_url,
        "cdn_url": tx.shop.cdn_url,
        "settings": tx.shop.settings,
    }
    if "settings" in values:
        merged = tx.shop.settings | values["settings"]
        values["settings"] = {name: value for name, value in merged.items() if value is not None}
    changed = {name: value for name, value in values.items() if value != old[name]}
    if changed:
        _write(tx, **changed)
        tx.note("shop.updated", "shop", SHOP_ID, before={name: old[name] for name in changed}, after=changed)


def freeze_clock(tx: Tx, *, at: datetime | None = None) -> datetime:
    """Let the sandbox's clock stand still, now or at a later time, and say where it stands.

    The transaction itself keeps its time; the next one has the new one. Refuses: NotASandbox,
    Invalid (at), ClockMovesBack.
    """
    _refuse_real(tx)
    frozen_at = tx.now if at is None else at
    if frozen_at.tzinfo is None or frozen_at.year > YEAR_MAX:
        raise Invalid("at", f"must be a time with its zone, before the year {YEAR_MAX}")
    if frozen_at < tx.now:
        raise ClockMovesBack(f"the clock stands at {tx.now.isoformat()} and only goes forward")
    _set_clock(tx, "shop.clock_frozen", clock_frozen_at=frozen_at)
    return frozen_at


def advance_clock(tx: Tx, *, by: timedelta) -> datetime:
    """Move the sandbox's clock on, whether it stands or runs, and say what it shows then.

    Refuses: NotASandbox, Invalid (by), ClockMovesBack.
    """
    refuse_span(tx, by)
    frozen_at = tx.shop.clock_frozen_at
    if frozen_at is None:
        offset = (tx.shop.clock_offset + by) // MICROSECOND
        _set_clock(tx, "shop.clock_advanced", clock_offset_micros=offset)
    else:
        _set_clock(tx, "shop.clock_advanced", clock_frozen_at=frozen_at + by)
    return tx.now + by


def release_clock(tx: Tx) -> datetime:
    """Let a frozen clock run on from where it stands. Refuses: NotASandbox, ClockNotFrozen."""
    _refuse_real(tx)
    frozen_at = tx.shop.clock_frozen_at
    if frozen_at is None:
        raise ClockNotFrozen("the clock is not frozen")
    offset = (frozen_at - tx.machine_now) // MICROSECOND
    _set_clock(tx, "shop.clock_released", clock_frozen_at=None, clock_offset_micros=offset)
    return frozen_at


def refuse_span(tx: Tx, by: timedelta) -> None:
    """Refuses: NotASandbox, ClockMovesBack, Invalid (by); what keeps a clock from being moved so far."""
    _refuse_real(tx)
    if by < timedelta(0):
        raise ClockMovesBack("the clock only goes forward")
    if by > STEP_MAX or tx.now.year + by.days // 365 > YEAR_MAX:
        raise Invalid("by", f"must be at most {STEP_MAX.days} days, and end before the year {YEAR_MAX}")


def _refuse_real(tx: Tx) -> None:
    if not tx.shop.is_sandbox:
        raise NotASandbox("only the clock of a sandbox shop can be set")


def _set_clock(tx: Tx, kind: str, **values: Any) -> None:
    old = {
        "clock_frozen_at": tx.shop.clock_frozen_at,
        "clock_offset_micros": tx.shop.clock_offset // MICROSECOND,
    }
    _write(tx, **values)
    before = {name: old[name] for name in values}
    tx.note(kind, "shop", SHOP_ID, before=_written(before), after=_written(values))


def _write(tx: Tx, **values: Any) -> None:
    """Write the shop's row; the transaction goes on with the new facts, but at its own time."""
    tx.update(Shop, SHOP_ID, **values)
    tx.run(VERSION_MOVES, key=SHOP_ID)
    _ = tx.now
    tx.shop = get_facts(tx)


def _written(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()
    }


def _address_problem(address: str | None) -> str:
    """What keeps a text from being an address under which others reach the shop, or nothing."""
    if not address:
        return ""
    if not address.startswith(("http://", "https://")):
        return "must begin with http:// or https://"
    return "must not hold blanks" if any(letter.isspace() for letter in address) else ""


def _refuse_malformed(values: dict[str, Any]) -> None:
    problems = text_problems(values, short=("name", "site_url", "cdn_url"))
    if not values.get("name", "shop").strip():
        problems.append(("name", "must not be empty"))
    addresses = {name: values.get(name) for name in ("site_url", "cdn_url")}
    addresses["public_base"] = values.get("settings", {}).get("public_base")
    problems += [
        (name, problem) for name, address in addresses.items() if (problem := _address_problem(address))
    ]
    currency = values.get("currency", "USD")
    if len(currency) != CURRENCY_LETTERS or not (currency.isascii() and currency.isupper()):
        problems.append(("currency", "must be a currency code such as USD"))
    refuse(problems)
    if "time_zone" in values:
        zone_named(values["time_zone"])
