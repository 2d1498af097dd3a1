"""The steps of a checkout, what each still needs, and where a buyer lands (reference 8.1, `purchase_step`)."""

from comptoir.domain.checkout.addresses import address_problems
from comptoir.domain.checkout.queries import CheckoutView
from comptoir.domain.identity.texts import Problem

REVIEW, SHIPPING, METHOD, BILLING, PAYMENT = (
    "review-cart", "shipping-information", "shipping-method", "billing-information", "payment-method",
)  # fmt: skip
STEPS = (REVIEW, SHIPPING, METHOD, BILLING, PAYMENT)
# All that an intangible sale needs, on one page.
SINGLE = "single-page"


def steps_of(view: CheckoutView) -> tuple[str, ...]:
    """The steps that this checkout takes."""
    if is_single(view):
        return (SINGLE,)
    left_out = set()
    if not view.cart.is_tangible:
        left_out = {SHIPPING, METHOD}
    elif not view.ways and not address_problems(view.answers.shipping, has_email=False):
        left_out = {METHOD}
    return tuple(step for step in STEPS if step not in left_out)


def is_single(view: CheckoutView) -> bool:
    """Whether all is asked on one page: the shop wants it so, and nothing is sent (reference 8)."""
    return view.answers.is_single and not view.cart.is_tangible


def problems_of(view: CheckoutView, step: str) -> list[Problem]:
    """What a step still needs; the payment is asked for anew each time."""
    if step == SHIPPING:
        return address_problems(view.answers.shipping, has_email=False)
    if step in {BILLING, SINGLE}:
        return address_problems(view.answers.billing)
    return []


def unready_step(view: CheckoutView) -> str | None:
    """The first step that still needs something."""
    return next((step for step in steps_of(view) if problems_of(view, step)), None)


def first_unready(view: CheckoutView, before: str) -> str | None:
    """The first step before another that still needs something."""
    for step in steps_of(view):
        if step == before:
            break
        if problems_of(view, step):
            return step
    return None


def landing(view: CheckoutView) -> str:
    """Where a buyer begins: where the shop's link says, if all before it is known already."""
    steps = steps_of(view)
    wanted = view.asked.text("purchase_step")
    if wanted not in steps:
        wanted = steps[1] if view.asked.text("skip_landing") == "1" and len(steps) > 1 else steps[0]
    return first_unready(view, wanted) or wanted


def step_after(view: CheckoutView, step: str) -> str:
    """The step that follows, or the first one that still needs something."""
    steps = steps_of(view)
    if step not in steps:
        return landing(view)
    following = steps[min(steps.index(step) + 1, len(steps) - 1)]
    return first_unready(view, following) or following
