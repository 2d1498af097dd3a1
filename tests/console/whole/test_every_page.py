"""Every page of the console in a shop with a year of trade: it answers, it leads somewhere, it is well made."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from comptoir.domain.identity.permissions import CHANGE, ROLES, SEE, TABLE, permissions_of
from tests.console.visiting import signed_in
from tests.console.whole.conftest import Trade
from tests.console.whole.walking import ACTS, PAGES, PLACE, START, Walk, app_of

# What no link leads to: asked for by forms, or only there when something has happened.
UNLINKED = frozenset(
    {
        "/bank/customers/{id:digits}/beneficiaries/{heir:digits}",  # once somebody has named one
        "/bank/customers/{id:digits}/relations/{other:digits}",  # of people of businesses
        "/bank/fees/{id:digits}",  # once one was charged
        "/bank/gift-codes/{id:digits}",  # once somebody has bought one
        "/bank/holds/{id:digits}",  # once something is held
        "/coupons/by-code",  # from an explained discount to its coupon
        "/explain/{kind}/{key}",  # leads on to the first amount of a thing
        "/find/bank-customers",
        "/find/customers",  # by a script, while somebody types
        "/find/products",
        "/find/variants",
        "/payouts/{id:digits}/entries",  # of payouts with more entries than a page shows
        "/tasks/{id:digits}/output",  # when an export is done
    }
)
# What is full of account numbers is for those who work at the bank, and not for all who may look at it.
OF_WHO_MAY_CHANGE = frozenset({"/bank/files/{id:digits}/download"})


def test_every_page_is_reached_by_links_and_answers(walk: Walk) -> None:
    missed = {page.path for page in PAGES} - set(walk.kinds) - UNLINKED
    assert missed == set()
    wrong = {address: paper.status for address, paper in walk.seen.items() if paper.status not in {200, 303}}
    assert wrong == {}


def test_no_link_leads_astray(walk: Walk) -> None:
    assert walk.astray == []


def test_every_page_is_well_made(walk: Walk) -> None:
    faults = [
        f"{address}: {fault}"
        for address, paper in walk.seen.items()
        if "<main" in paper.text
        for fault in faults_of(paper.tree)
    ]
    assert faults == []


def faults_of(tree: Any) -> Iterator[str]:
    yield from (f"id {name} twice" for name, count in Counter(tree.xpath("//@id")).items() if count > 1)
    if len(tree.xpath("//h1")) != 1:
        yield "not one h1"
    levels = [
        int(one.tag[1]) for one in tree.xpath("//main//*[self::h1 or self::h2 or self::h3 or self::h4]")
    ]
    if skips(levels):
        yield f"a level of headings is left out: {levels}"
    for _ in tree.xpath("//@style | //script[not(@src)] | //@onclick"):
        yield "something inline"
    for link in tree.xpath("//a[not(normalize-space())][not(.//img)]"):
        yield f"an empty link to {link.get('href')}"
    for form in tree.forms:
        if form.method == "POST" and "csrf" not in form.fields:
            yield f"a form to {form.action} without a mark"


def skips(levels: list[int]) -> bool:
    return any(after > before + 1 for before, after in zip([0, *levels], levels, strict=False))


def test_every_page_is_shown_to_the_roles_that_may_see_it_and_to_no_other(trade: Trade, walk: Walk) -> None:
    app = app_of(walk.home)
    wrong = []
    for role in ROLES:
        visitor = signed_in(walk.home, role, app)
        for kind, address in walk.one_of_each():
            area = next(page.area for page in PAGES if page.path == kind)
            mode = CHANGE if kind in OF_WHO_MAY_CHANGE else SEE
            may = area is None or f"{area}:{mode}" in permissions_of(role)
            status = visitor.get(address).status
            if (status in {200, 303}) != may or (not may and status != 403):
                wrong.append((role, address, status))
    assert wrong == []
    assert {page.area for page in PAGES} - {None} <= set(TABLE)


def test_no_act_is_open_to_a_role_that_may_not_change(trade: Trade, walk: Walk) -> None:
    app = app_of(walk.home)
    wrong = []
    for role in ROLES:
        visitor = signed_in(walk.home, role, app)
        csrf = visitor.get(START).form("/sign-out").fields["csrf"]
        for act in ACTS:
            if act.area is None or f"{act.area}:change" in permissions_of(role):
                continue
            answer = visitor.post("/console" + PLACE.sub("1", act.path), {"csrf": csrf})
            if answer.status != 403:
                wrong.append((role, act.path, answer.status))
    assert wrong == []


def test_no_act_is_open_without_the_mark_of_our_forms(trade: Trade, walk: Walk) -> None:
    wrong = []
    for act in ACTS:
        answer = walk.visitor.post("/console" + PLACE.sub("1", act.path), {})
        if answer.status != 403:
            wrong.append((act.path, answer.status))
    assert wrong == []


def test_no_page_is_shown_to_strangers(walk: Walk) -> None:
    for kind, address in walk.one_of_each():
        stranger = walk.visitor.client.simulate_get(address.partition("?")[0])
        assert (stranger.status_code, stranger.headers["location"].partition("?")[0]) == (
            303,
            "/console/sign-in",
        ), kind
