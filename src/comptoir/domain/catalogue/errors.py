"""What the catalogue refuses.

NotFound   ProductNotFound · BrandNotFound · CategoryNotFound · CustomFieldNotFound · VariantNotFound · PricingNotFound
           OptionNotFound
Invalid    CodeTaken · SlugTaken · NotLinked · ValueOfAnotherOption, and plain Invalid for single values
"""

from comptoir.domain.errors import Invalid, NotFound


class ProductNotFound(NotFound):
    """No product has this id."""

    thing = "product"


class BrandNotFound(NotFound):
    """No brand has this id."""

    thing = "brand"


class CategoryNotFound(NotFound):
    """No category has this id."""

    thing = "category"


class CustomFieldNotFound(NotFound):
    """No custom field has this id."""

    thing = "custom field"


class VariantNotFound(NotFound):
    """No variant has this id or code."""

    thing = "variant"


class PricingNotFound(NotFound):
    """No pricing has this id."""

    thing = "pricing"


class CodeTaken(Invalid):
    """Another record has this code."""


class SlugTaken(Invalid):
    """Another record has this slug."""


class NotLinked(Invalid):
    """The product does not stand in this category."""


class OptionNotFound(NotFound):
    """No option has this id."""

    thing = "option"


class ValueOfAnotherOption(Invalid):
    """The value belongs to another option, or there is none."""
