"""Bodies as clients send them, for the tests of what is read from them."""

from comptoir.dialects.bodies import BodyLimits, read_body

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
MULTIPART = "multipart/form-data; boundary=xyz"
LIMITS = BodyLimits()


def part(name: str, value: str | bytes, extra: str = "", *headers: str) -> bytes:
    head = "\r\n".join((f'Content-Disposition: form-data; name="{name}"{extra}', *headers))
    content = value.encode() if isinstance(value, str) else value
    return b"--xyz\r\n" + head.encode() + b"\r\n\r\n" + content + b"\r\n"


def multipart(*parts: bytes) -> bytes:
    return b"".join(parts) + b"--xyz--\r\n"


def read(content_type: str | None, body: bytes | str, limits: BodyLimits = LIMITS) -> dict[str, object]:
    return read_body(content_type, body.encode() if isinstance(body, str) else body, limits=limits)
