"""What every command has: which shop, how to answer, and how to say that something cannot be done."""

import inspect
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, get_type_hints

import typer

if TYPE_CHECKING:
    from comptoir.dialects.edge import ServedShop
    from comptoir.domain.tx import Actor
    from comptoir.settings import ReadSettings, Settings

REFUSED, MISUSED = 1, 2

Config = Annotated[Path | None, typer.Option(help="The file of settings.", show_default=False)]
DataDir = Annotated[Path | None, typer.Option(help="The folder of shops and keys.", show_default=False)]
Shop = Annotated[str | None, typer.Option(help="Which shop, when there are several.", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
COMMON: tuple[tuple[str, Any, Any], ...] = (
    ("shop", Shop, None),
    ("config", Config, None),
    ("data_dir", DataDir, None),
    ("as_json", AsJson, False),
)


class Desk:
    """One run of one command."""

    def __init__(
        self, *, shop: str | None, config: Path | None, data_dir: Path | None, as_json: bool
    ) -> None:
        self.shop_name = shop
        self.as_json = as_json
        self.flags: dict[str, Any] = {"config": config and str(config), "data_dir": data_dir}

    @cached_property
    def read(self) -> "ReadSettings":
        """The settings with their sources. Refuses: SettingsRefused."""
        from comptoir.settings import read_settings

        return read_settings(self.flags, os.environ)

    @property
    def settings(self) -> "Settings":
        """The settings."""
        return self.read.settings

    @contextmanager
    def opened(self) -> "Iterator[ServedShop]":
        """The shop that is meant, opened. Refuses: CannotOpen."""
        from comptoir.opening import open_shop, shop_named

        home = open_shop(self.settings, shop_named(self.settings, self.shop_name))
        try:
            yield home
        finally:
            home.shop.database.close()

    def tell(self, value: Any, lines: Iterable[str]) -> None:
        """Answer: the value in JSON, or lines for people."""
        if self.as_json:
            print(json.dumps(value, ensure_ascii=False, default=str))
        else:
            for line in lines:
                print(line)

    def tell_table(self, rows: Sequence[Mapping[str, Any]], columns: Sequence[str], none: str) -> None:
        """Answer with records: all that is known in JSON, the named columns for people."""
        self.tell([dict(row) for row in rows], table(rows, columns) if rows else [none])

    def refuse(self, sentence: str, code: int = REFUSED) -> NoReturn:
        """Say why not, and end."""
        complain(sentence, as_json=self.as_json)
        raise typer.Exit(code)


def table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> list[str]:
    """Records as aligned columns under their names."""
    cells = [[shown(row[column]) for column in columns] for row in rows]
    widths = [max(len(column), *(len(line[place]) for line in cells)) for place, column in enumerate(columns)]
    head = [column.replace("_", " ") for column in columns]
    return ["  ".join(f"{cell:<{width}}" for cell, width in zip(line, widths, strict=True)).rstrip()
            for line in (head, *cells)]  # fmt: skip


def shown(value: Any) -> str:
    """A value in a table."""
    match value:
        case None:
            return "-"
        case bool():
            return "yes" if value else "no"
        case list() | tuple():
            return ", ".join(map(str, value)) or "-"
        case datetime():
            return value.isoformat(timespec="seconds")
        case _:
            return str(value)


def complain(sentence: str, *, as_json: bool = False) -> None:
    """Say on standard error what cannot be done."""
    text = " ".join(sentence.split())
    print(json.dumps({"error": text}) if as_json else f"comptoir: {text}", file=sys.stderr)


def operator_at_the_desk() -> "Actor":
    """Who acts through the command line: the machine's user, with every right."""
    from getpass import getuser

    from comptoir.domain.tx import Actor

    try:
        name = getuser()
    except (KeyError, OSError):  # a container's user need not have a name
        name = str(os.getuid())
    return Actor(name=name, dialect="cli", scopes=frozenset({"*"}))


def command(app: typer.Typer, name: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a command: what it takes of its own, and the options that every command has.

    The work is called with the desk first.
    """

    def register(work: Callable[..., None]) -> Callable[..., None]:
        hints = get_type_hints(work, include_extras=True)
        own = list(inspect.signature(work).parameters.values())[1:]
        more = [
            inspect.Parameter(option, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
            for option, kind, default in COMMON
        ]

        def run(**values: Any) -> None:
            common = {option: values.pop(option) for option, _, _ in COMMON}
            work(Desk(**common), **values)

        parameters = [
            one.replace(annotation=hints[one.name], kind=inspect.Parameter.KEYWORD_ONLY) for one in own
        ]
        run.__signature__ = inspect.Signature([*parameters, *more])  # type: ignore[attr-defined]
        run.__annotations__ = {one.name: one.annotation for one in (*parameters, *more)}
        run.__doc__ = inspect.getdoc(work)
        app.command(name)(run)
        return work

    return register
