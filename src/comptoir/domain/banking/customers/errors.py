"""What is refused about customers of the bank (reference 2.5 and 3.3.7).

ComptoirError
├─ NotFound
│  ├─ CustomerNotFound       no customer of the bank has this id
│  ├─ VerificationNotFound   no questions were put to this customer under this id
│  ├─ BeneficiaryNotFound    the customer has no such beneficiary, or no more
│  ├─ ReferralNotFound       the customer recommended nobody of this id
│  └─ ReferredNotFound       whom a customer recommends is no customer of the bank
├─ Conflict
│  ├─ CustomerInactive       archived, denied or expired
│  ├─ CustomerNotVerified    not verified yet
│  ├─ CustomerLocked         locked by the bank
│  ├─ CustomerDeceased       marked deceased
│  ├─ MustInitiate           the program asks questions before it knows somebody
│  ├─ NoQuestions            the program asks no questions
│  ├─ TooManyRegistrations   this tax id was denied too often of late
│  ├─ VerificationEnded      the questions were answered already
│  ├─ StatusFinal            the bank has decided already
│  └─ AlreadyReferred        the customer recommended them already
└─ Invalid
   ├─ TagTaken               another one has this tag: a customer, a beneficiary, a referral, a relationship
   ├─ TaxIdTaken             another customer has this tax id
   └─ BusinessTaken          another business has this tax id
"""

from comptoir.domain.errors import Conflict, Invalid, NotFound


class CustomerNotFound(NotFound):
    """No customer of the bank has this id."""

    def __init__(self, customer_id: int | None) -> None:
        super().__init__(f"customer id {customer_id or 0} is invalid")
        self.customer_id = customer_id or 0

    def __str__(self) -> str:
        """The id is all that is known."""
        return f"customer id {self.customer_id} is invalid"


class CustomerInactive(Conflict):
    """The customer was archived, denied or has expired."""


class CustomerNotVerified(Conflict):
    """The customer is not verified yet."""


class CustomerLocked(Conflict):
    """The customer is locked."""


class CustomerDeceased(Conflict):
    """The customer is marked deceased."""


class MustInitiate(Conflict):
    """The program asks questions before it knows somebody."""

    def __init__(self) -> None:
        super().__init__("the program requires ID verification: initiate the customer, then verify")


class NoQuestions(Conflict):
    """The program asks no questions."""

    def __init__(self) -> None:
        super().__init__("the program does not verify customers by questions: create the customer")


class TooManyRegistrations(Conflict):
    """This tax id was denied too often of late."""

    def __init__(self) -> None:
        super().__init__("too many registrations of this taxId have failed: try again later")


class VerificationNotFound(NotFound):
    """No questions were put to this customer under this id."""

    thing = "verification"


class VerificationEnded(Conflict):
    """The questions were answered already."""

    def __init__(self) -> None:
        super().__init__("the questions of this verification were answered already")


class StatusFinal(Conflict):
    """The bank has decided already."""

    def __init__(self, customer_id: int, status: str) -> None:
        super().__init__(f"customer {customer_id} is {status}, which stays so")


class TagTaken(Invalid):
    """Another one has this tag."""

    def __init__(self) -> None:
        super().__init__("tag", "is used already")


class TaxIdTaken(Invalid):
    """Another customer has this tax id."""

    def __init__(self) -> None:
        super().__init__("tax_id", "belongs to another customer")


class BusinessTaken(Invalid):
    """Another business has this tax id."""

    def __init__(self) -> None:
        super().__init__("tax_id", "belongs to another business")


class BeneficiaryNotFound(NotFound):
    """The customer has no such beneficiary, or no more."""

    thing = "beneficiary"


class BeneficiaryTagTaken(TagTaken):
    """Another beneficiary has this tag."""


class ReferralNotFound(NotFound):
    """The customer recommended nobody of this id."""

    thing = "referral"


class ReferralTagTaken(TagTaken):
    """Another referral has this tag."""


class ReferredNotFound(NotFound):
    """Whom a customer recommends is no customer of the bank, or is that customer."""

    thing = "customer"


class AlreadyReferred(Conflict):
    """The customer recommended them already."""
