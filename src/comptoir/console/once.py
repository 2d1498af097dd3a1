"""What is shown once: secrets that were made, which nobody sees again; not by sending the same form again either."""

from collections.abc import Sequence

from comptoir.console.visits import Gone, Shown

SHOWN_ALREADY = (
    "This form was sent before: what it makes was made and shown then. Nothing was made now, and it is never shown "
    "again. Who has not kept it makes another."
)


def shown_once(
    *,
    title: str,
    way: Sequence[tuple[str, str]],
    about: str,
    secrets: Sequence[tuple[str, str]],
    onward: str,
    examples: Sequence[tuple[str, str]] = (),
) -> Shown:
    """A page with secrets by their labels; from there on `onward`, where who sends the form again is led as well."""
    values = {
        "title": title,
        "way": way,
        "about": about,
        "secrets": secrets,
        "examples": examples,
        "onward": onward,
    }
    return Shown("shown_once.html", values, again=Gone(onward, SHOWN_ALREADY))
