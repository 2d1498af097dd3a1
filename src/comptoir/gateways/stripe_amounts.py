"""Amounts as Stripe writes them: its minor units are not everywhere those of ISO 4217."""

from comptoir.domain.money import Money, exponent_of

# What Stripe counts differently: whole units where ISO has hundredths, hundredths where ISO has whole units.
PLACES = {"MGA": 0, "ISK": 2, "UGX": 2}
# Of what has thousandths, the last digit must be nought.
THOUSANDTHS, TEN = 3, 10


class CannotCharge(ValueError):
    """The amount has no form that Stripe takes."""


def stripe_amount(money: Money) -> int:
    """The amount as Stripe writes it. Refuses: CannotCharge."""
    exponent = exponent_of(money.currency)
    places = PLACES.get(money.currency, exponent)
    if places >= exponent:
        amount = money.minor * int(10 ** (places - exponent))
    else:
        amount, rest = divmod(money.minor, 10 ** (exponent - places))
        if rest:
            raise CannotCharge(f"{money} is no whole amount of {money.currency}")
    if exponent == THOUSANDTHS and amount % TEN:
        raise CannotCharge(f"{money} is not rounded to hundredths")
    return amount


def stripe_money(amount: int, currency: str) -> Money:
    """An amount of Stripe's as money; what is less than our minor unit is rounded away."""
    exponent = exponent_of(currency)
    places = PLACES.get(currency, exponent)
    if exponent >= places:
        return Money(amount * int(10 ** (exponent - places)), currency)
    return Money(amount // int(10 ** (places - exponent)), currency)
