"""The lines of the hosts file that lead the vendors' names to this machine, and nowhere else."""

import re
from collections.abc import Mapping
from pathlib import Path

from comptoir.domain.errors import ComptoirError
from comptoir.vendor_hosts.names import VENDORS

ADDRESS = "127.0.0.1"
BEGIN, END = "# begin: vendor hosts of comptoir", "# end: vendor hosts of comptoir"
BLOCK = re.compile(rf"^{BEGIN}\n.*?^{END}\n", re.MULTILINE | re.DOTALL)


class HostsRefused(ComptoirError):
    """The hosts file cannot be changed without breaking what stands in it."""


def hosts_lines(vendors: Mapping[str, tuple[str, ...]] = VENDORS) -> list[str]:
    """One line for each name."""
    return [f"{ADDRESS} {name}" for names in vendors.values() for name in names]


def write_lines(file: Path) -> bool:
    """Let a hosts file have the lines once, its other lines as they were; say whether it changed.

    Refuses: HostsRefused.
    """
    text = file.read_text() if file.exists() else ""
    rest = without_block(text, file)
    _refuse_named(rest, file)
    if rest and not rest.endswith("\n"):
        rest += "\n"
    return _rewrite(file, text, rest + "\n".join([BEGIN, *hosts_lines(), END, ""]))


def remove_lines(file: Path) -> bool:
    """Take the lines out of a hosts file again; say whether it had them. Refuses: HostsRefused."""
    text = file.read_text()
    return _rewrite(file, text, without_block(text, file))


def without_block(text: str, file: Path) -> str:
    """A hosts file without our lines. Refuses: HostsRefused, when one of the two marks is missing."""
    rest = BLOCK.sub("", text)
    for line in rest.splitlines():
        if line.strip() in {BEGIN, END}:
            raise HostsRefused(f"{file} has the line {line.strip()!r} without the other one: mend it by hand")
    return rest


def _refuse_named(rest: str, file: Path) -> None:
    """Whoever put a name there already means something by it, and the first line for a name wins."""
    ours = {name for names in VENDORS.values() for name in names}
    for number, line in enumerate(rest.splitlines(), start=1):
        taken = ours.intersection(word.lower() for word in line.partition("#")[0].split()[1:])
        if taken:
            raise HostsRefused(f"line {number} of {file} names {min(taken)} already: {line.strip()!r}")


def _rewrite(file: Path, before: str, after: str) -> bool:
    if after == before:
        return False
    # In place: the hosts file of a container is a mount, which nothing can be moved over.
    file.write_text(after)
    return True
