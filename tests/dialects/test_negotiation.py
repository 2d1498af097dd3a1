"""Which format answers which Accept header, with the tables of two dialects."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.dialects.negotiation import COREDNA, TWOCHECKOUT, Formats, preferred_format

XML_FIRST = Formats(
    {"application/xml": "xml", "text/xml": "xml", "application/json": "json", "text/html": "html"},
    default="xml",
)
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "answer"),
    [
        (None, "json"),
        ("", "json"),
        ("*/*", "json"),
        ("application/json", "json"),
        ("application/xml", "xml"),
        ("text/xml", "xml"),
        ("Application/XML", "xml"),
        (" application/xml ; charset=utf-8 ", "xml"),
        ('application/xml;version="1.0"', "xml"),
        ("application/xml, application/json", "json"),
        ("application/xml;q=0.9, application/json;q=0.9", "json"),
        ("application/xml;q=0.9, application/json;q=0.8", "xml"),
        ("application/xml;q=0.801, application/json;q=0.8", "xml"),
        ("application/json;q=0.5, text/xml", "xml"),
        ("application/json;q=0, application/xml;q=0.001", "xml"),
        ("application/json;q=0", "json"),
        ("application/json;q=0, */*", "xml"),
        ("application/xml, */*;q=0.1", "xml"),
        ("application/xml;q=0.1, */*;q=0.2", "json"),
        ("application/*", "json"),
        ("application/*;q=0.5, application/xml", "xml"),
        (BROWSER, "json"),
        ("text/html;q=0.1, application/xml", "json"),
        ("text/html;q=0, application/xml", "xml"),
        ("image/png", "json"),
        ("text/plain, image/*;q=0.5", "json"),
        (",, application/xml ,", "xml"),
        ("application/xml;q=2", "json"),
        ("application/xml;q=0.1234", "json"),
        ("application/xml;q=-1", "json"),
        ("application/xml;q=abc", "json"),
        ("application/xml;q=", "json"),
        ("application/xml;Q=1.000", "xml"),
        ("application/xml;;q=1", "xml"),
        ("xml", "json"),
        ("application/", "json"),
        ("application/xml json", "json"),
        ("application/xml, \u00e9\u00e9", "json"),
    ],
)
def test_core_dna_answers(accept: str | None, answer: str) -> None:
    assert preferred_format(accept, COREDNA) == answer


@pytest.mark.parametrize(
    ("accept", "answer"),
    [
        (None, "xml"),
        ("", "xml"),
        ("*/*", "xml"),
        ("image/png", "xml"),
        ("application/json", "json"),
        ("application/json, */*", "xml"),
        ("application/json, */*;q=0.9", "json"),
        ("application/json, text/html", "json"),
        ("text/html, application/json", "json"),
        ("text/html", "html"),
        (BROWSER, "html"),
        ("nonsense", "xml"),
    ],
)
def test_a_table_without_a_browser_rule_weighs_html_like_the_rest(accept: str | None, answer: str) -> None:
    assert preferred_format(accept, XML_FIRST) == answer


@pytest.mark.parametrize(
    ("accept", "answer"),
    [
        ("application/json, */*", "json"),
        ("application/json;q=0.5, */*;q=0.5", "json"),
        ("application/json;q=0.5, */*", "xml"),
        ("text/*, application/json", "json"),
        ("text/*, application/*", "xml"),
        ("application/json, application/xml", "xml"),
        ("application/json;q=0, */*;q=0", "xml"),
        (BROWSER, "xoxo"),
    ],
)
def test_what_is_named_is_preferred_to_what_is_let_in(accept: str, answer: str) -> None:
    assert preferred_format(accept, TWOCHECKOUT) == answer


@given(st.text() | st.lists(st.sampled_from([*'/;,=q.01* "', "application/xml", "text/html"])).map("".join))
def test_any_header_is_answered(accept: str) -> None:
    assert preferred_format(accept, COREDNA) in {"json", "xml"}
    assert preferred_format(accept, XML_FIRST) in {"json", "xml", "html"}
