"""Commands on what is known of the shop itself."""

from typing import Annotated, Any

import typer

from comptoir.cli.desk import MISUSED, Desk, command, operator_at_the_desk

Name = Annotated[str | None, typer.Option(help="What the shop is called.", show_default=False)]
SiteUrl = Annotated[str | None, typer.Option(help="Where buyers find it.", show_default=False)]
CdnUrl = Annotated[str | None, typer.Option(help="Where its pictures are served.", show_default=False)]
PublicBase = Annotated[
    str | None,
    typer.Option(
        help="The address that the 2Checkout API gives in its documents; empty for the vendor's own.",
        show_default=False,
    ),
]

RefuseEmptyPayments = Annotated[
    bool | None,
    typer.Option(
        help="Let list_payments of the 2Checkout API refuse while nothing was paid out, as older clients expect.",
        show_default=False,
    ),
]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(help="The shop itself: show, set.", no_args_is_help=True)
    command(group, "show")(show)
    command(group, "set")(set_facts)
    app.add_typer(group, name="shop")


def show(desk: Desk) -> None:
    """What is known of the shop."""
    with desk.opened() as home:
        facts = home.shop.read(lambda tx: tx.shop)
    told = {
        "name": facts.name,
        "currency": facts.currency,
        "time_zone": facts.zone.key,
        "site_url": facts.site_url,
        "cdn_url": facts.cdn_url,
        "public_base": facts.settings.get("public_base", ""),
        "refuse_empty_payments": facts.settings.get("refuse_empty_payments", False),
        "is_sandbox": facts.is_sandbox,
    }
    desk.tell(told, [f"{name.replace('_', ' '):<21} {value}" for name, value in told.items()])


def set_facts(
    desk: Desk,
    *,
    name: Name = None,
    site_url: SiteUrl = None,
    cdn_url: CdnUrl = None,
    public_base: PublicBase = None,
    refuse_empty_payments: RefuseEmptyPayments = None,
) -> None:
    """Change what is named."""
    from comptoir.domain.identity.shopkeeping import change_shop

    given = {"name": name, "site_url": site_url, "cdn_url": cdn_url}
    changes: dict[str, Any] = {fact: value for fact, value in given.items() if value is not None}
    said = {"public_base": public_base, "refuse_empty_payments": refuse_empty_payments}
    settings = {fact: value or None for fact, value in said.items() if value is not None}
    if settings:
        changes["settings"] = settings
    if not changes:
        desk.refuse("nothing is named that is to be changed", MISUSED)
    with desk.opened() as home:
        home.shop.write(lambda tx: change_shop(tx, **changes), operator_at_the_desk())
    show(desk)
