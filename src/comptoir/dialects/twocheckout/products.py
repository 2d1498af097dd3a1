"""Products (reference 5.1)."""

from collections.abc import Mapping
from typing import Any

from comptoir.dialects.codecs import INT_AS_TEXT, TEXT, e4_text2
from comptoir.dialects.edge import Call, Reply
from comptoir.dialects.twocheckout import shapes
from comptoir.dialects.twocheckout.calls import reading, writing
from comptoir.dialects.twocheckout.options import OPTION, OPTION_SHAPE
from comptoir.dialects.twocheckout.paging import PAGE_INFO, page_asked, page_info, paging, sorting_asked
from comptoir.dialects.twocheckout.parameters import ParameterInvalid, ParameterMissing, Parameters, asked_of, in_words
from comptoir.dialects.twocheckout.prices import (
    FOREVER,
    NO_INTERVAL,
    e4_asked,
    interval_asked,
    interval_text,
    money_or_none,
    weight_or_none,
)
from comptoir.dialects.twocheckout.replies import ok
from comptoir.dialects.twocheckout.shapes import ASKED_ID, ASKED_MONEY, FLAG, given, needed, repeated
from comptoir.dialects.wire import Document, Wire, computed, field, many, one
from comptoir.domain.catalogue.errors import ProductNotFound
from comptoir.domain.catalogue.listing import ProductSearch, list_products
from comptoir.domain.catalogue.models import (
    Category,
    Option,
    OptionOfProduct,
    Product,
    ProductCategory,
    ProductTerms,
)
from comptoir.domain.catalogue.options import set_options
from comptoir.domain.catalogue.products import create_product, remove_product, update_product
from comptoir.domain.catalogue.terms import COMMISSION_TYPES, free_code, set_terms, terms_of
from comptoir.domain.merchant.queries import get_merchant
from comptoir.domain.money import E4_PLACES
from comptoir.storage.reading import Relation
