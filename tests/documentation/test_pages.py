"""The description and its pages, as a browser gets them."""

import json
import re

import falcon
import falcon.testing
import pytest
from lxml import html

from comptoir.documentation import DIALECTS, add_docs

PATHS = [
    "/docs",
    "/docs/docs.css",
    *(f"/openapi/{name}.json" for name in DIALECTS),
    *(f"/docs/{name}" for name in DIALECTS),
]


@pytest.fixture
def client() -> falcon.testing.TestClient:
    app: falcon.App[falcon.Request, falcon.Response] = falcon.App()
    add_docs(app)
    return falcon.testing.TestClient(app)


@pytest.mark.parametrize("path", PATHS)
def test_a_reader_who_has_it_is_told_so(client: falcon.testing.TestClient, path: str) -> None:
    first = client.simulate_get(path)
    assert (first.status_code, bool(first.content)) == (200, True)
    again = client.simulate_get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = client.simulate_get(path, headers={"If-None-Match": '"another"'})
    assert other.status_code == 200


@pytest.mark.parametrize("path", PATHS)
def test_head_is_get_without_its_body(client: falcon.testing.TestClient, path: str) -> None:
    asked = client.simulate_head(path)
    assert (asked.status_code, asked.content) == (200, b"")
    assert asked.headers["etag"] == client.simulate_get(path).headers["etag"]


@pytest.mark.parametrize("name", DIALECTS)
def test_the_served_description_is_the_description(client: falcon.testing.TestClient, name: str) -> None:
    describe, _ = DIALECTS[name]
    assert client.simulate_get(f"/openapi/{name}.json").json == json.loads(json.dumps(describe()))


@pytest.mark.parametrize("name", DIALECTS)
def test_the_page_needs_nothing_from_outside_and_may_run_nothing(
    client: falcon.testing.TestClient, name: str
) -> None:
    answer = client.simulate_get(f"/docs/{name}")
    page = html.fromstring(answer.content)
    fetched = page.xpath("//@src | //link/@href | //style | //script | //@style")
    assert fetched == ["/docs/docs.css"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    style = client.simulate_get("/docs/docs.css").text
    assert not re.search(r"url\(|@import", style)


@pytest.mark.parametrize("name", DIALECTS)
def test_the_page_shows_every_route_and_links_lead_somewhere(
    client: falcon.testing.TestClient, name: str
) -> None:
    describe, _ = DIALECTS[name]
    page = html.fromstring(client.simulate_get(f"/docs/{name}").content)
    targets = {str(found.get("id")) for found in page.iter() if found.get("id")}
    links = {str(found.get("href")) for found in page.iter("a")}
    operations = [each["operationId"] for verbs in describe()["paths"].values() for each in verbs.values()]
    assert set(operations) <= targets
    assert {link[1:] for link in links if link.startswith("#")} - targets == {""}
    for link in links - {link for link in links if link.startswith("#")}:
        assert client.simulate_get(link).status_code == 200
