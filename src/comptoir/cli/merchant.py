"""Commands on the merchant: who sells, on which terms, with which keys."""

from pathlib import Path
from typing import Annotated, Any

import typer

from comptoir.cli import offers
from comptoir.cli.desk import MISUSED, Desk, command, operator_at_the_desk

SECRETS = frozenset({"secret_word", "private_key"})
Said = Annotated[
    list[str], typer.Argument(help="KEY=VALUE, as often as needed; the keys are those that `show` shows.")
]
File = Annotated[Path, typer.Argument(help="A file in TOML: [merchant], [[rates]], [[taxes]], [[shipping]].")]
WithSecrets = Annotated[bool, typer.Option("--secrets", help="Show the secret word and the private key.")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(
        help="Who sells: profile, fees, payout terms, keys, rates, taxes, shipping.", no_args_is_help=True
    )
    command(group, "show")(show)
    command(group, "set")(set_facts)
    command(group, "load")(load)
    keys = typer.Typer(help="The keys of the payment API: rotate.", no_args_is_help=True)
    command(keys, "rotate")(rotate)
    group.add_typer(keys, name="keys")
    offers.register(group)
    app.add_typer(group, name="merchant")


def show(desk: Desk, *, secrets: WithSecrets = False) -> None:
    """Everything that is known of the merchant."""
    from comptoir.domain.merchant.queries import get_merchant
    from comptoir.domain.merchant.wording import told_of

    with desk.opened() as home:
        told = home.shop.read(lambda tx: told_of(get_merchant(tx), tx.shop.currency))
    if not secrets:
        told |= {name: "(set)" if told[name] else "" for name in SECRETS}
    width = max(map(len, told))
    desk.tell(told, [f"{name:<{width}}  {value}".rstrip() for name, value in told.items()])


def set_facts(desk: Desk, said: Said) -> None:
    """Change what is named: amounts as 0.45, percentages as 5.5, the payout's day as monday."""
    from comptoir.domain.merchant.loading import say_profile

    pairs = [pair.partition("=") for pair in said]
    for name, sign, _ in pairs:
        if not sign:
            desk.refuse(f"{name!r} is no KEY=VALUE", MISUSED)
    changes = {name.strip(): value for name, _, value in pairs}
    with desk.opened() as home:
        home.shop.write(lambda tx: say_profile(tx, changes), operator_at_the_desk())
    desk.tell({"changed": sorted(changes)}, [f"Changed: {', '.join(sorted(changes))}"])


def load(desk: Desk, file: File) -> None:
    """Take a whole profile from a file, on top of what is known; all of it or nothing."""
    from comptoir.domain.merchant.loading import load_profile

    document = _read(desk, file)
    with desk.opened() as home:
        counts = home.shop.write(lambda tx: load_profile(tx, document), operator_at_the_desk())
    desk.tell(counts, [f"{kind}: {count} taken" for kind, count in counts.items()])


def rotate(desk: Desk) -> None:
    """Make new keys for the payment API; the old ones are good for nothing from then on."""
    from comptoir.domain.merchant.actions import rotate_keys

    with desk.opened() as home:
        keys = home.shop.write(rotate_keys, operator_at_the_desk())
    desk.tell(
        keys._asdict(),
        [f"publishable key  {keys.publishable_key}", f"private key      {keys.private_key}"],
    )


def _read(desk: Desk, file: Path) -> dict[str, Any]:
    """A document whose decimals are exact. Ends with 2 when there is none, or it cannot be read."""
    import tomllib
    from decimal import Decimal

    try:
        return tomllib.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)
    except (OSError, ValueError) as error:
        desk.refuse(f"{file} cannot be read: {error}", MISUSED)
