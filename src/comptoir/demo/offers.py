"""What buyers of the demo world may choose and save: options on some products, and coupons that are good for a year."""

from collections.abc import Sequence
from datetime import timedelta

from comptoir.demo.shelves import Article
from comptoir.domain.catalogue.options import NewValue, create_option, set_options
from comptoir.domain.coupons.actions import create_coupon
from comptoir.domain.coupons.models import PRODUCT, SALE, SHIPPING
from comptoir.domain.tx import Tx

WRAPPED_EVERY = 25
GOOD_FOR = timedelta(days=365)


def make_offers(tx: Tx, articles: Sequence[Article]) -> None:
    """Let every so many products be wrapped, and give codes out."""
    wrapping = create_option(
        tx,
        name="Gift wrapping",
        values=[NewValue("None", 0), NewValue("Paper", 25_000), NewValue("Wooden box", 120_000)],
    )
    wrapped = [article.id for article in articles[::WRAPPED_EVERY]]
    for product_id in wrapped:
        set_options(tx, product_id=product_id, option_ids=[wrapping])
    until = tx.shop.local(tx.now + GOOD_FOR).date()
    create_coupon(tx, code="TENOFF", type=SALE, value_e4=100_000, minimum_e4=500_000, expires_on=until)
    create_coupon(tx, code="FREESHIP", type=SHIPPING, expires_on=until)
    create_coupon(tx, code="GIFTS5", type=PRODUCT, percent_ppm=50_000, product_ids=wrapped, expires_on=until)
