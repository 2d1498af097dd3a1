"""The pages of the catalogue, of stock, of coupons and of pictures, gathered for the table of all pages."""

from comptoir.console import (
    brands,
    categories,
    coupons,
    custom_fields,
    media,
    moves,
    options,
    pricings,
    product_choices,
    product_fields,
    product_prices,
    product_stock,
    products,
    variants,
    warehouses,
)
from comptoir.console.visits import Act, Page

PAGES: tuple[Page | Act, ...] = (
    *products.PAGES,
    *product_prices.PAGES,
    *product_choices.PAGES,
    *product_stock.PAGES,
    *product_fields.PAGES,
    *variants.PAGES,
    *pricings.PAGES,
    *brands.PAGES,
    *categories.PAGES,
    *options.PAGES,
    *custom_fields.PAGES,
    *coupons.PAGES,
    *media.PAGES,
    *warehouses.PAGES,
    *moves.PAGES,
)
