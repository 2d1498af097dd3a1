"""Hostile names in every field of every record, and hostile forms to every act: shown as text, answered calmly."""

from __future__ import annotations

import random  # noqa: TID251 - a seed draws the same lots each time
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, update

from comptoir.domain import records
from comptoir.storage.schema import Record
from tests.console.visiting import signed_in
from tests.console.whole.walking import ACTS, PLACE, START, app_of, walked

if TYPE_CHECKING:
    from comptoir.domain.tx import Tx
    from tests.console.whole.conftest import Trade

HOSTILE = """"'><script>alert(1)</script><img src=x onerror=alert(2)>{{1337*7331}}\u202e</textarea>]]>&amp;"""
# Words that people write freely; what names a state, a place or a key would only break the record.
FREE = frozenset(
    "name description comments comment comment1 comment2 comment3 notes note memo title content text subtitle "
    "billing_name billing_company billing_address billing_city delivery_name delivery_company first_name last_name "
    "nickname company address city suburb keywords seo_title seo_description seo_keywords summary remark reason "
    "response nickname street business_category job_department custom1 custom2 actor".split()
)
JUNK = (
    "", "0", "-1", "1", "99999999999999999999999999", "1e9", "NaN", "0.001", "1,5", "2026-13-45", "\x00", "\ud800",
    "x" * 70_000, HOSTILE, "../../etc/passwd", "%00", "true", "[]", '{"a":', "2026-02-30T25:61", "=1+1", "🦊" * 300,
)  # fmt: skip
POSTS_OF_AN_ACT = 4


def spoil(tx: Tx) -> int:
    """Write the hostile text into everything that is free text."""
    spoilt = 0
    assert records.ROOMS
    for table in Record.metadata.tables.values():
        names = [
            column.name
            for column in table.columns
            if column.name in FREE
            and isinstance(column.type, Text)
            and not column.unique
            and not column.foreign_keys
        ]
        if names and not table.info.get("append_only"):
            spoilt += tx.run(update(table).values(dict.fromkeys(names, HOSTILE)))
    return spoilt


def test_hostile_names_are_text_on_every_page(trade: Trade) -> None:
    home = trade.copy()
    visitor = signed_in(home, app=app_of(home))
    assert home.shop.write(spoil) > 100
    walk = walked(home, visitor)
    shown = 0
    for address, paper in walk.seen.items():
        assert paper.status in {200, 303}, address
        if "<main" not in paper.text:
            continue
        tree = paper.tree
        assert [script.get("src", "").partition("?")[0] for script in tree.xpath("//script")] == [
            "/console/static/console.js"
        ], address
        assert tree.xpath("//@onerror | //img[@src='x'] | //@onload") == [], address
        assert str(1337 * 7331) not in paper.text, address
        shown += "alert(1)" in tree.text_content() or "alert(1)" in paper.text
    assert shown > len(walk.seen) // 3


def junk_of(act: Any, dice: random.Random, names: list[str]) -> dict[str, str]:
    """A form of an act filled with junk: the names that pages ask for, and some that nobody asks for."""
    return {name: dice.choice(JUNK) for name in names} | {"unheard_of": dice.choice(JUNK)}


def test_hostile_forms_are_never_answered_by_a_fault(trade: Trade) -> None:
    home = trade.copy()
    visitor = signed_in(home, app=app_of(home))
    walk = walked(home, visitor)
    asked: dict[str, tuple[str, list[str]]] = {}
    for paper in walk.seen.values():
        for form in paper.tree.forms if "<main" in paper.text else ():
            if form.method == "POST" and form.action:
                asked.setdefault(
                    form.action.rpartition("/")[2], (form.action, [n for n in form.fields if n != "csrf"])
                )
    csrf = visitor.get(START).form("/sign-out").fields["csrf"]
    dice = random.Random(11)
    faults = []
    for act in ACTS:
        action, names = asked.get(act.name, ("", []))
        for _ in range(POSTS_OF_AN_ACT):
            path = (
                action
                if action and dice.random() < 0.7
                else "/console" + PLACE.sub(lambda _: dice.choice(("1", "0", "9" * 18, "x")), act.path)
            )
            values = junk_of(act, dice, names) | {"csrf": csrf}
            answer = visitor.post(
                path, {name: value.encode("utf-8", "surrogatepass") for name, value in values.items()}
            )
            if answer.status >= 500:
                faults.append((path, answer.status, values))
            if "comptoir_session" not in visitor.cookies:
                visitor = signed_in(home, app=app_of(home))
                csrf = visitor.get(START).form("/sign-out").fields["csrf"]
    assert faults == []


def test_hostile_addresses_are_never_answered_by_a_fault(trade: Trade) -> None:
    home = trade.copy()
    visitor = signed_in(home, app=app_of(home))
    walk = walked(home, visitor)
    dice = random.Random(13)
    faults = []
    for kind, address in walk.one_of_each():
        page = visitor.get(address)
        names = (
            [field.name for field in page.tree.xpath("//form[@method='get']//*[@name]")]
            if "<main" in page.text
            else []
        )
        for wanted in ("past", "before", "sort", "q", *names):
            junk = dice.choice([one for one in JUNK if "\ud800" not in one])
            answer = visitor.client.simulate_get(
                address.partition("?")[0], params={wanted: junk},
                headers={"Cookie": f"comptoir_session={visitor.cookies['comptoir_session']}"},
            )  # fmt: skip
            if answer.status_code >= 500:
                faults.append((kind, wanted, junk[:50], answer.status_code))
    assert faults == []
