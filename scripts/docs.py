"""Print the reference pages of commands and settings from the commands and the settings: `make docs`.

With `--check` nothing is written; a page that is not what would be printed fails.
"""

import dataclasses
import importlib
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

REFERENCE = Path(__file__).parents[1] / "docs" / "reference"
PRINTED = "<!-- Printed by `make docs`; edit the help in the sources instead. -->\n"


def commands_page(app: typer.Typer) -> str:
    """Every command with its help, arguments and options."""
    parts = ["# Commands\n", PRINTED, *sections(typer.main.get_command(app), "comptoir")]
    return "\n".join(parts)


def sections(command: Any, path: str) -> Iterator[str]:
    """A command's section, then those of its subcommands."""
    context = command.make_context(path, [], resilient_parsing=True)
    yield f"## `{path}`\n\n{(command.help or command.short_help or '').strip()}\n"
    rows = [option(parameter) for parameter in command.params if not getattr(parameter, "hidden", False)]
    if rows:
        yield "\n".join(["| option | default | |", "|---|---|---|", *rows, ""])
    if hasattr(command, "list_commands"):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if child is not None and not child.hidden:
                yield from sections(child, f"{path} {name}")


def option(parameter: Any) -> str:
    """One line of a command's table."""
    is_argument = parameter.param_type_name == "argument"
    name = parameter.name.upper() if is_argument else ", ".join(parameter.opts)
    default = parameter.default
    shown = "" if default in (None, False, ()) or callable(default) else f"`{default}`"
    return f"| `{name}` | {shown} | {cell(getattr(parameter, 'help', None) or '')} |"


@dataclasses.dataclass(frozen=True)
class Setting:
    """One field of the settings class."""

    name: str
    default: object
    meaning: str


def settings_of(settings: Any) -> list[Setting]:
    """The fields of the settings class; what each means stands in its metadata as `help`."""
    return [
        Setting(
            field.name,
            field.default if field.default_factory is dataclasses.MISSING else field.default_factory(),
            str(field.metadata.get("help", "")),
        )
        for field in dataclasses.fields(settings)
    ]


def settings_page(settings: Any) -> str:
    """Every setting with its variable, default and meaning."""
    rows = [
        f"| `{setting.name}` | `COMPTOIR_{setting.name.upper()}` | {shown(setting.default)} "
        f"| {cell(setting.meaning)} |"
        for setting in settings_of(settings)
    ]
    head = ["| setting | variable | default | |", "|---|---|---|---|"]
    return "\n".join(["# Settings\n", PRINTED, *head, *rows, ""])


def shown(default: object) -> str:
    """The default as a reader would write it."""
    if default is dataclasses.MISSING:
        return "required"
    return "" if default in (None, "", (), []) else f"`{default}`"


def cell(text: str) -> str:
    """Text that stays within its cell."""
    return " ".join(text.split()).replace("|", "\\|")


def pages() -> dict[Path, str]:
    """What each printed page should hold, as far as its source is there."""
    found: dict[Path, str] = {}
    app = getattr(found_module("comptoir.cli"), "app", None)
    if isinstance(app, typer.Typer):
        found[REFERENCE / "commands.md"] = commands_page(app)
    settings = getattr(found_module("comptoir.settings"), "Settings", None)
    if settings is not None:
        found[REFERENCE / "settings.md"] = settings_page(settings)
    return found


def found_module(name: str) -> Any:
    """The module, or None where there is none."""
    return importlib.import_module(name) if importlib.util.find_spec(name) else None


def main(words: list[str]) -> int:
    """Write the pages, or compare them."""
    is_check = "--check" in words
    stale = {path: text for path, text in pages().items() if not path.exists() or path.read_text() != text}
    for path, text in stale.items():
        print(f"{'stale' if is_check else 'printed'}: {path.relative_to(Path(__file__).parents[1])}")
        if not is_check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    return int(is_check and bool(stale))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
