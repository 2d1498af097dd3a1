"""A document as a page in the microformat XOXO: an outline of definition lists (reference 1.9)."""

from collections.abc import Mapping

from comptoir.dialects.render import alphabetical, escaped, without_surrogates

HEAD = """\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">
<head><title>response</title></head>
<body>
<ol class="xoxo"><li>"""
TAIL = """</li></ol>
</body>
</html>
"""


def to_xoxo(members: Mapping[str, object]) -> bytes:
    """The members in alphabetical order as one outline; null is an empty definition."""
    written = [HEAD]
    _write(alphabetical(without_surrogates(members)), written)
    written.append(TAIL)
    return "".join(written).encode()


def _write(value: object, written: list[str]) -> None:
    if isinstance(value, Mapping):
        _write_object(value, written)
    elif isinstance(value, list):
        _write_list(value, written)
    elif isinstance(value, bool):
        written.append("true" if value else "false")
    elif value is not None:
        written.append(_attributed(str(value)))


def _write_object(members: Mapping[str, object], written: list[str]) -> None:
    """An object; one without members is an empty definition, since a list of none is no XHTML."""
    if not members:
        return
    written.append("<dl>")
    for key, member in members.items():
        written.append(f"<dt>{_attributed(key)}</dt><dd>")
        _write(member, written)
        written.append("</dd>")
    written.append("</dl>")


def _write_list(items: list[object], written: list[str]) -> None:
    if not items:
        return
    written.append("<ol>")
    for item in items:
        written.append("<li>")
        _write(item, written)
        written.append("</li>")
    written.append("</ol>")


def _attributed(text: str) -> str:
    return escaped(text).replace('"', "&quot;").replace("'", "&#39;")
