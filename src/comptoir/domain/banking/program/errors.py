"""What is refused about the program."""

from comptoir.domain.errors import Conflict, Forbidden, NotFound


class NoProgram(Forbidden):
    """The shop has no bank program."""

    def __init__(self) -> None:
        super().__init__("the shop has no bank program: load one with `comptoir program load`")


class NotEnabled(Forbidden):
    """The program is not authorised for this family of routes (reference 2.5, code 61400)."""

    def __init__(self, feature: str) -> None:
        super().__init__(f"the bank's program does not offer {feature.replace('_', ' ')}")
        self.feature = feature


class ProductNotFound(NotFound):
    """The program offers no such product."""

    thing = "bank product"


class ProgramAccountNotFound(NotFound):
    """The program has no account of this type."""

    thing = "program account"


class PlanRefused(Conflict):
    """The program cannot be changed as it was planned."""
