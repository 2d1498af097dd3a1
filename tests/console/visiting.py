"""Somebody in front of the console without a browser: pages are read as trees, forms filled and sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit
from uuid import NAMESPACE_URL, uuid5

import falcon.testing
from lxml import html

from comptoir.app import make_app
from comptoir.domain.identity.actions import create_operator
from comptoir.domain.identity.passwords import Passwords
from comptoir.domain.identity.queries import find_operator_by_email
from comptoir.domain.identity.sessions import begin_session

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from comptoir.dialects.edge import ServedShop
    from comptoir.domain.tx import OpenShop, Tx

FORM = "application/x-www-form-urlencoded"
CHEAP = Passwords(time_cost=1, memory_kib=8)
PASSWORD = "a long enough password"
File = tuple[str, str, bytes]
"""A file's name, its type as the browser says it, and its content."""


class Paper:
    """What came back: a page with its tree."""

    def __init__(self, answer: falcon.testing.Result) -> None:
        self.answer = answer
        self.status = answer.status_code
        self.location = answer.headers.get("location", "")
        self.text = answer.text if "text" in (answer.headers.get("content-type") or "") else ""

    @property
    def tree(self) -> Any:
        return html.fromstring(self.text)

    @property
    def words(self) -> str:
        """What a person reads, blanks made one."""
        return " ".join(self.tree.text_content().split())

    @property
    def main(self) -> str:
        """What a person reads in the page's main part."""
        return " ".join(self.tree.get_element_by_id("main").text_content().split())

    @property
    def problems(self) -> list[str]:
        return [" ".join(one.text_content().split()) for one in self.tree.find_class("problem")]

    @property
    def rows(self) -> list[list[str]]:
        """The rows of the page's first table."""
        return [
            [" ".join(cell.text_content().split()) for cell in row]
            for row in self.tree.xpath("(//tbody)[1]/tr")
        ]

    def links(self) -> list[str]:
        return [link for link in self.tree.xpath("//main//a/@href") if link.startswith("/")]

    def form(self, ending: str) -> Any:
        """The form that posts to an address with this ending."""
        found = [one for one in self.tree.forms if (one.action or "").endswith(ending)]
        assert found, f"no form posts to …{ending}: {[one.action for one in self.tree.forms]}"
        return found[0]


class Visitor:
    """Somebody signed in at a shop's console; cookies are kept, redirects only followed when wanted."""

    def __init__(self, *homes: ServedShop, app: Any = None) -> None:
        self.client = falcon.testing.TestClient(app or make_app(list(homes)))
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, **more: Any) -> Paper:
        parts = urlsplit(path)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        headers |= more.pop("headers", {})
        answer = self.client.simulate_request(
            method,
            parts.path,
            query_string=parts.query,
            headers={k: v for k, v in headers.items() if v},
            **more,
        )
        for name, cookie in answer.cookies.items():
            if cookie.value:
                self.cookies[name] = cookie.value
            else:
                self.cookies.pop(name, None)
        return Paper(answer)

    def get(self, path: str) -> Paper:
        return self.ask("GET", path if path.startswith("/console") else f"/console{path}")

    def post(self, path: str, values: Mapping[str, Any]) -> Paper:
        pairs = [
            (name, one)
            for name, value in values.items()
            for one in (value if isinstance(value, list | tuple) else [value])
        ]
        return self.ask("POST", path, body=urlencode(pairs).encode(), headers={"Content-Type": FORM})

    def send(self, path: str, values: Mapping[str, str], files: Mapping[str, Sequence[File]]) -> Paper:
        """Send a form with files."""
        mark = uuid5(NAMESPACE_URL, path).hex
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in values.items()
        ]
        for name, given in files.items():
            for file, kind, content in given:
                head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\n'
                parts.append(f"{head}Content-Type: {kind}\r\n\r\n".encode() + content + b"\r\n")
        body = b"".join(parts) + f"--{mark}--\r\n".encode()
        return self.ask(
            "POST", path, body=body, headers={"Content-Type": f"multipart/form-data; boundary={mark}"}
        )

    def fill(
        self, page: Paper | str, ending: str, files: Mapping[str, Sequence[File]] | None = None, **values: Any
    ) -> Paper:
        """Fill the form that posts to this ending, send it, and give what it is answered."""
        paper = self.get(page) if isinstance(page, str) else page
        form = paper.form(ending)
        sent: dict[str, Any] = {}
        # Browsers take the line end behind the tag for none of the text, which this parser does not know.
        areas = {area.name for area in form.xpath(".//textarea")}
        for name, value in form.form_values():
            sent.setdefault(name, []).append(value.removeprefix("\n") if name in areas else value)
        for name, value in values.items():
            assert name in form.fields or f'name="{name}"' in html.tostring(form).decode(), name
            sent[name] = value
        sent = {name: value for name, value in sent.items() if value is not None}
        if files is not None:
            flat = {name: value[-1] if isinstance(value, list) else value for name, value in sent.items()}
            return self.send(form.action, {k: v for k, v in flat.items() if isinstance(v, str)}, files)
        return self.post(form.action, sent)

    def follow(self, paper: Paper) -> Paper:
        """Go where an act leads."""
        assert paper.status == 303, (paper.status, paper.problems or paper.text[:500])
        return self.get(paper.location)

    def done(self, page: Paper | str, ending: str, **values: Any) -> Paper:
        """Fill a form that is taken, and give the page that it leads to."""
        return self.follow(self.fill(page, ending, **values))


def let_in(tx: Tx, role: str = "owner", email: str = "", name: str = "Ada") -> int:
    """An operator of a role."""
    email = email or f"{role}@example.com"
    found = find_operator_by_email(tx, email)
    if found is not None:
        return found.id
    return create_operator(tx, email=email, name=name, role=role, password=PASSWORD, passwords=CHEAP)


def signed_in(home: ServedShop, role: str = "owner", app: Any = None) -> Visitor:
    """A visitor who is signed in as an operator of a role, without going through the page."""
    shop: OpenShop = home.shop

    def enter(tx: Tx) -> str:
        operator_id = let_in(tx, role)
        begun = begin_session(
            tx, operator_id=operator_id, address="127.0.0.1", agent="tests", secret=home.secret
        )
        return begun.key

    visitor = Visitor(home, app=app)
    visitor.cookies["comptoir_session"] = f"{shop.name}.{shop.write(enter)}"
    return visitor
