"""Import and export: looked through first, taken in with every mistake told by its row, given out as files."""

from __future__ import annotations

import io
import zipfile

import pytest

from comptoir.chores.exchanges import RUNNERS
from comptoir.chores.tasks import Tasks
from comptoir.console.exchanges import AREAS
from comptoir.dialects.edge import ServedShop
from comptoir.domain.catalogue.products import create_product
from comptoir.domain.events.queries import list_events
from comptoir.domain.exchange.tables import KINDS
from comptoir.domain.identity.permissions import TABLE
from comptoir.domain.tasks.actions import ask_task, take_task, tell_progress
from comptoir.domain.tasks.queries import list_tasks
from comptoir.domain.tx import Actor, OpenShop
from tests.console.visiting import Paper, Visitor, signed_in
from tests.domain.exchange.given import exported, rows_of

HOSTILE = "<script>alert(1)</script>"
MISTAKES = f"id,name,quantity\n1,One,3\nx,Two,1\n3,{HOSTILE},many\n4,Four,4\n"


def work(home: ServedShop) -> None:
    Tasks(RUNNERS)(home)


def uploaded(visitor: Visitor, content: str | bytes, kind: str = "products", name: str = "p.csv") -> Paper:
    body = content.encode() if isinstance(content, str) else content
    return visitor.fill("/files", "/files/upload", files={"file": [(name, "text/csv", body)]}, kind=kind)


def test_every_kind_belongs_to_an_area() -> None:
    assert AREAS.keys() == KINDS.keys()
    assert set(AREAS.values()) <= TABLE.keys()


def test_a_file_with_mistakes_is_looked_through_and_taken_in(home: ServedShop, visitor: Visitor) -> None:
    waiting = visitor.follow(uploaded(visitor, MISTAKES))
    assert waiting.tree.xpath("//*[@data-again]")
    assert waiting.tree.xpath("//noscript//meta[@http-equiv='refresh']")
    assert rows_of(home.shop, "products") == []
    work(home)
    looked = visitor.get(visitor_path(home))
    assert not looked.tree.xpath("//*[@data-again]")
    assert [row[:2] for row in looked.rows] == [["2", "3"], ["3", "4"]]
    assert "Would be created 2" in looked.main
    assert "Would be refused 2" in looked.main
    assert rows_of(home.shop, "products") == []
    visitor.done(looked, "/import")
    work(home)
    done = visitor.get(visitor_path(home))
    assert "Created 2" in done.main
    assert "Refused 2" in done.main
    assert [row["id"] for row in rows_of(home.shop, "products")] == [1, 4]
    (link,) = [link for link in done.links() if link.endswith("/output")]
    told = visitor.ask("GET", link)
    assert "attachment" in told.answer.headers["content-disposition"]
    assert told.text.splitlines()[0] == "row,line,id,field,problem"
    events = home.shop.read(list_events)
    assert {event.operator_id for event in events if event.kind == "product.imported"} <= {1}


def visitor_path(home: ServedShop) -> str:
    """The page of the newest task."""
    return f"/tasks/{home.shop.read(list_tasks)[0].id}"


def test_a_hostile_file_is_shown_as_text(home: ServedShop, visitor: Visitor) -> None:
    visitor.follow(uploaded(visitor, f"id,name\n{HOSTILE},A\n", name=f"{HOSTILE}.csv"))
    work(home)
    page = visitor.get(visitor_path(home))
    assert HOSTILE in page.words
    assert HOSTILE not in page.text
    assert HOSTILE not in visitor.get("/files").text


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "is empty"),
        (b"  \n ", "is empty"),
        (b"PK\x03\x04", "is an archive"),
        (b"\x1f\x8b\x08", "is an archive"),
        (b"i\0d\0", "is no text"),
    ],
)
def test_what_is_no_such_file_is_refused_beside_its_field(
    home: ServedShop, visitor: Visitor, content: bytes, problem: str
) -> None:
    refused = uploaded(visitor, content)
    assert refused.status == 422
    assert any(problem in said for said in refused.problems)
    assert home.shop.read(list_tasks) == []


def test_a_file_must_be_chosen_and_its_kind_be_known(home: ServedShop, visitor: Visitor) -> None:
    refused = visitor.fill("/files", "/files/upload", files={}, kind="nonsense")
    assert refused.status == 422
    assert len(refused.problems) >= 2
    assert home.shop.read(list_tasks) == []


def test_what_nobody_can_read_fails_in_words(home: ServedShop, visitor: Visitor) -> None:
    visitor.follow(uploaded(visitor, "colour\nred\n"))
    work(home)
    page = visitor.get(visitor_path(home))
    assert "It failed: colour is no field of products" in page.main
    assert not [one for one in page.tree.forms if (one.action or "").endswith("/import")]


def test_json_lines_are_known_by_what_they_are(home: ServedShop, visitor: Visitor) -> None:
    visitor.follow(uploaded(visitor, '{"id": 7, "name": "Seven"}\n', name="p.txt"))
    work(home)
    visitor.done(visitor_path(home), "/import")
    work(home)
    assert [row["id"] for row in rows_of(home.shop, "products")] == [7]


def test_records_are_given_out(home: ServedShop, visitor: Visitor) -> None:
    home.shop.write(lambda tx: create_product(tx, name="Lamp"))
    visitor.done("/files", "/files/export", kind="products", format="jsonl")
    work(home)
    page = visitor.get(visitor_path(home))
    (link,) = [link for link in page.links() if link.endswith("/output")]
    assert visitor.ask("GET", link).answer.content == exported(home.shop, "products")
    visitor.done("/files", "/files/export", kind="everything", format="csv")
    work(home)
    given = visitor.ask("GET", f"/console{visitor_path(home)}/output").answer.content
    with zipfile.ZipFile(io.BytesIO(given)) as archive:
        assert len(archive.namelist()) == len(KINDS)
    assert [row[0] for row in visitor.get("/files").rows] == ["Export everything", "Export products"]


def test_a_task_is_stopped(home: ServedShop, visitor: Visitor) -> None:
    visitor.done("/files", "/files/export", kind="products", format="csv")
    stopped = visitor.done(visitor_path(home), "/stop")
    assert home.shop.read(list_tasks)[0].state == "stopped"
    assert "The task is stopped." in stopped.main
    assert not [one for one in stopped.tree.forms if (one.action or "").endswith("/stop")]


def test_how_far_it_is_is_shown(home: ServedShop, visitor: Visitor) -> None:
    visitor.follow(uploaded(visitor, MISTAKES))
    task = home.shop.write(take_task)
    assert task is not None
    home.shop.write(lambda tx: tell_progress(tx, task, done=250, total=1000, result=None))
    page = visitor.get(visitor_path(home))
    assert page.tree.xpath("//progress/@value") == ["250"]
    assert "250 of 1,000, 25 %" in page.main
    sent = visitor.fill(page, "/stop")
    assert "will stop in a moment" in visitor.follow(sent).main


def test_nothing_is_taken_in_that_was_not_looked_through(home: ServedShop, visitor: Visitor) -> None:
    visitor.follow(uploaded(visitor, MISTAKES))
    csrf = visitor.get("/files").form("/files/export").fields["csrf"]
    path = f"/console{visitor_path(home)}/import"
    assert visitor.post(path, {"csrf": csrf}).status == 422
    assert visitor.post("/console/tasks/999/import", {"csrf": csrf}).status == 404
    assert len(home.shop.read(list_tasks)) == 1


def test_sent_twice_it_is_asked_for_once(home: ServedShop, visitor: Visitor) -> None:
    page = visitor.get("/files")
    for _ in range(2):
        visitor.fill(page, "/files/export", kind="products", format="csv")
        visitor.fill(
            page, "/files/upload", files={"file": [("p.csv", "text/csv", b"id\n1\n")]}, kind="products"
        )
    assert len(home.shop.read(list_tasks)) == 2


def test_who_may_see_files_but_not_change_is_shown_no_forms(home: ServedShop) -> None:
    for role in ("support", "read-only"):
        reader = signed_in(home, role)
        page = reader.get("/files")
        assert page.status == 200
        assert not [one for one in page.tree.forms if "/files" in (one.action or "")]
        csrf = page.form("/sign-out").fields["csrf"]
        sent = reader.post("/console/files/export", {"csrf": csrf, "kind": "products", "format": "csv"})
        assert sent.status == 403
    assert home.shop.read(list_tasks) == []


def test_nobody_takes_in_what_they_may_not_change_by_hand(home: ServedShop) -> None:
    accountant = signed_in(home, "accountant")
    page = accountant.get("/files")
    kinds = page.form("/files/upload").xpath(".//select[@name='kind']/option/@value")
    assert "payouts" in kinds
    assert not {"products", "customers", "orders"} & set(kinds)
    assert uploaded(accountant, MISTAKES).status == 422
    owner = signed_in(home)
    owner.follow(uploaded(owner, MISTAKES))
    work(home)
    csrf = page.form("/sign-out").fields["csrf"]
    assert accountant.post(f"/console{visitor_path(home)}/import", {"csrf": csrf}).status == 403


def test_nobody_opens_a_file_of_what_they_may_not_see(home: ServedShop) -> None:
    owner = signed_in(home)
    owner.done("/files", "/files/export", kind="payouts", format="csv")
    work(home)
    support = signed_in(home, "support")
    page = support.get(visitor_path(home))
    assert page.status == 200
    assert not [link for link in page.links() if link.endswith("/output")]
    assert support.get(f"{visitor_path(home)}/output").status == 403


def test_work_of_another_area_is_seen_by_those_who_may(home: ServedShop, shop: OpenShop) -> None:
    asker = Actor(name="Ada", dialect="console", operator_id=1)
    task_id = shop.write(lambda tx: ask_task(tx, kind="clock", title="Ten days", arguments={}), asker)
    assert signed_in(home).get(f"/tasks/{task_id}").status == 200
    support = signed_in(home, "support")
    assert support.get(f"/tasks/{task_id}").status == 403
    csrf = support.get("/files").form("/sign-out").fields["csrf"]
    assert support.post(f"/console/tasks/{task_id}/stop", {"csrf": csrf}).status == 403
    assert support.get("/tasks").status == 403
    assert [row[0] for row in signed_in(home).get("/tasks").rows] == ["Ten days"]
    assert signed_in(home).get("/tasks/99999999999999999999").status == 404
    assert signed_in(home).get(f"/tasks/{task_id}/output").status == 404


def test_what_stands_in_a_file_is_told(visitor: Visitor, home: ServedShop) -> None:
    page = visitor.get("/files/fields")
    assert len(page.tree.xpath("//main//details")) == len(KINDS)
    header = visitor.ask("GET", "/console/files/fields/products")
    assert header.text.startswith("id,")
    sent = visitor.follow(uploaded(visitor, header.text))
    work(home)
    assert "There is nothing in it that could be taken in." in visitor.get(visitor_path(home)).main
    assert sent.status == 200
    assert visitor.get("/files/fields/nonsense").status == 422
