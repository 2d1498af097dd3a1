"""What is refused about what people are to businesses (reference 3.3.7).

ComptoirError
├─ NotFound
│  ├─ RelationshipNotFound     the person is nothing to the business, or no more
│  ├─ BusinessNotFound         no business has this id
│  └─ ControlPersonNotFound    no customer has the id of the control person
├─ Conflict
│  ├─ RelationshipExists       the person is something to the business already
│  ├─ TypeNotForBusiness       a business of this kind has nobody of this type
│  ├─ RequesterUnrelated       who asks is nothing to the business
│  ├─ RequesterNotAllowed      who asks may not change who is what
│  ├─ LeavesAsContact          somebody cannot leave and become the primary contact at once
│  ├─ LeavesAsController       somebody cannot leave and become the control person at once
│  ├─ IsContact                the primary contact cannot leave
│  ├─ IsController             the control person cannot leave
│  ├─ ContactKept              the primary contact is only replaced by another
│  ├─ ControllerKept           the control person is only replaced by another
│  ├─ OwnershipExceeded        owners would hold more than the whole
│  ├─ NotABusiness             the customer is no business
│  ├─ NotAPerson               the control person is a business
│  ├─ OwnersExempt             a business that need not tell its owners tells none
│  └─ RelationshipsDiffer      one person is said to be two things
└─ Forbidden, Invalid          see the verbs
"""

from comptoir.domain.banking.customers.errors import TagTaken
from comptoir.domain.errors import Conflict, NotFound


class RelationshipNotFound(NotFound):
    """The person is nothing to the business, or no more."""

    thing = "relationship"


class BusinessNotFound(NotFound):
    """No business has this id."""

    thing = "business"


class ControlPersonNotFound(NotFound):
    """No customer has the id of the control person."""

    thing = "customer"


class RelatedNotFound(NotFound):
    """No customer has the id of the person."""

    thing = "customer"


class RelationshipExists(Conflict):
    """The person is something to the business already."""


class TypeNotForBusiness(Conflict):
    """A business of this kind has nobody of this type."""


class RequesterUnrelated(Conflict):
    """Who asks is nothing to the business."""


class RequesterNotAllowed(Conflict):
    """Who asks may not change who is what."""


class LeavesAsContact(Conflict):
    """Somebody cannot leave and become the primary contact at once."""


class LeavesAsController(Conflict):
    """Somebody cannot leave and become the control person at once."""


class IsContact(Conflict):
    """The primary contact cannot leave."""


class IsController(Conflict):
    """The control person cannot leave."""


class ContactKept(Conflict):
    """The primary contact is only replaced by another."""


class ControllerKept(Conflict):
    """The control person is only replaced by another."""


class OwnershipExceeded(Conflict):
    """Owners would hold more than the whole."""


class NotABusiness(Conflict):
    """The customer is no business."""


class NotAPerson(Conflict):
    """The control person is a business."""


class OwnersExempt(Conflict):
    """A business that need not tell its owners tells none."""


class RelationshipsDiffer(Conflict):
    """One person is said to be two things."""


class RelationshipTagTaken(TagTaken):
    """Another relationship has this tag."""
