"""Every kind of request body, read alike or refused with a sentence; nothing else ever comes out."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from comptoir.dialects.bodies import BodyRefused, Upload
from tests.dialects.sending import FORM, JSON, MULTIPART, multipart, part, read

HERE = Path(__file__).parent
REFERENCE = yaml.safe_load((HERE / "coredna" / "body_vectors.yaml").read_text())["coredna_bodies"]
VECTORS = yaml.safe_load((HERE / "vectors_bodies.yaml").read_text())

# What the parser refuses of the reference's refused bodies; the others lost their keys on the way, which
# only the table of fields can see.
UNREADABLE = ("[1,2]", '{"name":')


def reference_bodies(wanted: bool) -> list[Any]:
    return [
        pytest.param(body, group.get("value"), id=f"{group['id']}-{number}")
        for group in REFERENCE
        if ("value" in group) is wanted
        for number, body in enumerate(group["bodies"])
    ]


def sent(body: dict[str, Any]) -> tuple[str, bytes]:
    if "parts" in body:
        return MULTIPART, multipart(*(part(name, value) for name, value in body["parts"]))
    return body["type"], body["text"].encode()


def as_text(value: object) -> object:
    if isinstance(value, dict):
        return {key: as_text(member) for key, member in value.items()}
    if isinstance(value, list):
        return [as_text(member) for member in value]
    return "1" if value is True else str(value)


@pytest.mark.parametrize(("body", "value"), reference_bodies(wanted=True))
def test_reference_bodies_of_a_group_are_read_as_the_same_value(
    body: dict[str, Any], value: dict[str, Any]
) -> None:
    assert as_text(read(*sent(body))) == as_text(value)


@pytest.mark.parametrize(("body", "value"), reference_bodies(wanted=False))
def test_reference_bodies_that_cannot_be_parsed_are_refused(body: dict[str, Any], value: None) -> None:
    content_type, raw = sent(body)
    if body.get("text") in UNREADABLE:
        with pytest.raises(BodyRefused):
            read(content_type, raw)
    else:
        # The values are still there as a list, for the field that wants an object to refuse.
        assert any(isinstance(member, list) for member in read(content_type, raw).values())


@pytest.mark.parametrize("vector", VECTORS["read"], ids=lambda vector: vector["id"])
def test_vector_is_read(vector: dict[str, Any]) -> None:
    assert read(vector.get("type", FORM), vector["body"]) == vector["value"]


@pytest.mark.parametrize("vector", VECTORS["refused"], ids=lambda vector: vector["id"])
def test_vector_is_refused(vector: dict[str, Any]) -> None:
    with pytest.raises(BodyRefused, match=vector["says"]):
        read(vector.get("type", FORM), vector["body"])


IN_BRACKETS = [
    vector
    for vector in VECTORS["read"]
    if vector.get("type", FORM) == FORM and "[" in vector["body"] and not set("%{") & set(vector["body"])
]


@pytest.mark.parametrize("vector", IN_BRACKETS, ids=lambda vector: vector["id"])
def test_bracketed_names_are_read_alike_in_multipart(vector: dict[str, Any]) -> None:
    pairs = [pair.partition("=") for pair in vector["body"].replace("+", " ").split("&")]
    assert read(MULTIPART, multipart(*(part(name, value) for name, _, value in pairs))) == vector["value"]


# ---------------------------------------------------------------------------------------------- JSON


def test_numbers_are_whole_or_decimal_and_never_float() -> None:
    value = read(JSON, '{"a": 9.50, "b": 1e400, "c": 1e0, "d": 123456789012345678901234567890, "e": -0.0}')
    assert value == {
        "a": Decimal("9.50"),
        "b": Decimal("1e400"),
        "c": Decimal(1),
        "d": 123456789012345678901234567890,
        "e": Decimal("-0.0"),
    }
    assert str(value["a"]) == "9.50"
    assert not any(isinstance(number, float) for number in value.values())


@pytest.mark.parametrize("digits", ["9" * 5000, "-" + "9" * 100_000, "0." + "1" * 5000, "1" * 5000 + ".5"])
def test_a_number_of_thousands_of_digits_is_refused(digits: str) -> None:
    with pytest.raises(BodyRefused, match="too long"):
        read(JSON, f'{{"a": {digits}}}')


@pytest.mark.parametrize("opening", ["[", '{"a":', '{"a":[', '[{"a":'])
def test_a_nesting_bomb_is_refused(opening: str) -> None:
    with pytest.raises(BodyRefused):
        read(JSON, opening * 100_000)
    with pytest.raises(BodyRefused):
        read(None, '{"a":' + opening * 100_000)


def test_json_in_latin_1_is_read_when_it_says_so() -> None:
    assert read(f"{JSON}; charset=iso-8859-1", b'{"a":"Zo\xeb"}') == {"a": "Zoë"}
    with pytest.raises(BodyRefused, match="UTF-8"):
        read(JSON, b'{"a":"Zo\xeb"}')


# ----------------------------------------------------------------------------------------- multipart


def test_a_part_may_say_its_charset_and_type() -> None:
    body = multipart(
        part("a", b"Zo\xeb", "", "Content-Type: text/plain; charset=latin-1"),
        part("b", "Zoë", "", "Content-Type: text/plain", "Content-Transfer-Encoding: 8bit"),
    )
    assert read(MULTIPART, body) == {"a": "Zoë", "b": "Zoë"}


def test_names_and_values_are_kept_as_sent() -> None:
    body = multipart(
        part("a.b c", " x+y%20\r\n"),
        part("o[%22Top%22 Loader]", ""),
        part("Ø[ë]", "--xyz"),
    )
    assert read(MULTIPART, body) == {"a.b c": " x+y%20\r\n", "o": {'"Top" Loader': ""}, "Ø": {"ë": "--xyz"}}


def test_a_file_is_an_upload() -> None:
    body = multipart(
        part("images[image1]", b"\x89PNG\0", '; filename="a.png"', "Content-Type: image/png"),
        part("none", b"", '; filename=""', "Content-Type: application/octet-stream"),
    )
    assert read(MULTIPART, body) == {"images": {"image1": Upload("a.png", "image/png", b"\x89PNG\0")}}


WHOLE = multipart(part("a", "1"), part("b", "2"))


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(WHOLE.replace(b"xyz", b"abc"), id="wrong boundary"),
        pytest.param(WHOLE + WHOLE, id="two bodies"),
        pytest.param(multipart(part("a", "1")) + b"a=1", id="more after the end"),
        pytest.param(multipart(part("a", b"\xff")), id="invalid UTF-8"),
        pytest.param(WHOLE.replace(b'"a"', b'"\xff"'), id="invalid UTF-8 in a name"),
        pytest.param(multipart(part("a", "b\0")), id="NUL in a value"),
        pytest.param(multipart(part("a\0", "b")), id="NUL in a name"),
        pytest.param(multipart(part("a", "x", '; filename="b\0"')), id="NUL in a file name"),
        pytest.param(multipart(part("a", "x", "", "Content-Type: text/plain; charset=utf-7")), id="charset"),
        pytest.param(multipart(part("a", "eA==", "", "Content-Transfer-Encoding: base64")), id="base64"),
        pytest.param(multipart(part("a", "1"), part("a[b]", "2")), id="conflicting names"),
        pytest.param(b"--xyz\r\nContent-Type: text/plain\r\n\r\nx\r\n--xyz--\r\n", id="no disposition"),
        pytest.param(b"--xyz\r\nContent-Disposition: form-data\r\n\r\nx\r\n--xyz--\r\n", id="no name"),
        pytest.param(WHOLE.replace(b"\r\n", b"\n"), id="bare line feeds"),
        pytest.param(b"a=1&b=2", id="a form"),
    ],
)
def test_multipart_that_cannot_be_read_is_refused(body: bytes) -> None:
    with pytest.raises(BodyRefused):
        read(MULTIPART, body)


@pytest.mark.parametrize("length", range(1, len(WHOLE) - 2))
def test_multipart_cut_off_anywhere_is_refused(length: int) -> None:
    with pytest.raises(BodyRefused):
        read(MULTIPART, WHOLE[:length])
