"""Whom a statement is addressed to."""

import pytest

from comptoir.domain.banking.statements.facts import holder_name, masked
from comptoir.domain.banking.statements.gathering import HolderRow

ADA = HolderRow(17, False, "Ada", "", "Lovelace", "", None, {}, "", "", "", "", "", "")
PLANET = {"business_legal_name": "Planet Express, Inc.", "doing_business_as": "Planet Express"}


@pytest.mark.parametrize(
    ("holder", "name"),
    [
        (ADA, "Ada Lovelace"),
        (ADA._replace(middle_name="King", suffix="III"), "Ada King Lovelace III"),
        (ADA._replace(first_name=" ", last_name="Lovelace "), "Lovelace"),
        (ADA._replace(first_name="", last_name=""), "Customer 17"),
        (ADA._replace(is_business=True, details=PLANET), "Planet Express, Inc."),
        (ADA._replace(is_business=True, details=PLANET | {"business_legal_name": ""}), "Planet Express"),
        (ADA._replace(is_business=True), "Ada Lovelace"),
        (ADA._replace(details=PLANET), "Ada Lovelace"),
    ],
)
def test_people_go_by_their_names_and_businesses_by_theirs(holder: HolderRow, name: str) -> None:
    assert holder_name(holder) == name


def test_of_numbers_only_the_end_is_shown() -> None:
    assert masked("123456789012") == "********9012"
