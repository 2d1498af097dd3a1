"""What shops are told when their buyers come back."""

import pytest

from comptoir.storefront.passback import passback_key


@pytest.mark.parametrize(
    ("order_number", "total", "key"),
    [
        ("4774380224", "0.01", "7AB926D469648F3305AE361D5BD2C3CB"),
        ("4789848870", "0.01", "CDF3E502AA1597DD4401760783432337"),
        ("4819138002", "1.00", "37497D9861B21618CDB9AEE6AC96E30A"),
        ("1", "0.01", "1BC47EA0D63EB76496E294F434138AD3"),
    ],
)
def test_the_key_is_the_published_one(order_number: str, total: str, key: str) -> None:
    assert passback_key("tango", "1817037", order_number, total) == key
