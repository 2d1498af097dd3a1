"""An OpenAPI description as one quiet HTML page: plain elements, no script."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lxml import etree
from lxml.html import builder
from lxml.html.builder import (
    BODY,
    CODE,
    DETAILS,
    DIV,
    H1,
    H2,
    H3,
    HEAD,
    HTML,
    LI,
    LINK,
    MAIN,
    META,
    NAV,
    PRE,
    SECTION,
    SPAN,
    SUMMARY,
    TABLE,
    TBODY,
    TD,
    TH,
    THEAD,
    TITLE,
    TR,
    UL,
    A,
    P,
)

# A link to what is folded opens it only if its target lies inside, so the names stand on the contents.
Node = Any
Schema = Mapping[str, Any]
CODE_MARK = re.compile(r"`([^`]+)`")
ENDINGS = "Each also as `_between`, `_in`, `_notin` and `_like`: `id_in=1,2`, `name_like=glove`."
# What every answer of a dialect holds beside what was asked for.
ENVELOPE = frozenset({"response_code", "response_message"})


class Page:
    """The parts of one description as nodes."""

    def __init__(self, description: Mapping[str, Any], example: str, others: Mapping[str, str]) -> None:
        self._description = description
        self._example = example
        self._others = others
        self._components = description["components"]

    def whole(self, source: str) -> Node:
        """The document."""
        info = self._description["info"]
        head = HEAD(
            META(charset="utf-8"),
            META(name="viewport", content="width=device-width, initial-scale=1"),
            TITLE(info["title"]),
            LINK(rel="stylesheet", href="/docs/docs.css"),
        )
        intro = builder.E.header(
            H1(info["title"]),
            P(f"Version {info['version']}, as OpenAPI: ", A(source, href=source)),
            *(P(*marked(each)) for each in info["description"].split("\n\n")),
            PRE(CODE(self._example)),
        )
        groups = [self._group(tag["name"]) for tag in self._description["tags"]]
        schemas = SECTION(H2("Objects"), *self._schemas(), id="objects")
        return HTML(head, BODY(self._contents(), MAIN(intro, *groups, schemas)), lang="en")

    def _contents(self) -> Node:
        entries = [LI(A(tag["name"], href=f"#{anchor(tag['name'])}")) for tag in self._description["tags"]]
        others = [LI(A(title, href=address)) for title, address in self._others.items()]
        return NAV(P(A("comptoir", href="#")), UL(*entries, LI(A("Objects", href="#objects"))), UL(*others))

    def _operations(self, tag: str) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        for path, verbs in self._description["paths"].items():
            for verb, operation in verbs.items():
                if tag in operation["tags"]:
                    yield verb.upper(), path, operation

    def _group(self, tag: str) -> Node:
        operations = [self._operation(*each) for each in self._operations(tag)]
        return SECTION(H2(tag), *operations, id=anchor(tag))

    def _operation(self, verb: str, path: str, operation: Mapping[str, Any]) -> Node:
        head = SUMMARY(
            SPAN(verb, {"class": f"verb {verb.lower()}"}),
            CODE(path),
            SPAN(operation["summary"], {"class": "says"}),
        )
        parts: list[Node] = []
        if "description" in operation:
            parts.append(P(*marked(operation["description"])))
        parts += self._parameters(operation.get("parameters", ()))
        if "requestBody" in operation:
            parts += self._body(operation["requestBody"])
        parts += [H3("Answers"), table(("status", "says", "data"), self._answers(operation["responses"]))]
        parts += self._shown(operation["responses"])
        return DETAILS(head, DIV(*parts, id=operation["operationId"]))

    def _parameters(self, parameters: Sequence[Schema]) -> list[Node]:
        found = [self._resolved(each) for each in parameters]
        rows = [
            (CODE(each["name"]), each["in"], self._kind(each["schema"]), said(each))
            for each in found
            if each["name"] != "search"
        ]
        nodes = [H3("Parameters"), table(("name", "in", "is", "says"), rows)] if rows else []
        for each in found:
            if each["name"] == "search":
                nodes += self._search(each)
        return nodes

    def _search(self, parameter: Schema) -> list[Node]:
        names = self._resolved(parameter["schema"])["properties"]
        fields = [name for name in names if f"{name}_between" in names]
        listed = P({"class": "fields"})
        for name in fields:
            listed.append(CODE(name))
        endings = P(*marked(ENDINGS))
        return [H3("Search"), P(*marked(parameter["description"])), listed, endings]

    def _body(self, body: Schema) -> list[Node]:
        content = body["content"]
        has_form = "multipart/form-data" in content
        form = self._resolved(content["multipart/form-data" if has_form else "application/json"]["schema"])
        wanted = form.get("required", ())
        rows = [
            (CODE(name), self._kind(schema), "needed" if name in wanted else "", said(schema))
            for name, schema in form["properties"].items()
        ]
        json = content.get("application/json")
        words = P(
            "As a form, with these names" if has_form else "As JSON, with these names",
            *([", or as JSON: ", self._kind(json["schema"])] if json and has_form else ["."]),
        )
        return [H3("Body"), words, table(("field", "is", "", "says"), rows)]

    def _answers(self, responses: Mapping[str, Schema]) -> Iterator[Sequence[Node]]:
        for status, response in responses.items():
            answer = self._resolved(response)
            kind, content = next(iter(answer["content"].items()))
            content = answer["content"].get("application/json", content)
            if "schema" not in content:
                yield CODE(status), said(answer), f"a file, {kind}"
                continue
            schema = content["schema"]
            data = schema if "$ref" in schema else schema["properties"].get("data")
            yield CODE(status), said(answer), "" if data is None else self._kind(data)

    def _shown(self, responses: Mapping[str, Schema]) -> list[Node]:
        """What a success holds, where it is no named object but members of the answer itself."""
        members = responses.get("200", {}).get("content", {}).get("application/json", {})
        shown = {
            name: each
            for name, each in members.get("schema", {}).get("properties", {}).items()
            if name not in ENVELOPE
        }
        if "requestId" in shown:
            data = shown.get("data", {})
            return [H3("Shows"), table(("field", "is", "says"), self._fields(data.get("items", data), ""))]
        if not shown or "response_code" not in members["schema"]["properties"]:
            return []
        return [H3("Shows"), table(("field", "is", "says"), self._fields({"properties": shown}, ""))]

    def _schemas(self) -> Iterator[Node]:
        for name, schema in self._components["schemas"].items():
            if not name.endswith(("Search", "Form")) and ("properties" in schema or "oneOf" in schema):
                rows = list(self._fields(schema, ""))
                fields = table(("field", "is", "says"), rows)
                yield DETAILS(SUMMARY(CODE(name)), DIV(fields, id=f"object-{name}"))

    def _fields(self, schema: Schema, above: str) -> Iterator[Sequence[Node]]:
        if "oneOf" in schema:
            yield "", self._kind(schema), ""
        for name, each in schema.get("properties", {}).items():
            items = each.get("items", {})
            if "properties" in each:
                yield from self._fields(each, f"{above}{name}.")
            elif "properties" in items:
                yield from self._fields(items, f"{above}{name}[].")
            else:
                yield CODE(f"{above}{name}"), self._kind(each), said(each)

    def _resolved(self, node: Schema) -> Schema:
        if "$ref" not in node:
            return node
        place: Any = self._description
        for part in node["$ref"].removeprefix("#/").split("/"):
            place = place[part]
        found: Schema = place
        return found

    def _kind(self, schema: Schema) -> Node:
        """What a value is, in a few words; named objects are linked."""
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            return A(name, href=f"#object-{name}")
        for joined in ("anyOf", "oneOf"):
            if joined in schema:
                return SPAN(*between([self._kind(each) for each in schema[joined]], " or "))
        if schema.get("type") == "array":
            return SPAN("list of ", self._kind(schema["items"]))
        return SPAN(plain_kind(schema))


def plain_kind(schema: Schema) -> str:
    """A scalar's kind in words."""
    if "const" in schema:
        return str(schema["const"]).lower()
    kinds = schema.get("type", "any")
    words = kinds if isinstance(kinds, str) else " or ".join(kinds)
    if schema.get("maxLength") == 0:
        return "empty text"
    words = words.replace("string", "text")
    if "maxLength" in schema:
        words += f", up to {schema['maxLength']}"
    if "enum" in schema:
        words += ": " + ", ".join(dict.fromkeys(shown(each) for each in schema["enum"]))
    return words


def shown(value: object) -> str:
    """A value of an enumeration."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) or "(empty)"


def said(node: Schema) -> Node:
    """A node's description."""
    return SPAN(*marked(node.get("description", "")))


def between(nodes: Sequence[Node], word: str) -> list[Node]:
    """The nodes with a word between each two."""
    joined: list[Node] = []
    for node in nodes:
        joined += [word, node] if joined else [node]
    return joined


def marked(text: str) -> list[Node]:
    """Text in which words between backticks are code."""
    return [CODE(part) if place % 2 else part for place, part in enumerate(CODE_MARK.split(text)) if part]


def anchor(name: str) -> str:
    """A name as the target of a link."""
    return name.lower().replace(" ", "-")


def table(heads: Sequence[str], rows: Any) -> Node:
    """A table; what is wider than the page scrolls by itself."""
    head = THEAD(TR(*(TH(each) for each in heads)))
    body = TBODY(*(TR(*(TD(each) for each in row)) for row in rows))
    return DIV({"class": "wide"}, TABLE(head, body))


def page_of(description: Mapping[str, Any], source: str, *, example: str, others: Mapping[str, str]) -> bytes:
    """The whole page.

    `source` is where the description itself is served, `example` how something is asked, `others` are the
    pages of the other dialects by their titles.
    """
    root = Page(description, example, others).whole(source)
    return bytes(etree.tostring(root, method="html", encoding="utf-8", doctype="<!DOCTYPE html>"))
