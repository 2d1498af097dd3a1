"""What categories of merchants are called."""

import pytest

from comptoir.dialects.corepro.merchants import category_text


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("5411", "Groceries and supermarkets"),
        ("5942", "Bookshops"),
        ("9999", None),
        ("54x1", None),
        ("", None),
    ],
)
def test_a_category_is_told_where_the_standard_knows_it(code: str, words: str | None) -> None:
    assert category_text(code) == words
