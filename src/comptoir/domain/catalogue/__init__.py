"""Products, variants, pricings, brands, categories, custom fields: what is sold, and on which shelf."""
