"""The shop: the merchant's company, currency, time zone, and the clock of its sandbox."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from comptoir.domain.clock import Now
from comptoir.domain.errors import ComptoirError, Invalid
from comptoir.storage.schema import Id, JsonValue, Mapped, Record, mapped_column
from comptoir.storage.session import Session


class Shop(Record):
    """The one row that says whose database this is."""

    __tablename__ = "shop"

    id: Mapped[Id]
    version: Mapped[int]
    name: Mapped[str]
    currency: Mapped[str]
    time_zone: Mapped[str]
    site_url: Mapped[str]
    cdn_url: Mapped[str]
    is_sandbox: Mapped[bool]
    clock_frozen_at: Mapped[datetime | None] = mapped_column()
    clock_offset_micros: Mapped[int]
    settings: Mapped[JsonValue]


@dataclass(frozen=True, slots=True)
class ShopFacts:
    """What a request needs to know of the shop; read again when the row's version moves."""

    version: int
    name: str
    currency: str
    zone: ZoneInfo
    site_url: str
    cdn_url: str
    is_sandbox: bool
    clock_frozen_at: datetime | None
    clock_offset: timedelta
    settings: dict[str, Any]

    def now(self, system: Now) -> datetime:
        """The shop's time: frozen, shifted or the machine's."""
        return self.clock_frozen_at or system() + self.clock_offset

    def local(self, at: datetime) -> datetime:
        """A time as the shop's wall clock shows it."""
        return at.astimezone(self.zone)


class NoShop(ComptoirError):
    """The database holds no shop yet."""


GET_SHOP = select(
    Shop.version, Shop.name, Shop.currency, Shop.time_zone, Shop.site_url, Shop.cdn_url, Shop.is_sandbox,
    Shop.clock_frozen_at, Shop.clock_offset_micros, Shop.settings,
)  # fmt: skip


def get_facts(session: Session) -> ShopFacts:
    """Read the shop's facts. Refuses: NoShop."""
    row = session.one(GET_SHOP)
    if row is None:
        raise NoShop
    version, name, currency, zone, site_url, cdn_url, is_sandbox, frozen_at, offset, settings = row
    return ShopFacts(
        version, name, currency, zone_named(zone), site_url, cdn_url, is_sandbox, frozen_at,
        timedelta(microseconds=offset), settings,
    )  # fmt: skip


def zone_named(name: str) -> ZoneInfo:
    """The time zone of an IANA name. Refuses: Invalid."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise Invalid("time_zone", f"{name!r} is not a time zone") from error


def open_new_shop(
    session: Session,
    *,
    name: str,
    currency: str = "USD",
    time_zone: str = "UTC",
    site_url: str = "http://127.0.0.1:8000",
    is_sandbox: bool = False,
) -> None:
    """Write the row that makes a database a shop. Refuses: Invalid."""
    zone_named(time_zone)
    session.insert(
        Shop,
        id=1,
        version=1,
        name=name,
        currency=currency,
        time_zone=time_zone,
        site_url=site_url,
        cdn_url="",
        is_sandbox=is_sandbox,
        clock_frozen_at=None,
        clock_offset_micros=0,
        settings={},
    )
