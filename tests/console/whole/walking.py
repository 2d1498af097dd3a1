"""A walk through the console along its own links, until every kind of page was seen."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from comptoir.app import make_app
from comptoir.console.ports import Ports
from comptoir.console.sitemap import ENTRIES
from comptoir.console.visits import Act, Page
from comptoir.domain.media.store import DirectoryStore
from comptoir.settings import Settings
from comptoir.snapshots import ServedSnapshots
from tests.console.visiting import Paper, Visitor, signed_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from comptoir.dialects.edge import ServedShop

PAGES = tuple(entry for entry in ENTRIES if isinstance(entry, Page))
ACTS = tuple(entry for entry in ENTRIES if isinstance(entry, Act))
PLACE = re.compile(r"\{(\w+)(:digits)?\}")
OF_A_KIND = 3
# These are asked for something: alone they show nothing.
ASKED = frozenset({"/coupons/by-code", "/media/file"})
START = "/console"


def pattern_of(path: str) -> re.Pattern[str]:
    """What addresses of a page look like."""
    return re.compile("/console" + PLACE.sub(lambda place: r"\d+" if place[2] else "[^/]+", path))


PATTERNS = {page.path: pattern_of(page.path) for page in PAGES}


def kind_of(address: str) -> str | None:
    """The page that an address belongs to; a page without places in its path comes first."""
    path = urlsplit(address).path.rstrip("/") or START
    found = [kind for kind, pattern in PATTERNS.items() if pattern.fullmatch(path)]
    return min(found, key=lambda kind: kind.count("{")) if found else None


@dataclass
class Walk:
    """What a walk saw: papers by address, addresses by kind of page, links that lead nowhere."""

    home: ServedShop
    visitor: Visitor
    seen: dict[str, Paper] = field(default_factory=dict)
    kinds: dict[str, list[str]] = field(default_factory=dict)
    astray: list[tuple[str, str]] = field(default_factory=list)

    def one_of_each(self) -> Iterator[tuple[str, str]]:
        """One address of each kind of page."""
        for kind, addresses in sorted(self.kinds.items()):
            yield kind, addresses[0]


def app_of(home: ServedShop) -> object:
    """The application with what is put into the console."""
    assert isinstance(home.media, DirectoryStore)
    folder = home.media._root.parent
    return make_app([home], ports=Ports(snapshots=ServedSnapshots(Settings(data_dir=folder))))


def walked(home: ServedShop, visitor: Visitor | None = None) -> Walk:
    """Follow every link, up to a few of each kind of page."""
    walk = Walk(home, visitor or signed_in(home, app=app_of(home)))
    waiting = deque(
        [
            START,
            *(f"/console{page.path}" for page in PAGES if "{" not in page.path and page.path not in ASKED),
        ]
    )
    known = set(waiting)
    while waiting:
        address = waiting.popleft()
        kind = kind_of(address)
        if kind is None or len(walk.kinds.get(kind, ())) >= OF_A_KIND:
            continue
        paper = walk.visitor.get(address)
        walk.seen[address] = paper
        walk.kinds.setdefault(kind, []).append(address)
        if "<main" not in paper.text:
            continue
        for link in paper.tree.xpath("//a/@href"):
            bare = str(link).partition("#")[0]
            if not bare.startswith(START) or bare in known or "format=" in bare:
                continue
            known.add(bare)
            if kind_of(bare) is None:
                walk.astray.append((address, bare))
            waiting.append(bare)
    return walk
