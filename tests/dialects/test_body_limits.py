"""How much of a body is read, and that whatever is sent is read clean or refused."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.dialects.bodies import BodyLimits, BodyRefused, Upload
from tests.dialects.sending import FORM, JSON, MULTIPART, multipart, part, read

SMALL = BodyLimits(max_bytes=200, max_fields=5, max_depth=3, max_name_bytes=8)


def written(pairs: list[tuple[str, str]]) -> list[tuple[str, bytes]]:
    return [
        (FORM, "&".join(f"{name}={value}" for name, value in pairs).encode()),
        (MULTIPART, multipart(*(part(name, value) for name, value in pairs))),
        (JSON, json.dumps(dict(pairs), ensure_ascii=False).encode()),
    ]


@pytest.mark.parametrize(
    ("fits", "over", "says"),
    [
        ([(f"a{n}", "1") for n in range(5)], [(f"a{n}", "1") for n in range(6)], "more than 5 fields"),
        ([("a[b][c]", "1")], [("a[b][c][d]", "1")], "more than 3 levels"),
        ([("n" * 8, "1")], [("n" * 9, "1")], "longer than 8 bytes"),
        ([("éééé", "1")], [("ééééé", "1")], "longer than 8 bytes"),
    ],
)
def test_limits_hold_for_each_kind_of_body(
    fits: list[tuple[str, str]], over: list[tuple[str, str]], says: str
) -> None:
    limits = BodyLimits(max_fields=5, max_depth=3, max_name_bytes=12 if "levels" in says else 8)
    for content_type, body in written(fits):
        assert read(content_type, body, limits)
    for content_type, body in written(over):
        with pytest.raises(BodyRefused, match=f"{says}|Maximum segment count"):
            read(content_type, body, limits)


def test_a_body_may_be_as_large_as_the_limit_and_no_larger() -> None:
    assert read(FORM, "a=" + "x" * 198, SMALL) == {"a": "x" * 198}
    with pytest.raises(BodyRefused, match="larger than 200 bytes"):
        read(FORM, "a=" + "x" * 199, SMALL)


def test_json_is_counted_at_every_level() -> None:
    assert read(JSON, '{"a":[1,2,3,4]}', SMALL)
    for body in ('{"a":[1,2,3,4,5]}', '{"a":{"b":1,"c":2},"d":{"e":1}, "f":1}'):
        with pytest.raises(BodyRefused, match="more than 5 fields"):
            read(JSON, body, SMALL)
    assert read(JSON, '{"a":{"b":{"c":1}}}', SMALL)
    for body in ('{"a":{"b":{"c":{}}}}', '{"a":[[[]]]}', '{"a":{"b":[]},"a[c]":{"d":[1]}}'):
        with pytest.raises(BodyRefused, match="more than 3 levels"):
            read(JSON, body, SMALL)


@pytest.mark.parametrize("body", ["a" + "[b]" * 100 + "=1", "a" + "[" * 50_000 + "=1", "a[" * 30_000 + "=1"])
def test_many_brackets_are_refused_or_a_name(body: str) -> None:
    limits = BodyLimits(max_name_bytes=1_000_000)
    name = body.removesuffix("=1")
    try:
        assert read(FORM, body, limits) == {name: "1"}
    except BodyRefused as refusal:
        assert "levels deep" in str(refusal)  # noqa: PT017  # either outcome is right


# ---------------------------------------------------------------------------------------------- fuzz

CONTENT_TYPES = st.sampled_from([None, "", FORM, JSON, MULTIPART, f"{JSON}; charset=latin-1", "text/xml"])
PIECES = st.sampled_from(
    [
        *(bytes([byte]) for byte in b'[]{}":,=&%+ab1\0\xff'),
        *(b"--", b"--xyz", b"\r\n", b"%5B", b"%ff", b"\\ud800", b"1e9", b"null", b'{"a[b]":', "é".encode()),
        *(b'--xyz\r\nContent-Disposition: form-data; name="a', b'"; filename="', b'"\r\n\r\n'),
    ]
)


def assert_clean(value: object) -> None:
    if isinstance(value, dict):
        for key, member in value.items():
            assert_clean(key)
            assert_clean(member)
    elif isinstance(value, list):
        for member in value:
            assert_clean(member)
    elif isinstance(value, str):
        assert "\0" not in value
        value.encode()
    else:
        assert value is None or type(value) in {bool, int, Decimal, Upload}


@given(CONTENT_TYPES, st.binary(max_size=200) | st.lists(PIECES, max_size=30).map(b"".join))
def test_any_bytes_are_read_clean_or_refused(content_type: str | None, body: bytes) -> None:
    try:
        value = read(content_type, body, SMALL)
    except BodyRefused as refusal:
        assert str(refusal)  # noqa: PT017  # either outcome is right
    else:
        assert type(value) is dict
        assert_clean(value)


@given(st.text(), st.binary(max_size=50))
def test_any_content_type_is_taken_or_refused(content_type: str, body: bytes) -> None:
    for label in (content_type, f"multipart/form-data; boundary={content_type}", f"{JSON};{content_type}"):
        try:
            read(label, body, SMALL)
        except BodyRefused as refusal:
            assert str(refusal)  # noqa: PT017  # either outcome is right


NAMES = st.text(st.characters(codec="utf-8", exclude_characters='\0\r\n[]"%\\'), min_size=1, max_size=8)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)


@given(st.dictionaries(NAMES, TEXTS, min_size=1, max_size=8))
def test_flat_fields_come_back_as_sent(fields: dict[str, str]) -> None:
    assert read(MULTIPART, multipart(*(part(name, value) for name, value in fields.items()))) == fields
