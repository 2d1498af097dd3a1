"""Commands on what sales are reckoned with: exchange rates, taxes, ways to ship."""

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from comptoir.cli.desk import Desk, command, operator_at_the_desk

if TYPE_CHECKING:
    from comptoir.domain.tx import Tx

Read = TypeVar("Read")

Currency = Annotated[str, typer.Argument(help="The other currency, such as EUR.")]
Rate = Annotated[str, typer.Argument(help="What one unit of the shop's currency is worth in it.")]
Since = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="From which day on.", show_default="today"),
]
Day = Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="The day from which it is.")]
Country = Annotated[str, typer.Argument(help="The country's three letters, such as USA.")]
Percent = Annotated[str, typer.Argument(help="The rate, such as 7.25.")]
State = Annotated[str, typer.Option(help="One of its states only.", show_default="all of it")]
TaxName = Annotated[str, typer.Option("--name", help="What the tax is called.")]
OnShipping = Annotated[bool, typer.Option("--on-shipping", help="Shipping is taxed too.")]
WayName = Annotated[str, typer.Argument(help="What buyers see.")]
Price = Annotated[str, typer.Argument(help="What one piece costs to send.")]
Further = Annotated[str, typer.Option(help="What each further piece costs.")]
Carrier = Annotated[str, typer.Option(help="Who carries it.", show_default=False)]
Countries = Annotated[
    list[str] | None,
    typer.Option("--country", help="Where it goes to; may be repeated.", show_default="everywhere"),
]
WayId = Annotated[int, typer.Argument(help="The way's id.")]
RATE_COLUMNS = ("currency", "since", "rate")
TAX_COLUMNS = ("country", "state", "name", "percent", "on_shipping")
WAY_COLUMNS = ("id", "name", "carrier", "price", "further_piece", "countries", "active")


def register(app: typer.Typer) -> None:
    """Add these commands."""
    for name, text, commands in (
        ("rates", "Exchange rates: list, set, remove.", (list_rates, set_rate, remove_rate)),
        ("taxes", "Sales taxes: list, set, remove.", (list_taxes, set_tax, remove_tax)),
        ("shipping", "Ways to ship: list, add, remove.", (list_ways, add_way, remove_way)),
    ):
        group = typer.Typer(help=text, no_args_is_help=True)
        for work in commands:
            command(group, work.__name__.partition("_")[0])(work)
        app.add_typer(group, name=name)


def list_rates(desk: Desk) -> None:
    """Every exchange rate."""
    from decimal import Decimal

    from comptoir.domain.merchant import queries
    from comptoir.domain.merchant.wording import decimal_text

    with desk.opened() as home:
        rates = home.shop.read(queries.list_rates)
    rows = [
        {"currency": one.currency, "since": str(one.since),
         "rate": decimal_text(Decimal(one.rate_e8) / queries.RATE_ONE)}
        for one in rates
    ]  # fmt: skip
    desk.tell_table(rows, RATE_COLUMNS, "There are no exchange rates yet.")


def set_rate(desk: Desk, currency: Currency, rate: Rate, since: Since = None) -> None:
    """Say what the shop's money is worth in another currency, from a day on."""
    from comptoir.domain.merchant import offers
    from comptoir.domain.merchant.wording import read_rate

    rate_e8 = _read("rate", lambda: read_rate(rate))

    def work(tx: "Tx") -> date:
        day = tx.shop.local(tx.now).date() if since is None else since.date()
        offers.set_rate(tx, currency=currency, since=day, rate_e8=rate_e8)
        return day

    day = _write(desk, work)
    desk.tell({"currency": currency, "since": str(day), "rate": rate}, [f"{currency}: {rate} from {day} on"])


def remove_rate(desk: Desk, currency: Currency, since: Day) -> None:
    """Forget an exchange rate."""
    from comptoir.domain.merchant import offers

    _write(desk, lambda tx: offers.remove_rate(tx, currency=currency, since=since.date()))
    desk.tell({"currency": currency}, [f"The rate of {currency} from {since.date()} on is gone."])


def list_taxes(desk: Desk) -> None:
    """Every sales tax."""
    from comptoir.domain.merchant import queries
    from comptoir.domain.merchant.wording import percent_text

    with desk.opened() as home:
        taxes = home.shop.read(queries.list_taxes)
    rows = [
        {"country": one.country, "state": one.state, "name": one.name,
         "percent": percent_text(one.rate_ppm), "on_shipping": one.is_on_shipping}
        for one in taxes
    ]  # fmt: skip
    desk.tell_table(rows, TAX_COLUMNS, "There are no taxes yet.")


def set_tax(
    desk: Desk,
    *,
    country: Country,
    percent: Percent,
    state: State = "",
    name: TaxName = "Sales tax",
    on_shipping: OnShipping = False,
) -> None:
    """Say what tax is due in a country, or in one of its states instead."""
    from comptoir.domain.merchant import offers
    from comptoir.domain.merchant.wording import read_percent

    rate_ppm = _read("percent", lambda: read_percent(percent))
    _write(
        desk,
        lambda tx: offers.set_tax(
            tx, country=country, state=state, name=name, rate_ppm=rate_ppm, is_on_shipping=on_shipping
        ),
    )
    desk.tell({"country": country, "state": state, "percent": percent}, [f"{country} {state}: {percent} %"])


def remove_tax(desk: Desk, country: Country, state: State = "") -> None:
    """Levy no tax of its own there any more."""
    from comptoir.domain.merchant import offers

    _write(desk, lambda tx: offers.remove_tax(tx, country=country, state=state))
    desk.tell({"country": country, "state": state}, [f"{country} {state} has no tax of its own any more."])


def list_ways(desk: Desk) -> None:
    """Every way to ship."""
    from comptoir.domain.merchant.queries import list_shipping_methods
    from comptoir.domain.money import decimal_of_e4

    with desk.opened() as home:
        ways = home.shop.read(list_shipping_methods)
    rows = [
        {"id": one.id, "name": one.name, "carrier": one.carrier, "price": str(decimal_of_e4(one.price_e4)),
         "further_piece": str(decimal_of_e4(one.further_piece_e4)), "countries": one.countries,
         "active": one.is_active}
        for one in ways
    ]  # fmt: skip
    desk.tell_table(rows, WAY_COLUMNS, "There are no ways to ship yet.")


def add_way(
    desk: Desk,
    *,
    name: WayName,
    price: Price,
    further_piece: Further = "0",
    carrier: Carrier = "",
    countries: Countries = None,
) -> None:
    """Offer a way to ship."""
    from comptoir.domain.merchant.offers import ShippingFields, create_shipping_method
    from comptoir.domain.merchant.wording import scaled
    from comptoir.domain.money import E4_PER_UNIT

    fields = ShippingFields(
        name=name,
        carrier=carrier,
        price_e4=_read("price", lambda: scaled(price, E4_PER_UNIT)),
        further_piece_e4=_read("further_piece", lambda: scaled(further_piece, E4_PER_UNIT)),
        countries=countries or [],
    )
    method_id = _write(desk, lambda tx: create_shipping_method(tx, **fields))
    desk.tell({"id": method_id, "name": name}, [f"Way to ship {method_id}: {name}"])


def remove_way(desk: Desk, way_id: WayId) -> None:
    """Offer a way to ship no more; what was sent by it keeps its name."""
    from comptoir.domain.merchant.offers import remove_shipping_method

    _write(desk, lambda tx: remove_shipping_method(tx, method_id=way_id))
    desk.tell({"id": way_id}, [f"Way to ship {way_id} is gone."])


def _read(name: str, read: Callable[[], int]) -> int:
    from comptoir.domain.merchant.wording import read_as

    found: int = read_as(name, read)
    return found


def _write(desk: Desk, work: "Callable[[Tx], Read]") -> Read:
    with desk.opened() as home:
        return home.shop.write(work, operator_at_the_desk())
